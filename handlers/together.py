"""Tickets that one event moves together: a group, a parent and its children (A-34, F-48, I-T11).

A turn keeps the turns of the other tickets beside it. `turn_to` looks at another ticket in the
same event, so that guards see what has changed so far and numbers are drawn one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from handlers.ticket import Ticket
from handlers.turn import Turn


def every_turn(turns: Iterable[Turn]) -> Iterator[Turn]:
    """Yield turns, each followed by those beside it, in the order of their tickets."""
    for turn in turns:
        yield replace(turn, others=())
        yield from sorted(turn.others, key=lambda other: other.ticket.id)


def standing(turn: Turn) -> dict[int, Ticket]:
    """Return every ticket the turn knows of, as it stands now, by id."""
    changed = {other.ticket.id: other.ticket for other in turn.others}
    return {**turn.facts.tickets, **changed, turn.ticket.id: turn.ticket}


def members(turn: Turn) -> tuple[Ticket, ...]:
    """Return the tickets of the turn's group in the order of their lines, its own among them."""
    group = turn.ticket.group
    if not group:
        return (turn.ticket,)
    return in_order(one for one in standing(turn).values() if one.group == group)


def in_order(lines: Iterable[Ticket]) -> tuple[Ticket, ...]:
    """Return lines of a group as they are numbered: a mail that was held up adds its lines behind those
    that are there, though it came before them."""
    return tuple(sorted(lines, key=lambda one: (one.opened_at, one.id)))


def linked(turn: Turn, link: str) -> tuple[Ticket, ...]:
    """Return the tickets that the turn's ticket has under a link, such as "parent"."""
    keys = turn.ticket.links.get(link, "").split()
    named = (t for t in standing(turn).values() if t.key in keys or t.draft_key in keys)
    return tuple(sorted(named, key=lambda one: one.id))


def turn_to(turn: Turn, ticket: Ticket) -> Turn:
    """Return the turn of another ticket in the same event, this one kept beside it."""
    if ticket.id == turn.ticket.id:
        return turn
    rest = tuple(other for other in turns_beside(turn) if other.ticket.id != ticket.id)
    known = next((other for other in turn.others if other.ticket.id == ticket.id), None)
    known = known or Turn(
        workflow=turn.workflow,
        desk=turn.desk,
        facts=turn.facts,
        event=turn.event,
        ticket=ticket,
    )
    return replace(known, numbers=turn.numbers, others=rest)


def turns_beside(turn: Turn) -> tuple[Turn, ...]:
    """Return what stands beside the turn of another ticket: those beside this one, and itself."""
    return (*turn.others, replace(turn, others=()))
