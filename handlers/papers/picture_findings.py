"""What an agent should know of the pictures of a ticket: codes that were read, and where else the same
picture lies. A code brings the command that takes it, ready to copy."""

from __future__ import annotations

from handlers.decision import Value
from handlers.papers.device_numbers import plain
from handlers.papers.photo_codes import read_for
from handlers.process.command_line import command_line
from handlers.process.workflow import FieldRule, Workflow, said
from handlers.sentence import Sentence
from handlers.ticket import Document
from handlers.turn import Turn
from parsers.folding import key_of

CORRECTING = "field"


def picture_rows(turn: Turn, language: str) -> list[Value]:
    """Return the lines of a work item about pictures."""
    ticket = turn.ticket
    codes = [
        _code_row(ticket.fields.get(name, ""), rule, document, value, language)
        for name, rule in turn.workflow.fields.items()
        for document, value in read_for(ticket, name)
    ]
    seen = [d for d in ticket.documents if "seen_elsewhere" in d.flags]
    return [*codes, *(_seen_row(document, language) for document in seen)]


def code_commands(turn: Turn, language: str) -> list[Value]:
    """Return the commands that take a code for a field which is empty or says something else."""
    if CORRECTING not in turn.workflow.commands:
        return []
    return [
        {
            "line": field_command(turn.workflow, name, value, language),
            "help": _said("take_code", language, number=str(document.number)),
        }
        for name in turn.workflow.fields
        for document, value in read_for(turn.ticket, name)
        if plain(value) != plain(turn.ticket.fields.get(name, ""))
    ]


def field_command(workflow: Workflow, name: str, value: str, language: str) -> str:
    """Return the command that sets a field, in the words of a language: "#champ serie=SN1"."""
    written = _short_name(workflow.fields[name], name, language)
    return command_line(workflow.commands[CORRECTING], language, f"{written}={value}")


def _code_row(
    declared: str, rule: FieldRule, document: Document, value: str, language: str
) -> Value:
    verdict = "code_offered"
    if declared:
        verdict = "code_same" if plain(declared) == plain(value) else "code_differs"
    label = said(rule.label, language)
    return {
        "label": _said("code_read", language, field=label, number=str(document.number)),
        "value": _said(verdict, language, word=value, declared=declared),
    }


def _seen_row(document: Document, language: str) -> Value:
    return {
        "label": _said("same_picture", language, number=str(document.number)),
        "value": ", ".join(document.fields.get("seen_on", "").split()),
    }


def _short_name(rule: FieldRule, name: str, language: str) -> str:
    """Return how people of a language call a field in one word, its own name when nothing fits."""
    words = key_of(said(rule.label, language)).split()
    return next((n for n in rule.names if n in words and len(n) > 2), name)


def _said(code: str, language: str, **values: str) -> str:
    return Sentence(code=code, values=values).said(language)
