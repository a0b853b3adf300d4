"""Apply a decision: write its notices as exact bytes, then everything in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from daemon.gathering import due_of, keep_waiting, parcels_of
from daemon.imports.importing import carry_out
from daemon.office import Office
from daemon.parking import within_budgets
from daemon.resending import messages_again
from handlers.decision import Decision, Notice
from handlers.message import Message
from handlers.papers.leaving import digest_that_leaves
from handlers.people.restraint import not_before
from handlers.references import references_of
from handlers.ticket import Document, Ticket, Visibility
from storage.apply import apply
from storage.blobs import read_blobs
from templates.message import compose


def apply_decision(
    tx: Connection,
    decision: Decision,
    tickets: Mapping[int, Ticket],
    office: Office,
    *,
    cause: str,
    now: datetime,
    writer: str = "",
) -> Decision:
    """Write a decision into the transaction. Return it as it was written: what is over a budget of the
    desk is parked, and that is told (X-30).

    `tickets` are those it was decided upon, as read in this transaction. `cause` ("m412", "t17") makes
    each message unique: the same cause, notice and recipient are queued once. `writer` is who wrote the
    mail: answers to them leave in quiet hours, too.
    """
    decision = within_budgets(tx, decision, tickets, office, cause=cause, now=now)
    changed = {change.ticket.id: change.ticket for change in decision.changes}
    fresh, known, internal = _fresh(decision), {**tickets, **changed}, _internal(decision)
    imported = [carry_out(tx, office.desk.name, order, now) for order in decision.tables]
    messages = list(messages_again(tx, decision, office, now))
    for parcel in parcels_of(tx, (*decision.notices, *imported), known, office, now):
        notice = parcel.notice
        message = compose(
            notice,
            ticket=_about(notice, known, internal),
            desk=office.desk,
            workflow=office.workflow,
            keys=office.keys,
            cause=cause,
            now=now,
            **_enclosures(tx, notice, _about(notice, known, internal), fresh),
            site=office.templates_dir,
            signing=office.signing,
            earlier=parcel.earlier,
            due=due_of(tx, notice, decision),
        )
        loud = max(not_before(notice, office.desk, writer, now), parcel.leaves_at)
        messages.append(_counted(message, notice, loud))
        keep_waiting(tx, parcel, message.message_id, now)
    apply(
        tx,
        decision,
        messages,
        desk=office.desk.name,
        references={ticket.id: references_of(ticket) for ticket in changed.values()},
        now=now,
    )
    return decision


def _counted(message: Message, notice: Notice, leaves_at: datetime) -> Message:
    """Return a message with what its notice's meeting with the budgets came to."""
    message = replace(message, charged=notice.charged, parked_for=notice.parked_for)
    return replace(message, not_before=leaves_at)


def _fresh(decision: Decision) -> dict[str, bytes]:
    """Return the files that a decision brings and their copies, by digest."""
    news = [new for change in decision.changes for new in change.documents]
    fresh = {new.document.sha256: new.data for new in news}
    fresh.update((digest, data) for new in news for digest, data in new.copies.items())
    return fresh


def _internal(decision: Decision) -> Mapping[int, tuple[Document, ...]]:
    """Return the documents that a decision brings and the desk may not see, by ticket."""
    return {
        change.ticket.id: tuple(
            new.document
            for new in change.documents
            if new.document.visibility is Visibility.INTERNAL
        )
        for change in decision.changes
    }


def _about(
    notice: Notice,
    tickets: Mapping[int, Ticket],
    internal: Mapping[int, tuple[Document, ...]],
) -> Ticket | None:
    """Return the ticket of a notice; one among people of the customer also knows the documents that
    come with it (R-8)."""
    ticket = tickets.get(notice.ticket_id) if notice.ticket_id is not None else None
    if ticket is None or notice.visibility is not Visibility.INTERNAL:
        return ticket
    return replace(ticket, documents=(*ticket.documents, *internal.get(ticket.id, ())))


def _enclosures(
    tx: Connection, notice: Notice, ticket: Ticket | None, fresh: Mapping[str, bytes]
) -> dict[str, dict[int, bytes]]:
    """Return the bytes of the documents a notice carries as they leave, and of their thumbnails,
    both by number: arguments of `compose`."""
    if ticket is None or not notice.attach:
        return {"files": {}}
    documents = [one for one in ticket.documents if one.number in notice.attach]
    leaving = {one.number: digest_that_leaves(one) for one in documents}
    small = {one.number: one.thumbnail_sha256 for one in documents if one.thumbnail_sha256}
    wanted = {*leaving.values(), *small.values()} - {"", *fresh}
    stored = read_blobs(tx, sorted(wanted))
    known = {**stored, **fresh}
    return {
        "files": {number: known[digest] for number, digest in leaving.items() if digest},
        "thumbnails": {number: known[digest] for number, digest in small.items()},
    }
