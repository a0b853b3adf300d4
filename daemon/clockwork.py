"""Fire the timers that are due: each is an event for its ticket's workflow, decided and committed
like a mail. What is due is a row; whoever wakes us only says "look"."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from daemon import log
from daemon.applying import apply_decision
from daemon.knowing import facts_about
from daemon.office import Office
from daemon.staff import office_of
from handlers.errors import StoreUnavailable
from handlers.ticket import Timer
from handlers.timekeeping import decide_timer
from storage import timers
from storage.lookup import tickets_by_id
from storage.store import Conflict, savepoint

TIMERS_AT_ONCE = 100
LOOK_AGAIN = timedelta(days=1)
LOOK_SOON = timedelta(minutes=1)

_trouble = logging.getLogger("savd.trouble")


def fire_due(tx: Connection, offices: Mapping[str, Office], now: datetime) -> int:
    """Decide the timers that are due, the longest due first. Return how many were looked at.

    Firings of one timer that were missed together count once: the last (X-33).
    """
    due = timers.due(tx, now, TIMERS_AT_ONCE)
    last = timers.latest_due(tx, {timer.ticket_id for _, timer in due}, now) if due else {}
    for timer_id, timer in due:
        if timer.held_by or last.get((timer.ticket_id, timer.name), timer.nth) <= timer.nth:
            _try(tx, offices, timer_id, timer, now)
        else:
            timers.done(tx, timer_id)
    return len(due)


def _try(
    tx: Connection, offices: Mapping[str, Office], timer_id: int, timer: Timer, now: datetime
) -> None:
    """Decide one timer; one that fails is looked at again tomorrow, the others go on.

    One that another node was quicker with is no failure: it is looked at again in a minute.
    """
    try:
        with savepoint(tx):
            _fire(tx, offices, timer_id, timer, now)
    except StoreUnavailable:
        raise
    except Conflict as conflict:
        _trouble.warning("timer=%s of ticket %s waits: %s", timer.name, timer.ticket_id, conflict)
        timers.postpone(tx, timer_id, now + LOOK_SOON)
    except Exception:  # noqa: BLE001 - whatever it was, the others go on
        _trouble.exception("timer=%s of ticket %s failed", timer.name, timer.ticket_id)
        timers.postpone(tx, timer_id, now + LOOK_AGAIN)


def _fire(
    tx: Connection, offices: Mapping[str, Office], timer_id: int, timer: Timer, now: datetime
) -> None:
    ticket = tickets_by_id(tx, {timer.ticket_id}).get(timer.ticket_id)
    office = office_of(tx, offices, ticket.desk) if ticket else None
    if ticket is None or office is None:  # the desk left the configuration: wait for it
        timers.postpone(tx, timer_id, now + LOOK_AGAIN)
        return
    facts = facts_about(tx, ticket.desk, ticket.id, now)
    decision = decide_timer(
        timer, facts, desk=office.desk, workflow=office.workflow, timer_id=timer_id, now=now
    )
    if decision.postponed is not None:
        timers.postpone(tx, timer_id, decision.postponed)
        return
    timers.done(tx, timer_id)
    apply_decision(tx, decision, facts.tickets, office, cause=f"t{timer_id}", now=now)
    state = decision.changes[0].ticket.state if decision.changes else ticket.state
    log.timer(ticket=ticket.key, name=timer.name, nth=timer.nth, state=state)
