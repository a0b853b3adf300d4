"""Messages over a budget: how many wait, whether people were told today, and what became of them (X-30).

They keep their rows and their bytes. A person's release is no charge to any budget.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, select, text, update

from handlers.message import OutboxState
from handlers.people.budget import Budget
from storage.columns import one_of
from storage.schema import outbox, ticket

RELEASED, DISCARDED = "released", "discarded"
_IS_PARKED = and_(text("parked_for <> ''"), outbox.c.state == OutboxState.PARKED.value)

OUTDATED = and_(
    _IS_PARKED,
    exists().where(ticket.c.id == outbox.c.ticket_id, ticket.c.state_since > outbox.c.queued_at),
)
"""Whether a parked message speaks of a state that its ticket has left since."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parked:
    """A parked message: its row, whose it is, what it says to whom."""

    id: int
    desk: str
    ticket_id: int | None
    notice: str
    recipient: str


def waiting(tx: Connection, desk: str, budget: str, name: str) -> int:
    """Return how many messages of a desk are parked for what a budget counts: an address, a ticket's id,
    the desk itself."""
    query = select(func.count()).where(*_of(desk, budget, name), _IS_PARKED)
    return tx.execute(query).scalar_one()


def told_today(tx: Connection, desk: str, budget: str, name: str, now: datetime) -> bool:
    """Tell whether a message was parked for it on this day (UTC): then a team knows. Not in the last 24
    hours: a loop that never rests would be told on its first day alone."""
    fresh = outbox.c.queued_at >= now.astimezone(UTC).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    query = select(outbox.c.id).where(*_of(desk, budget, name), fresh).limit(1)
    return tx.execute(query).first() is not None


def _of(desk: str, budget: str, name: str) -> tuple[Any, ...]:
    over = (text("parked_for <> ''"), outbox.c.parked_for == budget)
    if budget == Budget.TICKET:
        return (*over, outbox.c.ticket_id == int(name))
    mine = (*over, outbox.c.desk == desk)
    return (*mine, outbox.c.recipient_key == name) if budget == Budget.ADDRESS else mine


def chosen(
    tx: Connection,
    *,
    ids: Collection[int] = (),
    address: str = "",
    ticket_id: int | None = None,
    desk: str = "",
) -> tuple[Parked, ...]:
    """Return the parked messages with these ids, or to an address, or about a ticket, or of a desk, in the
    order in which they were written; none when nothing narrows them."""
    if not (ids or address or desk or ticket_id is not None):
        return ()
    query: Any = select(*(outbox.c[name] for name in Parked.__slots__)).where(_IS_PARKED)
    query = query.where(outbox.c.id.in_(ids)) if ids else query
    query = query.where(outbox.c.recipient_key == address.lower()) if address else query
    query = query.where(outbox.c.ticket_id == ticket_id) if ticket_id is not None else query
    query = query.where(outbox.c.desk == desk) if desk else query
    return tuple(Parked(**row._asdict()) for row in tx.execute(query.order_by(outbox.c.id)))


def left_behind(tx: Connection, rows: Sequence[Parked]) -> int:
    """Return how many older messages to the same people stay parked when these are released."""
    last: dict[str, int] = {}
    for row in rows:
        last[row.recipient.lower()] = max(row.id, last.get(row.recipient.lower(), 0))
    mine = {row.id for row in rows}
    query = select(outbox.c.id, outbox.c.recipient_key).where(_IS_PARKED)
    found = tx.execute(query.where(outbox.c.recipient_key.in_(list(last))))
    return sum(one.id not in mine and one.id < last[one.recipient_key] for one in found)


_ENDS = update(outbox).where(one_of(outbox.c.id, "ids", int), _IS_PARKED)
_ENDS_OF = update(outbox).where(one_of(outbox.c.ticket_id, "tickets", int), _IS_PARKED)


def end(tx: Connection, ids: Collection[int], fate: str, now: datetime) -> int:
    """Queue parked messages, or discard them. Return how many. Those to one person leave in the order in
    which they were written."""
    return tx.execute(_ENDS.values(_values(fate, now)), {"ids": sorted(ids)}).rowcount


def end_of(tx: Connection, tickets: Collection[int], fate: str, now: datetime) -> None:
    """Queue or discard every parked message of these tickets."""
    if tickets:
        tx.execute(_ENDS_OF.values(_values(fate, now)), {"tickets": sorted(tickets)})


def _values(fate: str, now: datetime) -> dict[str, Any]:
    if fate == DISCARDED:
        return {"state": OutboxState.DISCARDED.value}
    return {"state": OutboxState.QUEUED.value, "queued_at": now, "next_try_at": now}


def standing(tx: Connection) -> tuple[tuple[str, str, int], ...]:
    """Return (desk, recipient, number) of all parked messages, the most first."""
    query = select(outbox.c.desk, outbox.c.recipient_key, func.count().label("number"))
    grouped = query.where(_IS_PARKED).group_by(outbox.c.desk, outbox.c.recipient_key)
    return tuple(tuple(row) for row in tx.execute(grouped.order_by(text("number DESC"))))
