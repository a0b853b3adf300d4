"""What a kind of message is called, and how its sender gives it another one (R-1)."""

from __future__ import annotations

from handlers.decision import Value
from handlers.process.command_line import name_in
from handlers.process.tag_rule import TagRule
from handlers.process.workflow import said
from handlers.turn import Turn
from parsers.folding import fold


def tag_label(turn: Turn, language: str) -> str:
    """Return what the kind of this message is called, "" when it has none."""
    rule = turn.workflow.tags.get(turn.event.tag)
    return said(rule.label, language) if rule is not None else ""


def other_kinds(turn: Turn, language: str) -> list[Value]:
    """Return the kinds that the sender may still give the message, as (word to write, label)."""
    return [
        {"word": _word(rule, language), "label": said(rule.label, language)}
        for name, rule in turn.workflow.tags.items()
        if rule.retype and name != turn.event.tag
    ]


def _word(rule: TagRule, language: str) -> str:
    """Return what its sender writes behind "type": what the kind is called, where that is a name of it."""
    label = said(rule.label, language)
    written = fold(label) in map(fold, rule.names)
    return label if written else name_in(rule.names, language)
