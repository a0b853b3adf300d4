"""Mails of outside organisations: answers to what they were asked, and what they tell by themselves (Q-61).

They come direct or forwarded by an agent, often from an address nobody reads. They never open a request,
and nobody answers them. What cannot be understood goes to a person.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.advance import advance
from handlers.decision import Decision, Verdict
from handlers.desk import Organisation
from handlers.errands.asking import asked
from handlers.errands.errand import Answer, Payment, operation_of
from handlers.errands.errand_answer import read_answer
from handlers.errands.payments import take_payment
from handlers.errands.results import hear
from handlers.failing import hold
from handlers.people.authority import authenticated
from handlers.process.errand_rule import PAYMENT
from handlers.ticket import Article, Ticket, Visibility
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.visit import Visit
from handlers.words.organisation_words import organisation_of_mail, text_of, tokens_in, told_in

NOTICE = "W_organisation"
FIELDS = ("claim_id", "support_number")
"""The fields in which an organisation's own number of a ticket stands."""


def hear_organisation(visit: Visit) -> Decision | None:
    """Return the decision for a mail of an organisation, None for any other mail."""
    whose = organisation_of_mail(visit.mail, visit.desk)
    if whose is None:
        return None
    if not visit.forwarded and authenticated(visit.mail, visit.desk) is not True:
        return hold(visit, "sender_not_vouched_for")
    turns = _answered(visit, whose) or _told(visit, whose)
    if not turns:
        return _ask_person(visit, whose)
    return visit.verdict(Verdict.APPLIED, "organisation", turns, about=turns[0].ticket.id)


def _answered(visit: Visit, whose: Organisation) -> tuple[Turn, ...]:
    """Return the turns that the JSON answers of a mail make, () without any."""
    turns: dict[int, Turn] = {}
    for file in visit.mail.attachments:
        told = read_answer(file.data[: 1 << 20].decode("utf-8", "replace"))
        key = told[0] if told else ""
        ticket = _ticket_of_key(visit, key) if told else None
        if told is None or ticket is None:
            continue
        turn = turns.get(ticket.id) or _turn(visit, ticket, whose)
        pending = asked(turn.ticket)
        key = key or (pending[0] if pending else "")
        if key in pending and _was_asked(visit, whose, ticket, key):
            turns[ticket.id] = hear(turn, key, told[1])
    return tuple(turns.values())


def _was_asked(visit: Visit, whose: Organisation, ticket: Ticket, key: str) -> bool:
    """Tell whether an errand of a ticket went to this organisation: nobody answers for another one."""
    mine = visit.workflow.errands.get(whose.name, {})
    theirs = visit.workflow.errands.get(ticket.fields.get("organisation", ""), {})
    operation = operation_of(key)
    return operation in mine and (_is_at(ticket, visit, whose) or operation not in theirs)


def _ticket_of_key(visit: Visit, key: str) -> Ticket | None:
    """Return the ticket an errand is about, by its key, else the one the mail was routed to."""
    parts = key.split(".")
    if len(parts) >= 3 and parts[1].isdecimal():
        return visit.facts.tickets.get(int(parts[1]))
    return visit.ticket


def _told(visit: Visit, whose: Organisation) -> tuple[Turn, ...]:
    """Return the turns that the words of a mail make: line by line when it speaks of several claims."""
    text = f"{visit.mail.subject}\n{text_of(visit.mail)}"
    tickets = _tickets_named(visit, whose, text)
    if len(tickets) == 1:
        return _one_told(visit, whose, tickets[0], text)
    turns: list[Turn] = []
    for ticket in tickets:
        mine = "\n".join(line for line in text.splitlines() if _names(line, ticket))
        turns += _one_told(visit, whose, ticket, mine) or _one_told(
            visit, whose, ticket, f"{mine}\n{_without_claims(text, tickets)}"
        )
    return tuple(turns)


