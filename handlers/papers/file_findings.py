"""What an agent should know of the files of a ticket: what may be what, what was refused and why.

A document that is unsure brings the command that names it, ready to copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.decision import Notice, Value
from handlers.papers.form_doubt import FormDoubt
from handlers.process.command_line import command_line, name_in
from handlers.process.workflow import Workflow, said
from handlers.sentence import Sentence
from handlers.ticket import Document, Visibility
from handlers.turn import Turn
from handlers.word_lists import read_words
from parsers.mail import Attachment

REFUSALS: dict[str, dict[str, str]] = read_words("refusals")
NAMING = "document"
MOST_SHOWN = 300


def file_rows(turn: Turn, language: str) -> list[Value]:
    """Return the lines of a work item about files: unsure ones, those no scanner saw, infected and
    refused ones, and what forms leave in doubt."""
    kept = [d for d in turn.ticket.documents if not d.flags & {"disabled", "replaced"}]
    unsure = [d for d in kept if "unsure" in d.flags]
    unscanned = [d for d in kept if "unscanned" in d.flags]
    infected = [d for d in kept if "infected" in d.flags]
    return [
        *(_unsure_row(turn.workflow, one, language) for one in unsure),
        *(_unscanned_row(one, language) for one in unscanned),
        *(_infected_row(one, language) for one in infected),
        *(_refused_row(one, language) for one in turn.event.refused),
        *(_doubt_row(turn.workflow, one, language) for one in turn.event.form_doubts),
    ]


def with_file_rows(notices: Iterable[Notice], turn: Turn) -> tuple[Notice, ...]:
    """Return work items that also show what the files of the turn may be and which were refused."""
    return tuple(_with_rows(one, file_rows(turn, one.to.language)) for one in notices)


def reason_of(refusal: str, language: str) -> str:
    """Return why a file was refused, in a word for agents."""
    return said(REFUSALS.get(refusal, REFUSALS["other"]), language)


def refused_sentence(file: Attachment, language: str) -> Sentence:
    """Return what an agent is told of a file of theirs that was refused."""
    values = {"name": file.filename, "reason": reason_of(file.refusal, language)}
    return Sentence(code="file_refused", values=values)


def unscanned_sentences(documents: Iterable[Document]) -> tuple[Sentence, ...]:
    """Return what an agent is told of files of theirs that cannot go out: no scanner has seen them."""
    kept = (d for d in documents if "unscanned" in d.flags and d.visibility is Visibility.PUBLIC)
    return tuple(Sentence(code="file_unscanned", values={"name": d.filename}) for d in kept)


def naming_command(workflow: Workflow, document: Document, language: str) -> str:
    """Return the command that says what a document is, "" when the workflow has none."""
    rule = workflow.commands.get(NAMING)
    if rule is None:
        return ""
    kind = name_in(rule.words.get("kind", {}).get(document.kind, (document.kind,)), language)
    return command_line(rule, language, number=str(document.number), kind=kind)


def _with_rows(notice: Notice, rows: list[Value]) -> Notice:
    found = notice.values.get("found")
    shown = [*(found if isinstance(found, list) else ()), *rows]
    return replace(notice, values={**notice.values, "found": shown})


def _unsure_row(workflow: Workflow, document: Document, language: str) -> Value:
    kind = said(workflow.documents.get(document.kind, {}), language) or document.kind
    command = naming_command(workflow, document, language)
    values = {"name": document.filename, "kind": kind, "command": command}
    return {
        "label": _said("document_to_type", language, number=str(document.number)),
        "value": _said("maybe", language, **values),
    }


def _unscanned_row(document: Document, language: str) -> Value:
    return {
        "label": _said("document_unscanned", language, number=str(document.number)),
        "value": _said("unscanned", language, name=document.filename),
    }


def _infected_row(document: Document, language: str) -> Value:
    return {
        "label": _said("document_infected", language, number=str(document.number)),
        "value": f"{document.filename} – {reason_of('infected', language)}",
    }


def _refused_row(file: Attachment, language: str) -> Value:
    return {
        "label": _said("refused_file", language),
        "value": f"{file.filename} – {reason_of(file.refusal, language)}",
    }


def _doubt_row(workflow: Workflow, doubt: FormDoubt, language: str) -> Value:
    code = "form_contradicts" if doubt.said else "form_unread"
    shown = {name: _shown(workflow, doubt, value, language) for name, value in _sides(doubt)}
    return {
        "label": _said("form_of", language, source=doubt.source),
        "value": _said(code, language, label=doubt.label, **shown),
    }


def _sides(doubt: FormDoubt) -> tuple[tuple[str, str], ...]:
    return ("value", doubt.value), ("said", doubt.said), ("kept", doubt.kept)


def _shown(workflow: Workflow, doubt: FormDoubt, value: str, language: str) -> str:
    """Return a value as people write it: a choice by its label, a long text cut."""
    choices = workflow.fields[doubt.name].choices if doubt.name else {}
    shown = said(choices[value].label, language) if value in choices else value
    return " ".join(shown.split())[:MOST_SHOWN] or "–"


def _said(code: str, language: str, **values: str) -> str:
    return Sentence(code=code, values=values).said(language)
