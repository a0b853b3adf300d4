"""Rows to types and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from handlers.desk import Contact
from handlers.message import Message
from handlers.ticket import (
    Article,
    Document,
    Participant,
    Role,
    Step,
    Ticket,
    Timer,
    Visibility,
    Withheld,
)


def ticket_row(ticket: Ticket) -> dict[str, Any]:
    """Return the ticket's own row (participants and documents have theirs)."""
    return {
        "id": ticket.id,
        "desk": ticket.desk,
        "workflow": ticket.workflow,
        "key": ticket.key,
        "draft_key": ticket.draft_key,
        "state": ticket.state,
        "opened_at": ticket.opened_at,
        "requested_at": ticket.requested_at,
        "state_since": ticket.state_since,
        "changed_at": ticket.changed_at,
        "closed_at": ticket.closed_at,
        "version": ticket.version,
        "contact": ticket.contact,
        "contact_key": ticket.contact.lower(),
        "language": ticket.language,
        "organisation": ticket.organisation,
        "subject": ticket.subject,
        "assignee": ticket.assignee,
        "priority": ticket.priority,
        "thread": ticket.thread,
        "fields": dict(ticket.fields),
        "flags": sorted(ticket.flags),
        "links": dict(ticket.links),
        "group": ticket.group,
        "former": ticket.former,
    }


def ticket_of(
    row: Row[Any],
    participants: Iterable[Participant],
    documents: Iterable[Document],
    withheld: Iterable[Withheld] = (),
) -> Ticket:
    """Return the ticket of a row and of what hangs on it."""
    return Ticket(
        id=row.id,
        desk=row.desk,
        workflow=row.workflow,
        key=row.key,
        draft_key=row.draft_key,
        state=row.state,
        opened_at=row.opened_at,
        requested_at=row.requested_at,
        state_since=row.state_since,
        changed_at=row.changed_at,
        closed_at=row.closed_at,
        version=row.version,
        contact=row.contact,
        language=row.language,
        organisation=row.organisation,
        subject=row.subject,
        assignee=row.assignee,
        priority=row.priority,
        thread=tuple(row.thread),
        fields=row.fields,
        flags=frozenset(row.flags),
        participants=tuple(participants),
        documents=tuple(documents),
        withheld=tuple(withheld),
        links=row.links,
        group=row.group,
        former=row.former,
    )


def participant_rows(ticket: Ticket) -> list[dict[str, Any]]:
    """Return one row per participant, in their order."""
    return [
        {
            "ticket_id": ticket.id,
            "position": position,
            "address": one.address,
            "address_key": one.address.lower(),
            "role": one.role.value,
            "name": one.name,
        }
        for position, one in enumerate(ticket.participants)
    ]


def participant_of(row: Row[Any]) -> Participant:
    """Return the participant of a row."""
    return Participant(address=row.address, role=Role(row.role), name=row.name)


def document_row(ticket_id: int, document: Document) -> dict[str, Any]:
    """Return the row of a document."""
    return {
        "ticket_id": ticket_id,
        "number": document.number,
        "kind": document.kind,
        "filename": document.filename,
        "content_type": document.content_type,
        "size": document.size,
        "sha256": document.sha256,
        "author": document.author,
        "at": document.at,
        "cause": document.cause,
        "visibility": document.visibility.value,
        "fields": dict(document.fields),
        "flags": sorted(document.flags),
        "copy_sha256": document.copy_sha256,
        "thumbnail_sha256": document.thumbnail_sha256,
        "fingerprint": document.fingerprint,
    }


def document_of(row: Row[Any]) -> Document:
    """Return the document of a row."""
    return Document(
        number=row.number,
        kind=row.kind,
        filename=row.filename,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        author=row.author,
        at=row.at,
        cause=row.cause,
        visibility=Visibility(row.visibility),
        fields=row.fields,
        flags=frozenset(row.flags),
        copy_sha256=row.copy_sha256,
        thumbnail_sha256=row.thumbnail_sha256,
        fingerprint=row.fingerprint,
    )


