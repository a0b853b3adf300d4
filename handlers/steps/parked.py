"""Commands about messages that were over a budget (X-30): release them, or have them discarded."""

from __future__ import annotations

from dataclasses import replace

from handlers.steps.effects import effect
from handlers.ticket import PARKED
from handlers.together import members, turn_to
from handlers.turn import Turn


@effect
def release_parked(turn: Turn) -> Turn:
    """Let the parked messages of the ticket, and of those opened with it, leave in their order."""
    return _end(turn, "released")


@effect
def discard_parked(turn: Turn) -> Turn:
    """Put the parked messages of the ticket, and of those opened with it, aside for good."""
    return _end(turn, "discarded")


def _end(turn: Turn, fate: str) -> Turn:
    first, parked = turn.ticket, turn.facts.parked
    mine = [one for one in members(turn) if PARKED in one.flags or parked.get(one.id)]
    count = sum(parked.get(one.id, 0) for one in mine)
    if not count:
        return turn.with_error("nothing_parked")
    for ticket in mine:
        turn = turn_to(turn, ticket).without_flags(PARKED)
        turn = replace(turn, parked=fate)
        number = parked.get(ticket.id, 0)
        turn = turn.with_step(f"{number} parked messages {fate}") if number else turn
    return turn_to(turn, first).with_done(f"parked_{fate}", count=str(count))
