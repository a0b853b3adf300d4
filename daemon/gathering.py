"""Put the work items of a decision together with those that wait for company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from daemon.office import Office
from handlers.decision import Decision, Notice
from handlers.ticket import Role, Ticket
from handlers.work_items import Happening, gathers, hurries, kept, read_kept, together
from storage import gathering, timers

MOST = 6
"""Events that one work item tells: more would not be read, and be no small mail any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """A notice to be written, what it tells beside itself, and when it may leave."""

    notice: Notice
    leaves_at: datetime
    earlier: tuple[Happening, ...] = ()


def parcels_of(
    tx: Connection,
    notices: Iterable[Notice],
    tickets: Mapping[int, Ticket],
    office: Office,
    now: datetime,
) -> list[Parcel]:
    """Return a parcel for each notice, one for the work items of a ticket to the same person."""
    if not office.desk.gathering:
        return [Parcel(notice=one, leaves_at=now) for one in notices]
    batches: dict[tuple[object, ...], list[Happening]] = {}
    for number, one in enumerate(notices):
        alone = (number,)
        key = (one.ticket_id, one.to.address.lower()) if gathers(one) else alone
        batches.setdefault(key, []).append(Happening(at=now, notice=one))
    return [_parcel(tx, batch, tickets, office, now) for batch in batches.values()]


def _parcel(
    tx: Connection,
    batch: list[Happening],
    tickets: Mapping[int, Ticket],
    office: Office,
    now: datetime,
) -> Parcel:
    last = batch[-1].notice
    if not gathers(last) or last.ticket_id is None:
        return Parcel(notice=last, leaves_at=now)
    waiting = gathering.take_along(tx, last.ticket_id, last.to.address, now)
    told = [one for found in waiting for one in read_kept(found.happenings)]
    leaves_at = min((one.leaves_at for one in waiting), default=now + office.desk.gathering)
    ticket = tickets.get(last.ticket_id)
    if any(hurries(one.notice, ticket, office.workflow) for one in batch):
        leaves_at = now
    every = (*told, *batch)
    return Parcel(notice=together(every), leaves_at=leaves_at, earlier=every[:-1])


def keep_waiting(tx: Connection, parcel: Parcel, message_id: str, now: datetime) -> None:
    """Keep what a parcel that waits tells, for the work item that comes next, as long as one mail has room
    for both."""
    if gathers(parcel.notice) and parcel.leaves_at > now and len(parcel.earlier) < MOST - 1:
        last = Happening(at=now, notice=parcel.notice)
        gathering.keep(tx, message_id, kept((*parcel.earlier, last)))


def due_of(tx: Connection, notice: Notice, decision: Decision) -> datetime | None:
    """Return when the next clock of the ticket of a work item falls due, None when none runs."""
    if notice.ticket_id is None or notice.to.role is not Role.AGENT:
        return None
    mine = [one for one in decision.changes if one.ticket.id == notice.ticket_id]
    stopped = {name for one in mine for name in one.stopped}
    started = [timer for one in mine for timer in one.started]
    known = timers.pending(tx, [notice.ticket_id]).get(notice.ticket_id, ())
    running = [*started, *(one for one in known if one.name not in stopped)]
    return min((one.due_at for one in running if not one.held_by), default=None)