def withheld_of(row: Row[Any]) -> Withheld:
    """Return what may be known of a document that the desk may not see."""
    return Withheld(number=row.number, author=row.author, disabled="disabled" in row.flags)


def article_row(ticket_id: int, article: Article) -> dict[str, Any]:
    """Return the row of an article."""
    return {
        "ticket_id": ticket_id,
        "cause": article.cause,
        "author": article.author,
        "at": article.at,
        "text": article.text,
        "visibility": article.visibility.value,
        "author_name": article.author_name,
        "direction": article.direction,
        "language": article.language,
    }


def article_of(row: Row[Any]) -> Article:
    """Return the article of a row."""
    return Article(
        cause=row.cause,
        author=row.author,
        at=row.at,
        text=row.text,
        visibility=Visibility(row.visibility),
        author_name=row.author_name,
        direction=row.direction,
        language=row.language,
    )


def step_row(ticket_id: int, step: Step) -> dict[str, Any]:
    """Return the row of a step."""
    return {
        "ticket_id": ticket_id,
        "cause": step.cause,
        "at": step.at,
        "actor": step.actor,
        "transition": step.transition,
        "from_state": step.from_state,
        "to_state": step.to_state,
        "why": step.why,
    }


def timer_row(timer: Timer) -> dict[str, Any]:
    """Return the row of a timer that runs."""
    return {
        "ticket_id": timer.ticket_id,
        "name": timer.name,
        "nth": timer.nth,
        "due_at": timer.due_at,
        "started_at": timer.started_at,
        "held_by": timer.held_by,
        "held_at": timer.held_at,
        "left_seconds": None if timer.left is None else int(timer.left.total_seconds()),
    }


def timer_of(row: Row[Any]) -> Timer:
    """Return the timer of a row."""
    return Timer(
        ticket_id=row.ticket_id,
        name=row.name,
        nth=row.nth,
        due_at=row.due_at,
        started_at=row.started_at,
        held_by=row.held_by,
        held_at=row.held_at,
        left=None if row.left_seconds is None else timedelta(seconds=row.left_seconds),
    )


def contact_row(desk: str, contact: Contact) -> dict[str, Any]:
    """Return the row of a contact of one desk."""
    return {
        "desk": desk,
        "address_key": contact.address.lower(),
        "address": contact.address,
        "name": contact.name,
        "organisation": contact.organisation,
        "language": contact.language,
        "scope_organisation": contact.scope_organisation,
        "verified": contact.verified,
    }


def contact_of(row: Row[Any]) -> Contact:
    """Return the contact of a row."""
    return Contact(
        address=row.address,
        name=row.name,
        organisation=row.organisation,
        language=row.language,
        scope_organisation=row.scope_organisation,
        verified=row.verified,
    )


def message_of(row: Row[Any]) -> Message:
    """Return the message of an outbox row joined with its bytes."""
    return Message(
        message_id=row.message_id,
        bounce_key=row.bounce_key,
        reverse_path=row.reverse_path,
        recipient=row.recipient,
        subject=row.subject,
        notice=row.notice,
        cause=row.cause,
        data=row.data,
        ticket_id=row.ticket_id,
        automatic=row.automatic,
        visibility=row.visibility,
        charged=row.charged,
        parked_for=row.parked_for,
    )


def message_row(desk: str, message: Message) -> Mapping[str, Any]:
    """Return what the outbox keeps of a message beside its bytes and its fate."""
    return {
        "desk": desk,
        "message_id": message.message_id,
        "bounce_key": message.bounce_key,
        "reverse_path": message.reverse_path,
        "recipient": message.recipient,
        "recipient_key": message.recipient.lower(),
        "subject": message.subject,
        "notice": message.notice,
        "cause": message.cause,
        "ticket_id": message.ticket_id,
        "automatic": message.automatic,
        "visibility": message.visibility,
        "charged": message.charged,
        "parked_for": message.parked_for,
    }
