"""Parent and child: a ticket that another one opens, and how they hear of one another (R-5, R-25, I-T11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from handlers.advance import AUTOMATIC_STEPS, advance
from handlers.people.authority import organisation_of
from handlers.steps.effects import effect
from handlers.steps.guards import guard
from handlers.ticket import FIRST_CHILD, ITEMS_PER_MAIL, Participant, Role, Ticket
from handlers.together import linked, members, standing, turn_to
from handlers.turn import Event, EventKind, Turn

PARENT = "parent"
ORIGINS = {"m": 0, "t": 8_000_000_000, "e": 9_000_000_000}
"""What is added to the number of a mail, a timer, an answer, so that their tickets never collide."""


@guard
def in_group(turn: Turn) -> bool:
    """Other tickets were opened together with this one."""
    return len(members(turn)) > 1


@guard
def all_in_group(turn: Turn, value: list[str]) -> bool:
    """Every ticket of the group, this one among them, is in one of these states now."""
    return all(one.state in value for one in members(turn))


@guard
def any_in_group(turn: Turn, value: list[str]) -> bool:
    """A ticket of the group, be it this one, is in one of these states now."""
    return any(one.state in value for one in members(turn))


@guard
def leads_group(turn: Turn) -> bool:
    """The ticket is the first of its group in its state: it speaks for the others (A-48)."""
    same = (one.id for one in members(turn) if one.state == turn.ticket.state)
    return turn.ticket.id == next(same, turn.ticket.id)


@guard
def linked_in(turn: Turn, link: str, states: list[str]) -> bool:
    """There are tickets under the link, and all of them are in one of these states now."""
    found = linked(turn, link)
    return bool(found) and all(one.state in states for one in found)


@effect
def open_child(
    turn: Turn,
    *,
    signal: str,
    link: str = "child",
    contact: str = "",
    copy: Sequence[str] = (),
    fill: Mapping[str, str] | None = None,
) -> Turn:
    """Open a ticket of the same process by a signal: a row from `new` that hears it says what it is.

    Its people are those of this ticket, or the address in the field `contact` alone: then nothing
    of this ticket is passed on but the fields of `copy`, and those of `fill` by the field they come
    from. Nothing is opened when no row hears the signal, nor beyond 500 tickets of one event.
    """
    given = {name: turn.ticket.fields.get(name, "") for name in copy}
    given |= {name: turn.ticket.fields.get(source, "") for name, source in (fill or {}).items()}
    own_contact = turn.ticket.fields.get(contact, "") if contact else ""
    number, numbers = turn.numbers.next_child()
    if FIRST_CHILD + number >= ITEMS_PER_MAIL:  # the next ids are those of another cause
        return turn.with_step(f"{signal}: one event opens no more tickets")
    parent = replace(turn, numbers=numbers)
    ticket = _child(parent, FIRST_CHILD + number, own_contact, given)
    child = _hearing(turn_to(parent, ticket), signal, apart=bool(own_contact))
    child = advance(replace(child, opened=True, articles=() if own_contact else turn.articles))
    if not child.fired:
        return turn
    parent = turn_to(child, standing(child)[turn.ticket.id])
    known = parent.ticket.links.get(link, "")
    links = {**parent.ticket.links, link: f"{known} {child.ticket.key}".strip()}
    return parent.with_ticket(links=links)


@effect
def fire_in(turn: Turn, link: str, signal: str) -> Turn:
    """Let the tickets under a link hear a signal; one that has no row for it is left alone."""
    mine = turn.ticket.id
    for other in linked(turn, link):
        there = turn_to(turn, standing(turn)[other.id])
        if len(there.fired) >= AUTOMATIC_STEPS:
            continue  # two tickets that answer one another for ever
        heard = advance(_hearing(there, signal, apart=there.ticket.contact != turn.ticket.contact))
        if len(heard.fired) > len(there.fired):
            heard = replace(heard, event=there.event)
            turn = turn_to(heard, standing(heard)[mine])
    return turn


def _hearing(turn: Turn, signal: str, *, apart: bool) -> Turn:
    """Return the turn with the signal as its event; nobody's words go to people `apart`."""
    event = turn.event
    heard = Event(
        kind=EventKind.SIGNAL,
        name=signal,
        actor=event.actor,
        cause=event.cause,
        at=event.at,
        requested_at=event.requested_at,
        language=event.language,
        arguments=event.arguments,
        said="" if apart else event.said,
    )
    return replace(turn, event=heard)


def _child(turn: Turn, index: int, contact: str, fields: Mapping[str, str]) -> Ticket:
    parent, at, workflow = turn.ticket, turn.event.at, turn.workflow
    known = turn.facts.contacts.get(contact.lower())
    theirs = known.language if known is not None else turn.desk.language
    origin = ORIGINS[turn.event.cause[:1]] + int(turn.event.cause[1:])
    key = f"{workflow.keys.draft}-{origin:06d}-{index + 1}"
    people = (Participant(address=contact, role=Role.CONTACT),) if contact else parent.participants
    address = contact or parent.contact
    named = {"contact": address} if "contact" in workflow.fields else {}
    return Ticket(
        id=origin * ITEMS_PER_MAIL + index,
        desk=parent.desk,
        workflow=parent.workflow,
        key=key,
        draft_key=key,
        state=next(iter(workflow.states)),
        opened_at=at,
        requested_at=turn.event.requested_at,
        state_since=at,
        changed_at=at,
        contact=address,
        language=theirs if contact else parent.language,
        organisation=organisation_of(contact, turn.facts) if contact else parent.organisation,
        subject="" if contact else parent.subject,
        fields={name: value for name, value in {**named, **fields}.items() if value},
        participants=people,
        links={PARENT: parent.key},
    )
