"""The one place where automatic messages meet the budgets of their desk (X-30): whatever decided them.

What is over one is parked: written to the last octet, kept in the outbox, told to a team once a day, and
sent when a person says so. All in the transaction of what caused it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection

from daemon import log
from daemon.office import Office
from handlers.decision import Decision, Notice
from handlers.facts import Facts
from handlers.parking import Hold, Scene, name_of, parked
from handlers.people.budget import bound, limit_of, weighed
from handlers.ticket import Ticket
from storage import parked as kept
from storage import timers
from storage.book import StoredBook
from storage.budget import spent


def within_budgets(
    tx: Connection,
    decision: Decision,
    tickets: Mapping[int, Ticket],
    office: Office,
    *,
    cause: str,
    now: datetime,
) -> Decision:
    """Return the decision with each notice charged to the budgets of the desk, or parked; with what parking
    does to tickets, and who is told. The log has an alarm for each."""
    over, asked = office.desk, bound(decision)
    if not asked:
        return decision
    counted = spent(
        tx,
        over.name,
        addresses={one.to.address.lower() for one in asked},
        tickets={one.ticket_id for one in asked if one.ticket_id is not None},
        most=over.budget_per_desk,
        now=now,
    )
    decision = weighed(decision, counted, over)
    stopped = [one for one in decision.notices if one.parked_for]
    if not stopped:
        return decision
    known = {**tickets, **{change.ticket.id: change.ticket for change in decision.changes}}
    _tell(stopped, known, over.name)
    facts = Facts(
        tickets=known,
        timers=timers.pending(tx, known),
        book=StoredBook(tx, over.name),
    )
    scene = Scene(desk=over, workflow=office.workflow, facts=facts, cause=cause, now=now)
    return parked(decision, list(_holds(tx, stopped, office, now)), scene)


def _holds(
    tx: Connection, stopped: Iterable[Notice], office: Office, now: datetime
) -> Iterator[Hold]:
    """Yield the budgets that are used up and of which nobody was told in a day, each once."""
    desk, by_name = office.desk, dict[tuple[str, str], list[Notice]]()
    for one in stopped:
        by_name.setdefault((one.parked_for, name_of(one, desk)), []).append(one)
    for (budget, name), mine in by_name.items():
        if kept.told_today(tx, desk.name, budget, name, now):
            continue
        yield Hold(
            budget=budget,
            name=name,
            count=kept.waiting(tx, desk.name, budget, name) + len(mine),
            limit=limit_of(desk, budget),
            address=mine[0].to.address,
            ticket_id=mine[0].ticket_id,
        )


def _tell(stopped: Iterable[Notice], known: Mapping[int, Ticket], desk: str) -> None:
    for one in stopped:
        ticket = known.get(one.ticket_id) if one.ticket_id is not None else None
        log.parked(
            desk=desk,
            recipient=one.to.address,
            ticket=ticket.key if ticket else "",
            notice=one.template,
            budget=one.parked_for,
        )
