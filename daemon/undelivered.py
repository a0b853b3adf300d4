"""Decide what follows from messages that did not get through: each is an event for its ticket, decided
and committed like a mail. What the relay said is a row; whoever wakes us only says "look"."""

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
from handlers.consequences import decide_undelivered
from handlers.errors import StoreUnavailable
from storage import undelivered
from storage.store import Conflict, savepoint
from storage.undelivered import Waiting

AT_ONCE = 100
LOOK_AGAIN = timedelta(days=1)
LOOK_SOON = timedelta(minutes=1)

_trouble = logging.getLogger("savd.trouble")


def hear_relay(tx: Connection, offices: Mapping[str, Office], now: datetime) -> int:
    """Decide the troubles that are due, the longest due first. Return how many were looked at."""
    waiting = undelivered.due(tx, now, AT_ONCE)
    for one in waiting:
        _try(tx, offices, one, now)
    return len(waiting)


def _try(tx: Connection, offices: Mapping[str, Office], one: Waiting, now: datetime) -> None:
    """Decide one; what fails is looked at again tomorrow, the others go on."""
    try:
        with savepoint(tx):
            if one.holds:
                _decide(tx, offices, one, now)
            undelivered.done(tx, one.id)
    except StoreUnavailable:
        raise
    except Conflict as conflict:
        _trouble.warning("message=%s waits: %s", one.told.message.message_id, conflict)
        undelivered.postpone(tx, one.id, now + LOOK_SOON)
    except Exception:  # noqa: BLE001 - whatever it was, the others go on
        _trouble.exception("nobody could be told of message=%s", one.told.message.message_id)
        undelivered.postpone(tx, one.id, now + LOOK_AGAIN)


def _decide(tx: Connection, offices: Mapping[str, Office], one: Waiting, now: datetime) -> None:
    office = office_of(tx, offices, one.desk)
    if office is None:  # the desk left the configuration: there is nobody to tell
        return
    message, cause = one.told.message, f"o{one.id}"
    facts = facts_about(tx, one.desk, message.ticket_id or 0, now)
    decision = decide_undelivered(
        one.told, facts, desk=office.desk, workflow=office.workflow, cause=cause, now=now
    )
    apply_decision(tx, decision, facts.tickets, office, cause=cause, now=now)
    for address in decision.unheard:
        log.unheard(cause=cause, recipient=address)
    log.undelivered(
        ticket=",".join(change.ticket.key for change in decision.changes),
        recipient=message.recipient,
        notice=message.notice,
        trouble=one.told.trouble.value,
    )
