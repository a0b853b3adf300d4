"""A customer's mail arrives on a ticket: its thread, its people, its words (F-24, X-1, X-6)."""

from __future__ import annotations

from dataclasses import replace

from handlers.customers.opening import articles_of, event_of
from handlers.desk import Level
from handlers.people.authority import organisation_of
from handlers.people.participants import observers_of
from handlers.registry.register import follow
from handlers.registry.register_waiting import bring_waiting
from handlers.steps.tag_steps import retyped
from handlers.ticket import MISSED, QUESTION, UNREACHED, Participant, Role, Ticket
from handlers.turn import Actor, EventKind, Turn
from handlers.visit import Visit
from handlers.words.watches import watched
from parsers.mail import IntentKind

THREAD_LENGTH = 20


def start(visit: Visit, ticket: Ticket, actor: Actor) -> Turn:
    """Return the turn of this mail on a ticket, with the mail filed as an article."""
    turn = visit.turn(event_of(visit, EventKind.MAIL, actor), _on_thread(visit, ticket, actor))
    turn = replace(turn, disputed=_disputed(visit, ticket))
    turn = retyped(visit, bring_waiting(visit, follow(turn)))
    return watched(replace(turn.with_ticket(), articles=articles_of(visit, turn)))


def _disputed(visit: Visit, ticket: Ticket) -> str:
    """Return the key of the ticket that weaker evidence named instead (X-1), "" for none."""
    if ticket.id != visit.route.ticket_id or visit.route.disputed is None:
        return ""
    return visit.facts.tickets[visit.route.disputed].key


def _on_thread(visit: Visit, ticket: Ticket, actor: Actor) -> Ticket:
    """Return the ticket with the mail's id on its thread and its people among the participants."""
    thread = ticket.thread
    if visit.mail.message_id:
        thread = (*thread, visit.mail.message_id)[-THREAD_LENGTH:]
    people = ticket.participants
    thanks = visit.intent.kind in (IntentKind.THANKS, IntentKind.AMBIGUOUS)
    apart = (None, Role.PENDING) if thanks else (None, Role.PENDING, Role.LEFT)
    if actor.level is Level.ORGANISATION and ticket.role_of(actor.address) in apart:
        people = tuple(p for p in people if p.address.lower() != actor.address)
        people += (Participant(address=actor.address, role=Role.OBSERVER, name=actor.name),)
    known = {p.address.lower() for p in people}
    if actor.level >= Level.ORGANISATION:
        people += tuple(observers_of(visit, known, organisation_of(actor.address, visit.facts)))
    flags, fields = ticket.flags - {QUESTION, MISSED}, dict(ticket.fields)
    if actor.address == ticket.contact.lower():
        flags -= {"contact_absent", UNREACHED}
        fields.pop("absent_until", None)
    return replace(ticket, thread=thread, participants=people, flags=flags, fields=fields)
