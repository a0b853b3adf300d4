"""Payments an organisation tells of by itself: each is an event of the ticket it is for (Q-46, Q-47).

The same payments are told night after night; one that the ticket knows of is no news. A claim may be
paid in parts, several in one night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers.advance import advance
from handlers.decision import Decision, Notice, Recipient, Value, Verdict
from handlers.desk import Desk
from handlers.errands.errand import Answer, Payment
from handlers.errands.results import written_problems
from handlers.facts import Facts
from handlers.groups.grouping import notices_of
from handlers.process.errand_rule import PAYMENT
from handlers.process.workflow import Workflow
from handlers.ticket import Role, Ticket
from handlers.turn import Actor, Event, EventKind, Turn, begun

CLAIM, ORGANISATION, REFERENCE = "claim_id", "organisation", "payment_reference"
"""The fields by which a ticket is found, and the payment that it knows of last."""
NOTICE = "W_payments"
KNOWN = "payments"
"""The link that names every payment a ticket knows of."""


def decide_payments(
    answer: Answer,
    facts: Facts,
    *,
    organisation: str,
    desk: Desk,
    workflow: Workflow,
    cause: str,
    now: datetime,
) -> Decision:
    """Return the decision for payments of an organisation; those for no ticket of ours are told along. That
    it could not be asked is told to the accountant: nobody else would miss them."""
    if answer.result != "ok":
        return _not_told(answer, organisation, desk, workflow)
    turns: dict[int, Turn] = {}
    unknown: list[Payment] = []
    for payment in answer.payments:
        ticket = _ticket_of(payment, organisation, facts)
        if ticket is None:
            unknown.append(payment)
            continue
        before = turns.get(ticket.id) or _turn(ticket, facts, desk, workflow, cause, now)
        after = take_payment(before, payment)
        if len(after.fired) > len(before.fired):
            turns[ticket.id] = after
    paid = tuple(turns.values())
    return Decision(
        verdict=Verdict.APPLIED,
        reason=PAYMENT,
        evidence=tuple(f"paid, but unknown here: {one.claim}" for one in unknown),
        changes=tuple(turn.change() for turn in paid),
        notices=tuple(_with_unknown(one, unknown) for one in notices_of(paid)),
    )


def _not_told(answer: Answer, organisation: str, desk: Desk, workflow: Workflow) -> Decision:
    whose = desk.organisation(organisation)
    team = desk.team(workflow.team_of(NOTICE)) if NOTICE in workflow.notices else None
    shown: dict[str, Value] = {
        "organisation": whose.title or whose.name if whose else organisation,
        "trouble": answer.values.get("trouble", "") or written_problems(answer.problems),
    }
    notices = tuple(
        Notice(
            template=NOTICE,
            to=Recipient(address=address, role=Role.AGENT, language=team.language),
            values=shown,
            team=team.name,
        )
        for address in (team.addresses if team else ())
        if team
    )
    return Decision(verdict=Verdict.APPLIED, reason=f"{PAYMENT}_{answer.result}", notices=notices)


def take_payment(turn: Turn, payment: Payment) -> Turn:
    """Return the turn after its event told of a payment; it is the same one when the ticket knows of it."""
    links, mark = turn.ticket.links, _mark(payment)
    known = links.get(KNOWN, "").split()
    if mark in known or payment.reference == turn.ticket.fields.get(REFERENCE, "") != "":
        return turn
    told = {
        "result": "ok",
        "reference": payment.reference,
        "amount": payment.amount,
        "paid_on": payment.paid_on,
    }
    event = replace(turn.event, arguments={name: value for name, value in told.items() if value})
    after = advance(replace(turn, event=event))
    return after.with_ticket(links={**after.ticket.links, KNOWN: " ".join((*known, mark))})


def _mark(payment: Payment) -> str:
    """Return what tells a payment from the others of its ticket, without blanks."""
    told = payment.reference or f"{payment.amount}@{payment.paid_on}"
    return "_".join(told.split())


def _ticket_of(payment: Payment, organisation: str, facts: Facts) -> Ticket | None:
    """Return the ticket a payment is for, None when there is none or more than one."""
    mine = [
        ticket
        for ticket in facts.tickets.values()
        if ticket.fields.get(CLAIM) == payment.claim
        and ticket.fields.get(ORGANISATION) == organisation
    ]
    return mine[0] if len(mine) == 1 else None


def _turn(  # noqa: PLR0917 - what every turn is made of
    ticket: Ticket, facts: Facts, desk: Desk, workflow: Workflow, cause: str, now: datetime
) -> Turn:
    event = Event(
        kind=EventKind.ANSWER,
        name=PAYMENT,
        actor=Actor(address="savd"),
        cause=cause,
        at=now,
        requested_at=now,
    )
    return begun(event, ticket, facts, desk=desk, workflow=workflow)


def _with_unknown(notice: Notice, unknown: Sequence[Payment]) -> Notice:
    rows: list[Value] = [[one.claim, one.reference, one.amount, one.paid_on] for one in unknown]
    return replace(notice, values={**notice.values, "unknown": rows}) if rows else notice
