"""Join a ticket with another one of the same customer, or end it out of turn (0.4, X-7)."""

from __future__ import annotations

from dataclasses import replace

from handlers.advance import enter
from handlers.facts import Facts
from handlers.process.workflow import said
from handlers.steps.effects import effect
from handlers.ticket import Document, Participant, Role, Ticket
from handlers.together import standing, turn_to
from handlers.turn import Turn

MERGED_INTO = "merged_into"
MOST_HOPS = 5


@effect
def close_ticket(turn: Turn) -> Turn:
    """End the ticket in the closing state of its workflow, whatever its state."""
    state = turn.workflow.closing_state(turn.ticket.state)
    if turn.ticket.closed_at is not None:
        label = said(turn.workflow.states[turn.ticket.state].label, turn.event.language)
        return turn.with_error("not_now", name=turn.event.written, state=label)
    return enter(turn, state, f"#{turn.event.name}").with_done("closed")


@effect
def merge_into(turn: Turn) -> Turn:
    """Pass articles, documents and people on to the ticket that the command names, and end this one:
    what is written to it goes to the other from now on."""
    wanted = turn.event.arguments.get("to", "")
    target = standing(turn).get(turn.facts.key_in(wanted))
    if target is None or target.id == turn.ticket.id:
        return turn.with_error("no_such_ticket", word=wanted)
    if MERGED_INTO in {**turn.ticket.links, **target.links}:
        return turn.with_error("merged_already", word=wanted)
    if not _same_customer(turn.ticket, target):
        return turn.with_error("other_customer", word=target.key)
    gone = turn.ticket
    other = _receive(turn_to(turn, target), gone)
    turn = turn_to(other, standing(other)[gone.id])
    turn = turn.with_ticket(links={**gone.links, MERGED_INTO: target.key})
    if turn.ticket.closed_at is None:
        end = turn.workflow.closing_state(turn.ticket.state)
        turn = enter(turn, end, f"merged into {target.key}")
    return turn.with_done("merged", word=target.key)


def end_of_merges(facts: Facts, ticket_id: int) -> int:
    """Return the ticket that a ticket was merged into, at the end of the chain; itself for none."""
    by_key = {one.key: one.id for one in facts.tickets.values()}
    by_key |= {one.draft_key: one.id for one in facts.tickets.values()}
    for _ in range(MOST_HOPS):
        known = facts.tickets.get(ticket_id)
        following = by_key.get(known.links.get(MERGED_INTO, "")) if known is not None else None
        if following is None:
            break
        ticket_id = following
    return ticket_id


def _same_customer(one: Ticket, other: Ticket) -> bool:
    """Tell whether two tickets are of the same person or organisation: nothing is told to others."""
    same = bool(one.organisation) and one.organisation == other.organisation
    contact = one.contact.lower()
    return same or (bool(contact) and (contact == other.contact.lower() or other.admits(contact)))


def _receive(turn: Turn, gone: Ticket) -> Turn:
    """Return the turn of the ticket that goes on, with what the other one had."""
    ticket, first = turn.ticket, turn.ticket.next_document
    documents = tuple(
        _numbered(document, number) for number, document in enumerate(gone.documents, start=first)
    )
    known = {person.address.lower() for person in ticket.participants}
    people = tuple(_guest(p) for p in gone.participants if p.address.lower() not in known)
    turn = turn.with_ticket(
        documents=(*ticket.documents, *documents),
        participants=(*ticket.participants, *people),
    )
    said_there = turn.facts.articles.get(gone.id, ())
    turn = replace(turn, articles=(*turn.articles, *said_there))
    return turn.with_step(f"{gone.key} merged into it")


def _numbered(document: Document, number: int) -> Document:
    return replace(document, number=number)


def _guest(person: Participant) -> Participant:
    """Return somebody of the other ticket as a participant: the contact stays who it is."""
    decides = person.role in (Role.CONTACT, Role.REQUESTER)
    return replace(person, role=Role.PARTICIPANT) if decides else person
