"""What will happen by itself, when and why: the timers that run, each with its forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from daemon.digests import NOTICES
from daemon.knowing import facts_about
from daemon.office import Office
from daemon.staff import office_of
from handlers.digest.rounds import DAILY, KINDS, next_round
from handlers.forecast import Forecast, forecast
from handlers.ticket import Timer
from storage import timers
from storage.lookup import tickets_by_id

Line = dict[str, Any]


def timer_lines(
    tx: Connection,
    offices: Mapping[str, Office],
    *,
    desk: str = "",
    ticket_id: int | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> Iterator[Line]:
    """Yield a line for each firing to come, the next due first. "" and None narrow nothing."""
    for timer in timers.coming(tx, desk=desk, ticket_id=ticket_id, until=until, limit=limit):
        found = _forecast(tx, offices, timer)
        if found is not None:
            yield _line(found, offices[found.ticket.desk])


def digest_lines(
    offices: Mapping[str, Office], now: datetime, *, desk: str = "", until: datetime | None = None
) -> Iterator[Line]:
    """Yield a line for the next digest of each kind that a desk sends."""
    for name, office in offices.items():
        for kind in KINDS if desk in ("", name) else ():
            due = next_round(office.desk, kind, now)
            if due is not None and (until is None or due <= until):
                yield _digest_line(office, kind, due)


def _digest_line(office: Office, kind: str, due: datetime) -> Line:
    plan = office.desk.digest
    clock = plan.daily if kind == DAILY else plan.weekly
    return {
        "due_at": due.isoformat(),
        "due": _local(due, office),
        "key": "-",
        "desk": office.desk.name,
        "name": f"digest_{kind}",
        "timer": f"{kind} digest",
        "will": f"tell {', '.join((*plan.teams, *plan.managers))} how the tickets stand",
        "sends": [NOTICES[kind]],
        "held": "",
        "why": f'[desks.{office.desk.name}.digest] {kind} = "{clock}"',
    }


def _forecast(tx: Connection, offices: Mapping[str, Office], timer: Timer) -> Forecast | None:
    ticket = tickets_by_id(tx, {timer.ticket_id}, lock=False).get(timer.ticket_id)
    office = office_of(tx, offices, ticket.desk) if ticket else None
    if ticket is None or office is None:
        return None
    moment = timer.started_at if timer.held_by else timer.due_at
    facts = facts_about(tx, ticket.desk, ticket.id, moment, lock=False)
    return forecast(timer, facts, desk=office.desk, workflow=office.workflow)


def _line(found: Forecast, office: Office) -> Line:
    timer, ticket = found.timer, found.ticket
    return {
        "due_at": None if found.due_at is None else found.due_at.isoformat(),
        "due": ("goes on " if timer.held_by else "") + _local(found.due_at, office),
        "key": ticket.key,
        "desk": ticket.desk,
        "state": ticket.state,
        "name": timer.name,
        "nth": timer.nth,
        "of": found.of,
        "timer": f"{timer.name} {timer.nth}/{found.of}" if found.of > 1 else timer.name,
        "will": found.will,
        "sends": list(found.sends),
        "fires": list(found.fired),
        "leads_to": found.state,
        "held": found.held,
        "held_by": timer.held_by,
        "held_at": None if timer.held_at is None else timer.held_at.isoformat(),
        "left_seconds": None if timer.left is None else int(timer.left.total_seconds()),
        "started_at": timer.started_at.isoformat(),
        "why": f"{ticket.state} since {_local(ticket.state_since, office)} ({found.rule})",
        "rule": found.rule,
    }


def _local(at: datetime | None, office: Office) -> str:
    """Return an instant as the clock on the wall of the desk shows it."""
    if at is None:
        return "when it may"
    return f"{at.astimezone(ZoneInfo(office.desk.time_zone)):%a %Y-%m-%d %H:%M:%S}"
