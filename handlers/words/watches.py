"""Words that a desk watches for: a customer who says them raises a flag, in any state (I-25, I-49)."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.turn import Turn
from parsers.fields.said import phrases_said


def watched(turn: Turn) -> Turn:
    """Return the turn with the flags raised whose words the customer says."""
    raised = (
        flag
        for flag, words in turn.workflow.watches.items()
        if phrases_said(turn.event.said, _phrases(words))
    )
    return turn.with_flags(*raised)


def _phrases(words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(phrase for phrases in words.values() for phrase in phrases)
