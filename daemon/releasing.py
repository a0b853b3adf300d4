"""An operator ends the wait of parked messages: they leave, or never will; their tickets say so (X-30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from daemon.applying import apply_decision
from daemon.knowing import facts_about
from daemon.office import Office
from daemon.operator import OPERATOR, operators_scene
from daemon.staff import office_of
from handlers.parking import ended
from handlers.ticket import Ticket
from storage import parked
from storage.parked import Parked


def end_parked(
    tx: Connection, offices: Mapping[str, Office], rows: Sequence[Parked], fate: str, now: datetime
) -> int:
    """Release or discard parked messages, and write it into the history of their tickets, whose clocks go
    on when none is left. Return how many messages."""
    count = parked.end(tx, [one.id for one in rows], fate, now)
    by_ticket: dict[tuple[str, int], list[str]] = {}
    for one in rows:
        if one.ticket_id is not None:
            told = f"{one.notice} to {one.recipient}"
            by_ticket.setdefault((one.desk, one.ticket_id), []).append(told)
    for (desk, ticket_id), mine in by_ticket.items():
        office = office_of(tx, offices, desk)
        if office is not None:
            _tell(tx, office, {ticket_id: mine}, fate, now)
    return count


def _tell(
    tx: Connection, office: Office, told: Mapping[int, Sequence[str]], fate: str, now: datetime
) -> None:
    for ticket_id in told:
        facts = facts_about(tx, office.desk.name, ticket_id, now)
        group = _with_group(facts.tickets, ticket_id)
        scene = operators_scene(office, facts, now)
        last = not any(facts.parked.get(one.id) for one in group)
        decision = ended(group, told, fate, scene, last=last)
        apply_decision(tx, decision, facts.tickets, office, cause=OPERATOR, now=now)


def _with_group(tickets: Mapping[int, Ticket], ticket_id: int) -> Sequence[Ticket]:
    """Return a ticket and those opened with it, () when it is gone."""
    named = tickets.get(ticket_id)
    if named is None:
        return ()
    beside = (one for one in tickets.values() if named.group and one.group == named.group)
    return tuple({named.id: named, **{one.id: one for one in beside}}.values())
