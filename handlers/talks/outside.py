"""Talks of a ticket's people with anybody outside, through the ticket (R-3, R-16..R-18, R-39..R-41).

Each person outside has a reply address of the talk's own. Who writes to it decides the way: somebody
of the customer to the person outside, anybody else to the user who wrote first.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.advance import advance
from handlers.customers.arrival import start
from handlers.decision import Decision, Verdict
from handlers.desk import Level
from handlers.failing import hold
from handlers.papers.filing import file_documents, octets_of, sort_attachments
from handlers.people.authority import authenticated
from handlers.talks.outside_addresses import read_addresses
from handlers.talks.talk import outsider_of, talks_outside, visibility_of, with_visibility
from handlers.ticket import Participant, Role, Ticket, Visibility
from handlers.turn import Actor, EventKind, Turn
from handlers.visit import Visit

ADDRESSES = "addresses"
UNREADABLE = "unreadable"
PROVEN = "proven"


def hear_outsider(visit: Visit) -> Decision | None:
    """Return the decision for the answer of somebody outside, None for any other mail.

    Whoever has the reply address may answer: it opens nothing else (R-41).
    """
    ticket = visit.ticket
    if ticket is None or not talks_outside(visit) or visit.actor.level >= Level.ORGANISATION:
        return None
    if authenticated(visit.mail, visit.desk) is False:
        return hold(visit, "failed_authentication")
    outsider = outsider_of(visit, ticket)
    if not outsider:
        return hold(visit, "nobody_outside")
    who = visit.mail.sender
    actor = Actor(address=who.address.lower(), name=who.name, role=Role.EXTERNAL)
    turn = _filed(visit, _start(visit, ticket, actor, {ADDRESSES: outsider}))
    return visit.verdict(Verdict.APPLIED, "from_outside", (advance(turn),))


def write_to_outsiders(visit: Visit) -> Decision | None:
    """Return the decision for a mail that a user of the ticket has carried outside (R-3, R-4)."""
    ticket = visit.ticket
    if ticket is None or visibility_of(visit) is not Visibility.EXTERNAL:
        return None
    read = read_addresses(visit.tag.rest, visit.tag.words)
    answers = talks_outside(visit) and not visit.tag.plain
    named = (outsider_of(visit, ticket),) if answers else read.addresses
    unreadable = () if answers else read.unreadable
    given = {ADDRESSES: " ".join(filter(None, named)), UNREADABLE: ", ".join(unreadable)}
    given[PROVEN] = "yes" if authenticated(visit.mail, visit.desk) is True else ""
    turn = _start(visit, ticket, visit.actor, given)
    said = visit.words if answers else read.words
    turn = replace(turn, event=replace(turn.event, said=said))
    return visit.verdict(Verdict.APPLIED, "to_outside", (advance(_filed(visit, turn)),))


def note_absence_outside(visit: Visit) -> Decision | None:
    """Return the decision for an out-of-office from outside: it is noted and not passed on (R-40)."""
    ticket = visit.ticket
    if ticket is None or not talks_outside(visit) or visit.actor.level >= Level.ORGANISATION:
        return None
    turn = _start(visit, ticket, replace(visit.actor, role=Role.EXTERNAL), {})
    turn = replace(turn, articles=()).with_step("somebody outside is away: not passed on")
    return visit.verdict(Verdict.APPLIED, "absence_outside", (turn,))


def _start(visit: Visit, ticket: Ticket, actor: Actor, given: dict[str, str]) -> Turn:
    """Return the turn of the mail, its words in the talk outside; nobody in copy joins the ticket."""
    turn = start(visit, ticket, actor)
    tag = next((n for n, rule in visit.workflow.tags.items() if rule.audience == "external"), "")
    event = replace(
        turn.event, kind=EventKind.MAIL, tag=tag, visibility=Visibility.EXTERNAL, arguments=given
    )
    people = turn.ticket.participants if actor.role is not Role.EXTERNAL else ticket.participants
    kept = tuple(p for p in people if p in ticket.participants or p.address == actor.address)
    turn = replace(turn, articles=with_visibility(turn.articles, Visibility.EXTERNAL), event=event)
    return turn.with_ticket(participants=kept, thread=ticket.thread)


def _filed(visit: Visit, turn: Turn) -> Turn:
    filed = sort_attachments(
        visit.mail.attachments,
        (),
        visit.intent,
        visit.facts.known_images,
        policy=visit.desk.files,
        held=octets_of(turn.ticket),
    )
    return file_documents(turn, filed, Visibility.EXTERNAL)


def joined(people: tuple[Participant, ...], address: str) -> tuple[Participant, ...]:
    """Return the people of a ticket with somebody outside; whoever is on it stays what they are."""
    if any(one.address.lower() == address for one in people):
        return people
    return (*people, Participant(address=address, role=Role.EXTERNAL))
