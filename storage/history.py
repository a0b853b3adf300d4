"""What happened to a ticket, told in one row of time: its mails, steps, errands and messages (Q-35)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from handlers.book import Entry
from storage.audience import readable
from storage.errand_schema import errand
from storage.schema import journal, outbox, step, ticket

_ORDER = ("mail", "step", "errand", "message")  # of what happened at the same instant


def past_of(tx: Connection, desk: str, ticket_id: int) -> tuple[Entry, ...]:
    """Return all that happened to a ticket of a desk and that the desk may read, oldest first."""
    mine = select(ticket.c.id).where(ticket.c.id == ticket_id, ticket.c.desk == desk)
    if tx.execute(mine).first() is None:
        return ()
    every = (*_steps(tx, ticket_id), *_mails(tx, ticket_id))
    every += (*_messages(tx, ticket_id), *_errands(tx, ticket_id))
    return tuple(sorted(every, key=lambda one: (one.at, _ORDER.index(one.kind))))


def _steps(tx: Connection, ticket_id: int) -> Iterator[Entry]:
    rows = tx.execute(select(step).where(step.c.ticket_id == ticket_id).order_by(step.c.id))
    for row in rows:
        state = row.to_state if row.to_state != row.from_state else ""
        yield Entry(
            kind="step",
            at=row.at,
            who=row.actor,
            what=row.transition,
            state=state,
            text=row.why,
        )


def _mails(tx: Connection, ticket_id: int) -> Iterator[Entry]:
    wanted = (journal.c.received_at, journal.c.sender, journal.c.verdict, journal.c.subject)
    query = select(*wanted).where(journal.c.ticket_id == ticket_id, readable(journal))
    for row in tx.execute(query.order_by(journal.c.id)):
        verdict = row.verdict or ""
        yield Entry(kind="mail", at=row.received_at, who=row.sender, what=verdict, text=row.subject)


def _messages(tx: Connection, ticket_id: int) -> Iterator[Entry]:
    wanted = (outbox.c.queued_at, outbox.c.recipient, outbox.c.notice, outbox.c.subject)
    query = select(*wanted).where(outbox.c.ticket_id == ticket_id, readable(outbox))
    for row in tx.execute(query.order_by(outbox.c.id)):
        yield Entry(
            kind="message", at=row.queued_at, who=row.recipient, what=row.notice, text=row.subject
        )


def _errands(tx: Connection, ticket_id: int) -> Iterator[Entry]:
    query = select(errand).where(errand.c.ticket_id == ticket_id).order_by(errand.c.id)
    for row in tx.execute(query):
        yield Entry(
            kind="errand",
            at=row.queued_at,
            who=row.organisation,
            what=row.operation,
            text=" – ".join(filter(None, (row.state, row.trouble))),
        )
