"""What follows on a ticket from a message of ours that did not get through (X-28).

Whoever says so, a delivery report, the relay while it is spoken to, or the courier that gave up: the
same follows. A message that one of ours cannot be given is an alarm and no work item, for that one
would fail the same way.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from handlers.decision import Decision, Notice, Recipient, Value, Verdict
from handlers.desk import Desk
from handlers.facts import Facts, SentMessage
from handlers.outcome import outcome_of
from handlers.papers.picture_findings import field_command
from handlers.people.responsible import recipients_of
from handlers.process.workflow import Workflow
from handlers.sentence import Sentence
from handlers.steps.resending import is_contact, with_lost
from handlers.steps.values import RESEND, agent_values, possible_line
from handlers.talks.talk import writer_to
from handlers.ticket import LOST, MISSED, UNREACHED, Article, Role, Ticket, Visibility
from handlers.turn import Actor, Event, EventKind, Turn, begun
from handlers.undelivered import Trouble, Undelivered

UNDELIVERED = "N_undelivered"
CONTACT: Final = "contact"
INSTEAD: Final = (Role.REQUESTER, Role.PARTICIPANT, Role.OBSERVER)
"""Who can be made the contact by one line, because they are on the ticket already."""


def decide_undelivered(
    one: Undelivered, facts: Facts, *, desk: Desk, workflow: Workflow, cause: str, now: datetime
) -> Decision:
    """Return the decision for a message that the relay refused, gave up or left in doubt, its ticket
    among the facts."""
    ticket = facts.tickets.get(one.message.ticket_id or -1)
    unheard = (one.message.recipient,) if is_staff(one.message, workflow) else ()
    if ticket is None or unheard:
        return Decision(verdict=Verdict.IGNORED, reason=one.trouble.value, unheard=unheard)
    event = Event(
        kind=EventKind.SIGNAL,
        actor=Actor(address="savd"),
        cause=cause,
        at=now,
        requested_at=now,
        language=desk.language,
    )
    turn = begun(event, ticket, facts, desk=desk, workflow=workflow)
    return outcome_of((undelivered(turn, one),), reason=one.trouble.value, about=ticket.id)


def undelivered(turn: Turn, one: Undelivered) -> Turn:
    """Return the turn of a ticket after one of its messages did not get through: the address marked
    and the clocks stopped when it is the contact's, and who must know of it told."""
    message, to = one.message, one.message.recipient
    if is_staff(message, turn.workflow) or message.visibility is Visibility.INTERNAL:
        return turn  # what people of the customer say among themselves is nobody's business
    if one.trouble is Trouble.DOUBT:
        return _in_doubt(turn, one)
    if one.of_address and is_contact(turn.ticket, to):
        turn = _with_note(turn.with_flags(UNREACHED), one)
        return _tell_team(_with_lost(turn, one), "W_bounce", one)
    if one.of_address and _is_named(turn.ticket, to):
        return _tell_team(turn, "W_bounce", one)
    if message.visibility is Visibility.EXTERNAL:
        return _lost_outside(turn, one)
    if one.of_address and turn.ticket.role_of(to) is not Role.REQUESTER:
        return turn
    if is_contact(turn.ticket, to):
        turn = turn.with_flags(MISSED)
    return _tell_team(_with_lost(_with_note(turn, one), one), "W_undelivered", one)


def is_staff(message: SentMessage, workflow: Workflow) -> bool:
    """Tell whether a message was meant for somebody of the desk: a work item, a digest, an answer."""
    rule = workflow.notices.get(message.notice)
    return message.notice.startswith("W_") or (rule is not None and rule.audience == "agent")


def _in_doubt(turn: Turn, one: Undelivered) -> Turn:
    """Return the turn with a person asked whether a message arrived."""
    turn = _with_lost(turn, one).with_step(f"{_what(one)}: nobody knows whether it arrived")
    return _tell_team(turn, "W_uncertain", one)


def _lost_outside(turn: Turn, one: Undelivered) -> Turn:
    """Return the turn with those told that a message of a talk outside did not arrive: its writer when it
    was for somebody outside, the desk when it was for the writer's registered address (R-42)."""
    ticket, to = turn.ticket, one.message.recipient
    if ticket.role_of(to) is not Role.EXTERNAL:
        return _tell_team(turn, "W_bounce" if one.of_address else "W_undelivered", one)
    who = writer_to(ticket, to)
    if who is None or UNDELIVERED not in turn.workflow.notices:
        return turn
    language = ticket.language or turn.desk.language
    writer = Recipient(address=who.address, role=who.role, language=language, name=who.name)
    values: dict[str, Value] = {"address": to}
    told = Notice(template=UNDELIVERED, to=writer, ticket_id=ticket.id, values=values)
    return replace(turn, notices=(*turn.notices, told))


