"""How a command is written for the agent who copies it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.process.command_rule import CommandRule


def name_in(names: Sequence[str], language: str) -> str:
    """Return the name that readers of a language see: French ones the first, others the last."""
    return names[0 if language == "fr" else -1]


def command_line(rule: CommandRule, language: str, *bare: str, **arguments: str) -> str:
    """Return a command with bare words, then arguments by our names for them: "#document n°=2
    type=commande"."""
    named = (f"{name_in(rule.arguments[key], language)}={arguments[key]}" for key in arguments)
    return " ".join((f"#{name_in(rule.names, language)}", *bare, *named))
