"""What an event came to: the turns of its tickets as one decision."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.clocks.holding import with_clocks
from handlers.decision import Decision, Verdict
from handlers.groups.grouping import notices_of
from handlers.numbering import furthest
from handlers.together import every_turn
from handlers.turn import Turn


def outcome_of(turns: Iterable[Turn], *, reason: str, about: int) -> Decision:
    """Return the decision that applies these turns and those beside them, all or none."""
    turned = tuple(with_clocks(turn) for turn in every_turn(turns))
    return Decision(
        verdict=Verdict.APPLIED,
        reason=reason,
        about=about,
        changes=tuple(turn.change() for turn in turned),
        notices=notices_of(turned),
        numbers=furthest(turn.numbers for turn in turned),
    )