def _tell_team(turn: Turn, template: str, one: Undelivered) -> Turn:
    """Return the turn with a work item for the notice's team, one message per address."""
    team = turn.desk.team(turn.workflow.team_of(template))
    if team is None:
        return turn
    people = recipients_of(
        team,
        turn.ticket,
        workflow=turn.workflow,
        desk=turn.desk,
        book=turn.book,
        now=turn.event.at,
    )
    made = tuple(
        Notice(
            template=template,
            to=to,
            ticket_id=turn.ticket.id,
            values={
                "said": turn.event.said,
                "found": _found(one, to.language),
                "commands": _commands(turn, one, to.language),
            },
        )
        for to in people
    )
    return replace(turn, notices=(*turn.notices, *made))


def _commands(turn: Turn, one: Undelivered, language: str) -> Value:
    """Return what can be written now: first to whom else of the ticket we may write instead, then the
    word that sends again, then what the state hears."""
    usual = agent_values(turn, language)["commands"]
    theirs = one.of_address and is_contact(turn.ticket, one.message.recipient)
    instead: list[Value] = [
        {
            "line": field_command(turn.workflow, CONTACT, address, language),
            "help": told.said(language),
        }
        for address, told in (_addresses(turn, one.message.recipient).items() if theirs else ())
        if CONTACT in turn.workflow.fields
    ]
    again = possible_line(turn.workflow, RESEND, language) if turn.ticket.links.get(LOST) else []
    rest = usual if isinstance(usual, list) else []
    return [*instead, *again, *(one for one in rest if one not in again)]


def _addresses(turn: Turn, failed: str) -> dict[str, Sentence]:
    """Return where else the customer may be reached, each with where it is known from: people of the
    ticket, and what their papers name. A person decides; nobody is written to for that alone."""
    ticket, desk = turn.ticket, turn.desk
    known = {
        p.address.lower(): Sentence(code="other_address")
        for p in ticket.participants
        if p.role in INSTEAD
    }
    for paper in ticket.documents:
        if paper.visibility is Visibility.PUBLIC and "disabled" not in paper.flags:
            told = Sentence(code="other_address_paper", values={"number": str(paper.number)})
            for address in paper.fields.get("addresses", "").split():
                known.setdefault(address, told)
    staff = {one.lower() for team in desk.teams for one in (*team.addresses, *desk.addresses)}
    ours = {one.rpartition("@")[2] for one in staff} | {failed.lower()}
    return {
        a: told for a, told in known.items() if a not in ours and a.rpartition("@")[2] not in ours
    }


def _found(one: Undelivered, language: str) -> list[Value]:
    """Return the rows of the work item: to whom, what, and what was said of it."""
    public = one.message.visibility is Visibility.PUBLIC
    said = {
        "failed_address" if one.of_address else "intended_for": one.message.recipient,
        "lost_message": one.message.subject if public else "",
        "relay_said": one.words,
        "outbox_number": str(one.message.outbox_id or ""),
    }
    return [
        {"label": Sentence(code=code).said(language), "value": value}
        for code, value in said.items()
        if value
    ]


def _with_note(turn: Turn, one: Undelivered) -> Turn:
    """Return the turn with what was said of the message as a note and a step of history."""
    why = one.words or one.trouble.value
    note = Article(
        cause=turn.event.cause,
        author=turn.event.mail.sender.address if turn.event.mail else turn.event.actor.address,
        at=turn.event.requested_at,
        text=f"{one.message.recipient}: {f'{one.status} ' if one.status else ''}{why}",
        visibility=Visibility.NOTE,
    )
    turn = replace(turn, articles=(*turn.articles, note))
    return turn.with_step(f"{_what(one)} failed: {one.code or one.trouble.value}")


def _with_lost(turn: Turn, one: Undelivered) -> Turn:
    """Return the turn with the message kept among those that can be sent again."""
    message = one.message
    if not message.outbox_id or message.visibility is not Visibility.PUBLIC:
        return turn
    return with_lost(turn, message.outbox_id, message.recipient)


def _what(one: Undelivered) -> str:
    return f"{one.message.notice} to {one.message.recipient}"


def _is_named(ticket: Ticket, address: str) -> bool:
    """Tell whether an address was written to because a field of the ticket names it."""
    return address.lower() in (value.lower() for value in ticket.fields.values())
