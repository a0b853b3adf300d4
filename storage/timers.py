"""Timers: rows that fall due. A clock only asks; what is due is here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from handlers.ticket import Timer
from storage.columns import one_of
from storage.rows import timer_of
from storage.schema import ticket, timer

_DUE = (
    select(timer)
    .join(ticket)
    .where(timer.c.due_at <= bindparam("now"))
    .order_by(timer.c.due_at, timer.c.id)
    .limit(bindparam("limit"))
    # The ticket too, and never waiting: a mail locks the ticket first and then drops timers.
    .with_for_update(of=[timer, ticket], skip_locked=True)  # nothing on SQLite: there is one writer
)
_DONE = delete(timer).where(timer.c.id == bindparam("row"))
_STOP = delete(timer).where(timer.c.ticket_id == bindparam("ticket"), one_of(timer.c.name, "names"))


def due(tx: Connection, now: datetime, limit: int) -> tuple[tuple[int, Timer], ...]:
    """Return timers that are due with their ids, the longest due first, locked with their tickets.

    A timer whose ticket another node works on is left for the next time. Decide, apply and call `done` in the same transaction: one firing, whatever crashes.
    """
    rows = tx.execute(_DUE, {"now": now, "limit": limit})
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


def next_due(tx: Connection) -> datetime | None:
    """Return when the next timer falls due, None when none runs."""
    return tx.execute(select(func.min(timer.c.due_at))).scalar()
