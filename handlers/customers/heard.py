"""A button that was touched again: whoever is not sure is told once that the answer had arrived (X-7)."""

from __future__ import annotations

from handlers.customers.opening import event_of
from handlers.decision import Notice
from handlers.desk import Level
from handlers.prepared_answer import read_code
from handlers.steps.effects import notify
from handlers.turn import EventKind
from handlers.visit import Visit

NOTICE = "N_heard"


def heard_again(visit: Visit) -> tuple[Notice, ...]:
    """Return what the sender of the same answer is told: nothing within ten minutes of another answer of
    ours (X-30), nothing a second time, and nothing about words of their own."""
    ticket = visit.ticket
    if (
        ticket is None
        or read_code(visit.mail.subject) is None
        or NOTICE not in visit.workflow.notices
    ):
        return ()
    known = visit.actor.level >= Level.ORGANISATION
    if not known or visit.facts.was_answered(ticket, visit.actor.address.lower()):
        return ()
    if NOTICE in visit.facts.told_on(ticket):
        return ()
    turn = visit.turn(event_of(visit, EventKind.MAIL, visit.actor), ticket)
    return notify(turn, NOTICE, to="sender").notices