def _without_claims(text: str, tickets: list[Ticket]) -> str:
    """Return the lines that speak of all claims: those that name none."""
    lines = text.splitlines()
    return "\n".join(one for one in lines if not any(_names(one, t) for t in tickets))


def _one_told(visit: Visit, whose: Organisation, ticket: Ticket, text: str) -> tuple[Turn, ...]:
    name, values = told_in(text)
    return _hears(visit, whose, ticket, name, values) if name else ()


def _hears(
    visit: Visit, whose: Organisation, ticket: Ticket, name: str, values: dict[str, str]
) -> tuple[Turn, ...]:
    """Return the turn of a ticket after something told, () when no row hears it."""
    turn = _turn(visit, ticket, whose)
    event = replace(
        turn.event,
        name=name,
        arguments={key: value for key, value in values.items() if value},
        answer=Answer(result="ok", values=values),
    )
    if values.get("status") == "paid":
        turn = replace(turn, event=replace(event, name=PAYMENT))
        after = take_payment(turn, _payment_in(values))
    else:
        after = advance(replace(turn, event=event))
    return (after,) if after.fired else ()


def _payment_in(values: dict[str, str]) -> Payment:
    named = {name: values.get(name, "") for name in ("reference", "amount", "paid_on")}
    return Payment(claim="", **named)


def _tickets_named(visit: Visit, whose: Organisation, text: str) -> list[Ticket]:
    """Return the tickets at this organisation whose number, or claim number, a text names, or its own
    ticket."""
    mine = [t for t in visit.facts.tickets.values() if _is_at(t, visit, whose)]
    named = [ticket for ticket in mine if _names(text, ticket)]
    if named or visit.ticket is None:
        return named
    return [visit.ticket] if visit.ticket in mine else []


def _is_at(ticket: Ticket, visit: Visit, whose: Organisation) -> bool:
    """Tell whether an organisation has to do with a ticket: in a process that names none on its tickets,
    with every one (a payment service, I-22)."""
    named = ticket.fields.get("organisation", "")
    return named == whose.name or "organisation" not in visit.workflow.fields


def _names(text: str, ticket: Ticket) -> bool:
    said = set(tokens_in(text))
    ours = (ticket.key, *(ticket.fields.get(name, "") for name in FIELDS))
    return any(number.upper() in said for number in ours if number)


def _ask_person(visit: Visit, whose: Organisation) -> Decision:
    """Return the decision that shows a mail to the organisation's team (Q-61)."""
    text = f"{visit.mail.subject}\n{text_of(visit.mail)}"
    named = _tickets_named(visit, whose, text)
    ticket = named[0] if len(named) == 1 else visit.ticket
    turns = (_turn(visit, ticket, whose),) if ticket is not None else ()
    notices = visit.tell_team(NOTICE, {"sender": whose.title or whose.name}, ticket)
    notices = tuple(replace(n, values={**n.values, "said": text_of(visit.mail)}) for n in notices)
    about = ticket.id if ticket is not None else None
    verdict = Verdict.APPLIED if turns else Verdict.HELD
    return visit.verdict(verdict, "organisation_not_understood", turns, notices, about=about)


def _turn(visit: Visit, ticket: Ticket, whose: Organisation) -> Turn:
    """Return the turn of a ticket in this mail; the mail is kept there as a note."""
    event = Event(
        kind=EventKind.ANSWER,
        actor=Actor(address=visit.requester.address, name=whose.title or whose.name),
        cause=visit.cause,
        at=visit.now,
        requested_at=visit.requested_at,
        mail=visit.mail,
        said=text_of(visit.mail),
    )
    note = Article(
        cause=visit.cause,
        author=visit.requester.address,
        author_name=whose.title or whose.name,
        at=visit.requested_at,
        text=text_of(visit.mail),
        visibility=Visibility.NOTE,
    )
    turn = visit.turn(event, ticket)
    return replace(turn.with_ticket(), articles=(note,))
