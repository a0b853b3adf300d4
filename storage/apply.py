"""Apply: write everything of a Decision. The caller's transaction makes it all or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from handlers.decision import Decision, TicketChange
from handlers.message import Message
from handlers.ticket import Ticket
from storage import digest_leavers, errands, held, outbox, parked, timers
from storage.audience import INTERNAL, readable
from storage.directory import save_contacts
from storage.pictures import write_pieces
from storage.rows import (
    article_row,
    document_row,
    participant_rows,
    step_row,
    ticket_row,
    timer_row,
)
from storage.schema import (
    article,
    blob,
    document,
    participant,
    reference,
    step,
    ticket,
    ticket_key,
    timer,
)
from storage.series import take_numbers
from storage.statement import fetch_column, write
from storage.store import Conflict
from storage.ticket_fields import DROP_FIELDS, NEW_FIELDS, field_rows


def apply(
    tx: Connection,
    decision: Decision,
    messages: Sequence[Message],
    *,
    desk: str,
    references: Mapping[int, tuple[str, ...]],
    now: datetime,
) -> None:
    """Write the decision and the messages it made (the journal row is settled apart).

    A changed ticket carries the version that was read; it is stored with the next one. Raises
    Conflict when the ticket, its key or number were changed meanwhile: answer and decide again.
    `references` are the references of each changed ticket: they replace its earlier ones.
    """
    _write_tickets(tx, decision.changes)
    _write_references(tx, decision.changes, references)
    _write_histories(tx, decision.changes)
    _write_documents(tx, decision.changes)
    _write_timers(tx, decision.changes)
    save_contacts(tx, desk, decision.contacts)
    take_numbers(tx, desk, decision.numbers)
    held.release(tx, decision.replay, now, requester=decision.replay_for)
    held.turn_away(tx, decision.turned_away, now)
    for change in decision.changes:
        errands.settle(tx, change.settled_errands)
        errands.queue(tx, change.errands, now)
    digest_leavers.settle(tx, desk, decision.digest_readers, now)
    for fate in (parked.RELEASED, parked.DISCARDED):
        parked.end_of(tx, [c.ticket.id for c in decision.changes if c.parked == fate], fate, now)
    outbox.report(tx, decision.settled, now)
    outbox.queue(tx, desk, messages, now)


_NEW = insert(ticket)
_CHANGE = (
    update(ticket)
    .where(ticket.c.id == bindparam("row"), ticket.c.version == bindparam("read"))
    .values({c.name: bindparam(c.name) for c in ticket.c if c.name != "id"})
)
_NEW_PARTICIPANTS = insert(participant)
_DROP_PARTICIPANTS = delete(participant).where(participant.c.ticket_id == bindparam("row"))
_NEW_KEYS = insert(ticket_key)
_KEYS = select(ticket_key.c.key).where(ticket_key.c.ticket_id == bindparam("row"))


def _write_tickets(tx: Connection, changes: Sequence[TicketChange]) -> None:
    opened = [change.ticket for change in changes if change.opened]
    changed = [change.ticket for change in changes if not change.opened]
    if opened:
        write(tx, _NEW, *[ticket_row(one) for one in opened])
    keys = [row for one in opened for row in _key_rows(one)]
    for one in changed:
        keys += _change(tx, one)
    write(tx, _NEW_KEYS, *keys)
    people = [row for change in changes for row in participant_rows(change.ticket)]
    write(tx, _NEW_PARTICIPANTS, *people)
    write(tx, NEW_FIELDS, *field_rows([change.ticket for change in changes]))


def _change(tx: Connection, one: Ticket) -> list[dict[str, Any]]:
    """Replace the ticket's row, drop its participants, return the rows of its new keys."""
    row = ticket_row(one) | {"version": one.version + 1, "row": one.id, "read": one.version}
    del row["id"]
    if not write(tx, _CHANGE, row):
        raise Conflict(f"{one.key}: version {one.version} is no longer the last one")
    write(tx, _DROP_PARTICIPANTS, {"row": one.id})
    write(tx, DROP_FIELDS, {"row": one.id})
    known = set(fetch_column(tx, _KEYS, {"row": one.id}))
    return [key for key in _key_rows(one) if key["key"] not in known]


