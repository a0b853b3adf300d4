"""Timers: rows that fall due. A clock only asks; what is due is here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from handlers.ticket import NEVER, Timer
from storage.columns import one_of
from storage.rows import timer_of
from storage.schema import journal, ticket, timer
from storage.statement import fetch

_WAITING = select(func.min(journal.c.received_at)).where(text("verdict IS NULL"))
_DUE = (
    select(timer)
    .join(ticket)
    .where(timer.c.due_at <= bindparam("now"))
    # A mail that came before something was due is decided before it.
    .where(timer.c.due_at < func.coalesce(_WAITING.scalar_subquery(), bindparam("later")))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("limit"))
    # The ticket too, and never waiting: a mail locks the ticket first and then drops timers.
    .with_for_update(of=[timer, ticket], skip_locked=True)  # nothing on SQLite: there is one writer
)
A_SECOND = timedelta(seconds=1)
_DONE = delete(timer).where(timer.c.id == bindparam("row"))
_STOP = delete(timer).where(timer.c.ticket_id == bindparam("ticket"), one_of(timer.c.name, "names"))


def due(tx: Connection, now: datetime, limit: int) -> tuple[tuple[int, Timer], ...]:
    """Return timers that are due with their ids, the longest due first, locked with their tickets.

    A timer whose ticket another node works on is left for the next time, and so is one that fell
    due after a mail came in that nobody has decided yet: the customer may have been in time (X-31). Decide, apply and call `done` in the same transaction: one firing, whatever crashes.
    """
    rows = tx.execute(_DUE, {"now": now, "later": now + A_SECOND, "limit": limit})
    return tuple((row.id, timer_of(row)) for row in rows)


def done(tx: Connection, timer_id: int) -> None:
    """Remove a timer that fired. Its next firing, if the workflow started one, is another row."""
    tx.execute(_DONE, {"row": timer_id})


def stop(tx: Connection, ticket_id: int, names: Collection[str]) -> None:
    """Remove these timers of the ticket."""
    tx.execute(_STOP, {"ticket": ticket_id, "names": sorted(names)})


def postpone(tx: Connection, timer_id: int, until: datetime) -> None:
    """Let one timer fire later (its decision failed and is tried again)."""
    tx.execute(update(timer).where(timer.c.id == timer_id).values(due_at=until))


def coming(
    tx: Connection,
    *,
    desk: str = "",
    ticket_id: int | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> tuple[Timer, ...]:
    """Return the firings to come, the next due first. "" and None narrow nothing."""
    query = select(timer).join(ticket).order_by(timer.c.due_at, timer.c.id).limit(limit)
    query = query.where(ticket.c.desk == desk) if desk else query
    query = query.where(timer.c.ticket_id == ticket_id) if ticket_id is not None else query
    query = query.where(timer.c.due_at < until) if until is not None else query
    return tuple(map(timer_of, tx.execute(query)))


def next_due(tx: Connection) -> datetime | None:
    """Return when the next timer falls due, None when none runs."""
    due = tx.execute(select(func.min(timer.c.due_at))).scalar()
    return None if due is None or due >= NEVER else due


_PENDING = (
    select(timer)
    .where(one_of(timer.c.ticket_id, "ids", int))
    .order_by(timer.c.ticket_id, timer.c.name, timer.c.nth)
)


def pending(tx: Connection, ids: Collection[int]) -> Mapping[int, tuple[Timer, ...]]:
    """Return the firings to come of these tickets, by ticket."""
    found: dict[int, list[Timer]] = {}
    if ids:
        for row in fetch(tx, _PENDING, {"ids": sorted(ids)}):
            found.setdefault(row.ticket_id, []).append(timer_of(row))
    return {ticket_id: tuple(firings) for ticket_id, firings in found.items()}


_LATEST = (
    select(timer.c.ticket_id, timer.c.name, func.max(timer.c.nth).label("nth"))
    .where(one_of(timer.c.ticket_id, "ids", int), timer.c.due_at <= bindparam("now"))
    .where(text("held_by = ''"))
    .group_by(timer.c.ticket_id, timer.c.name)
)


def latest_due(
    tx: Connection, ids: Collection[int], now: datetime
) -> Mapping[tuple[int, str], int]:
    """Return which firing is the last one due, by ticket and timer: those before it count no more."""
    rows = fetch(tx, _LATEST, {"ids": sorted(ids), "now": now})
    return {(row.ticket_id, row.name): row.nth for row in rows}
