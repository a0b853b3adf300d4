"""Somebody who is kept informed of a ticket wants no more of it (RFC 2369 section 3.2).

Only who never asked for anything can leave: people in copy, colleagues, who was admitted or invited. The
contact and the requester stay, what they get is the answer to what they asked. Who left is written to
again once they write, or an agent admits them.
"""

from __future__ import annotations

from dataclasses import replace

from handlers.decision import Decision, Notice, Recipient, Verdict
from handlers.desk import Level
from handlers.people.respond import is_machine
from handlers.steps.resending import is_contact
from handlers.ticket import Participant, Role, Ticket
from handlers.token import digest_of
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.visit import Visit
from handlers.word_lists import read_words
from handlers.words.closed_answers import bare
from parsers.folding import key_of

LEFT = "N_left"
MAY_LEAVE = (None, Role.OBSERVER, Role.PARTICIPANT)
"""None: people of the customer who are told what is said among them (R-8)."""

WORDS = frozenset(key_of(one) for phrases in read_words("leaving").values() for one in phrases)


def leave_ticket(visit: Visit) -> Decision | None:
    """Return the decision that sends somebody no more messages of a ticket, None for any other mail. The
    address that came with a message is enough, whatever the mail says and whichever machine
    sends it; a word asks for who writes it."""
    address = _asked_by_address(visit) or _asked_by_word(visit)
    tickets = _tickets_of(visit)
    leaving = [one for one in tickets if address and _may_leave(one, address)]
    if leaving:
        turns = [_without(visit, one, address) for one in leaving]
        about = leaving[0].id
        return visit.verdict(
            Verdict.APPLIED, "left", turns, _told(visit, leaving[0], address), about
        )
    gone = any(one.role_of(address) is Role.LEFT for one in tickets)
    return visit.verdict(Verdict.IGNORED, "left_already", about=tickets[0].id) if gone else None


def _may_leave(ticket: Ticket, address: str) -> bool:
    """Tell whether somebody never asked for it. A contact without a role is one that an agent named."""
    return ticket.role_of(address) in MAY_LEAVE and not is_contact(ticket, address)


def _tickets_of(visit: Visit) -> list[Ticket]:
    """Return the ticket that is meant, and those that were opened with it."""
    wish = visit.route.wish
    meant = visit.facts.tickets.get(wish.token.ticket_id) if wish is not None else visit.ticket
    if meant is None:
        return []
    group = (t for t in visit.facts.tickets.values() if meant.group and t.group == meant.group)
    return [meant, *(one for one in group if one.id != meant.id)]


def _asked_by_address(visit: Visit) -> str:
    """Return whose leave address the mail came to, "" for nobody's."""
    wish, tickets = visit.route.wish, _tickets_of(visit)
    if wish is None or not tickets:
        return ""
    known = (*(p.address for p in tickets[0].participants), visit.mail.sender.address)
    return next((one.lower() for one in known if digest_of(one) == wish.token.who), "")


def _asked_by_word(visit: Visit) -> str:
    """Return the sender when they are on the ticket and say nothing but that they leave, else ""."""
    if visit.ticket is None or is_machine(visit) or visit.forwarded:
        return ""
    said = bare(visit.words) if visit.words.strip() else key_of(visit.mail.subject)
    known = visit.actor.level >= Level.ORGANISATION and not visit.mail.attachments
    ours = visit.desk.agent(visit.mail.sender.address) is not None
    return visit.actor.address if said in WORDS and known and not ours else ""


def _without(visit: Visit, ticket: Ticket, address: str) -> Turn:
    had = next((p for p in ticket.participants if p.address.lower() == address), None)
    gone = replace(had, role=Role.LEFT) if had else Participant(address=address, role=Role.LEFT)
    others = tuple(p for p in ticket.participants if p.address.lower() != address)
    event = Event(
        kind=EventKind.MAIL,
        actor=Actor(address=address, name=gone.name, level=Level.ORGANISATION, role=Role.LEFT),
        cause=visit.cause,
        at=visit.now,
        requested_at=visit.requested_at,
        mail=visit.mail,
    )
    turn = visit.turn(event, ticket).with_ticket(participants=(*others, gone))
    return turn.with_step(f"{address} wants no more messages of it")


def _told(visit: Visit, ticket: Ticket, address: str) -> tuple[Notice, ...]:
    """Return the confirmation, to whom it concerns alone; a machine is obeyed and not answered."""
    if is_machine(visit) or LEFT not in visit.workflow.notices:
        return ()
    language = ticket.language or visit.desk.language
    name = visit.mail.sender.name if visit.mail.sender.address.lower() == address else ""
    to = Recipient(address=address, role=Role.OBSERVER, language=language, name=name)
    told = Notice(template=LEFT, to=to, ticket_id=ticket.id, in_reply_to=visit.mail.message_id)
    return (told,)