def _key_rows(one: Ticket) -> list[dict[str, Any]]:
    keys = dict.fromkeys(key.upper() for key in (one.key, one.draft_key) if key)
    return [{"desk": one.desk, "key": key, "ticket_id": one.id} for key in keys]


_DROP_REFERENCES = delete(reference).where(reference.c.ticket_id == bindparam("row"))
_NEW_REFERENCES = insert(reference)


def _write_references(
    tx: Connection, changes: Sequence[TicketChange], references: Mapping[int, tuple[str, ...]]
) -> None:
    rows: list[dict[str, Any]] = []
    for change in changes:
        one = change.ticket
        if one.id not in references:
            continue
        if not change.opened:
            write(tx, _DROP_REFERENCES, {"row": one.id})
        values = dict.fromkeys(value.upper() for value in references[one.id] if value)
        rows += ({"desk": one.desk, "reference": v, "ticket_id": one.id} for v in values)
    write(tx, _NEW_REFERENCES, *rows)


_NEW_ARTICLES = insert(article)
_NEW_STEPS = insert(step)


def _write_histories(tx: Connection, changes: Sequence[TicketChange]) -> None:
    articles = [article_row(c.ticket.id, a) for c in changes for a in c.articles]
    steps = [step_row(c.ticket.id, s) for c in changes for s in c.steps]
    write(tx, _NEW_ARTICLES, *articles)
    write(tx, _NEW_STEPS, *steps)


_NEW_BLOBS = insert_or(blob).on_conflict_do_nothing()
_DROP_DOCUMENTS = delete(document).where(
    document.c.ticket_id == bindparam("row"), readable(document)
)
_WITHDRAW = (
    update(document)
    .where(document.c.ticket_id == bindparam("row"), document.c.number == bindparam("no"))
    .where(document.c.visibility == INTERNAL)
    .values(flags=["disabled"])
)
_NEW_DOCUMENTS = insert(document)


def _write_documents(tx: Connection, changes: Sequence[TicketChange]) -> None:
    news = [new for change in changes for new in change.documents]
    blobs = {new.document.sha256: new.data for new in news}
    blobs.update((digest, data) for new in news for digest, data in new.copies.items())
    if blobs:
        # One order for everybody: two nodes with the same files wait instead of deadlocking.
        write(tx, _NEW_BLOBS, *[{"sha256": s, "data": blobs[s]} for s in sorted(blobs)])
    for change in changes:
        if not change.opened:
            write(tx, _DROP_DOCUMENTS, {"row": change.ticket.id})
    rows = [row for change in changes for row in _document_rows(change)]
    write(tx, _NEW_DOCUMENTS, *rows)
    gone = [(c.ticket.id, one) for c in changes for one in c.ticket.withheld if one.disabled]
    write(tx, _WITHDRAW, *[{"row": ticket_id, "no": one.number} for ticket_id, one in gone])
    write_pieces(tx, changes)


def _document_rows(change: TicketChange) -> list[dict[str, Any]]:
    """Return the rows of all documents of the ticket, the new ones whether listed there or not."""
    documents = {new.document.number: new.document for new in change.documents}
    documents |= {one.number: one for one in change.ticket.documents}
    return [document_row(change.ticket.id, documents[n]) for n in sorted(documents)]


_NEW_TIMERS = insert(timer)


def _write_timers(tx: Connection, changes: Sequence[TicketChange]) -> None:
    for change in changes:
        names = {*change.stopped, *(one.name for one in change.started)}
        if names and not change.opened:
            timers.stop(tx, change.ticket.id, names)
    # A new row even for the same name: each firing has an id of its own, its cause.
    rows = [timer_row(one) for change in changes for one in change.started]
    write(tx, _NEW_TIMERS, *rows)
