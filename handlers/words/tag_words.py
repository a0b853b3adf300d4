"""What a kind of message is called, and how its sender gives it another one (R-1)."""

from __future__ import annotations

from handlers.decision import Value
from handlers.process.workflow import said
from handlers.turn import Turn


def tag_label(turn: Turn, language: str) -> str:
    """Return what the kind of this message is called, "" when it has none."""
    rule = turn.workflow.tags.get(turn.event.tag)
    return said(rule.label, language) if rule is not None else ""


def other_kinds(turn: Turn, language: str) -> list[Value]:
    """Return the kinds that the sender may still give the message, as (word to write, label)."""
    return [
        {"word": rule.names[0 if language == "fr" else -1], "label": said(rule.label, language)}
        for name, rule in turn.workflow.tags.items()
        if rule.retype and name != turn.event.tag
    ]
