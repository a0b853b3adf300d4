"""Decide what organisations answered: each answer is an event for its ticket, decided and committed like
a mail. An answer is a row; whoever wakes us only says "look"."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from daemon import log
from daemon.applying import apply_decision
from daemon.knowing import facts_about, facts_for
from daemon.office import Office
from daemon.staff import office_of
from handlers.book import Search
from handlers.errands.errand import READ_ONLY, Answer, ErrandState
from handlers.errands.payments import CLAIM, decide_payments
from handlers.errands.results import decide_answer
from handlers.errors import StoreUnavailable
from handlers.facts import Questions
from storage import errands
from storage.book import StoredBook
from storage.errands import Answered
from storage.store import Conflict, savepoint

ANSWERS_AT_ONCE = 100
ENDS = {"failed": ErrandState.FAILED, "uncertain": ErrandState.UNCERTAIN}

_trouble = logging.getLogger("savd.trouble")


def hear_answers(tx: Connection, offices: Mapping[str, Office], now: datetime) -> int:
    """Decide the answers that wait, oldest first. Return how many were looked at."""
    waiting = errands.answered(tx, ANSWERS_AT_ONCE)
    for one in waiting:
        _try(tx, offices, one, now)
    return len(waiting)


def _try(tx: Connection, offices: Mapping[str, Office], one: Answered, now: datetime) -> None:
    """Decide one answer. What fails is put aside and a person is told of it: the others go on."""
    try:
        with savepoint(tx):
            _decide(tx, offices, one, now)
            errands.settle(tx, [one.errand.key], ENDS.get(one.answer.result, ErrandState.DONE))
    except StoreUnavailable:
        raise
    except Conflict as conflict:
        _trouble.warning("errand=%s waits: %s", one.errand.key, conflict)
    except Exception as accident:  # noqa: BLE001 - whatever it was, the others go on
        _trouble.exception("the answer to errand=%s could not be decided", one.errand.key)
        _tell_person(tx, offices, one, type(accident).__name__, now)


def _tell_person(
    tx: Connection, offices: Mapping[str, Office], one: Answered, trouble: str, now: datetime
) -> None:
    """Decide in place of an answer that nothing is known: whoever handles the ticket looks there. What was
    asked for may have happened, so nobody is invited to ask for it again."""
    result = "failed" if one.errand.operation in READ_ONLY else "uncertain"
    unknown = replace(one, answer=Answer(result=result, values={"trouble": trouble}))
    try:
        with savepoint(tx):
            _decide(tx, offices, unknown, now)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - the log has it, and `savd errand list` shows it
        _trouble.exception("nobody could be told of errand=%s", one.errand.key)
    errands.settle(tx, [one.errand.key], ENDS[result])


def _decide(tx: Connection, offices: Mapping[str, Office], one: Answered, now: datetime) -> None:
    office = office_of(tx, offices, one.errand.desk)
    if office is not None and one.errand.ticket_id is None:
        _decide_payments(tx, office, one, now)
        return
    ticket_id = one.errand.ticket_id or 0
    facts = facts_about(tx, one.errand.desk, ticket_id, now)
    ticket = facts.tickets.get(ticket_id)
    if office is None or ticket is None:
        _trouble.warning("errand=%s: its desk or ticket is gone", one.errand.key)
        return
    decision = decide_answer(
        one.errand.key,
        one.answer,
        facts,
        about=ticket_id,
        desk=office.desk,
        workflow=office.workflow,
        cause=f"e{one.id}",
        now=now,
    )
    apply_decision(tx, decision, facts.tickets, office, cause=f"e{one.id}", now=now)
    state = decision.changes[0].ticket.state if decision.changes else ticket.state
    log.answered(ticket=ticket.key, errand=one.errand.key, result=one.answer.result, state=state)


def _decide_payments(tx: Connection, office: Office, one: Answered, now: datetime) -> None:
    """Decide what an organisation paid: it may concern many tickets. What it could not be asked is told."""
    book = StoredBook(tx, office.desk.name)
    claims = {payment.claim for payment in one.answer.payments}
    found = (book.tickets(Search(fields={CLAIM: claim})) for claim in sorted(claims))
    ids = tuple(ticket.id for tickets in found for ticket in tickets)
    facts = facts_for(tx, Questions(desk=office.desk.name, ticket_ids=ids), now)
    decision = decide_payments(
        one.answer,
        facts,
        organisation=one.errand.organisation,
        desk=office.desk,
        workflow=office.workflow,
        cause=f"e{one.id}",
        now=now,
    )
    apply_decision(tx, decision, facts.tickets, office, cause=f"e{one.id}", now=now)
    keys = ",".join(change.ticket.key for change in decision.changes)
    log.answered(ticket=keys, errand=one.errand.key, result=one.answer.result, state="")
