"""From words to the sheet: the fields a mail fills, one device at a time (F-4, F-22, X-9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from handlers.process.workflow import Workflow
from handlers.words.field_values import (
    bare_number,
    filled,
    free_choices,
    free_text_values,
    read_value,
    vocabulary_of,
)
from parsers.fields.devices import items
from parsers.fields.imei import imeis
from parsers.fields.labels import Label, labelled
from parsers.fields.serials import serials
from parsers.fields.symptoms import described
from parsers.folding import key_of
from parsers.intents.courtesy import only_greets, without_courtesies

MOST_ITEMS = 50
_QUOTE_MARKS = re.compile(r"^(?:\s*>)+ ?")
_LINES = re.compile(r"[\n,;]")
_ALONE = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])?\s*((?=[\w/-]*\d)[A-Za-z0-9][\w/-]{3,39})\s*\.?\s*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """What a mail says of one device. `quantity` is how many the mail announces for it."""

    values: Mapping[str, str] = field(default_factory=dict)
    quantity: int = 1


def read_sheets(text: str, workflow: Workflow) -> tuple[Sheet, ...]:
    """Return one sheet per device of a new request, at least one.

    Labelled lines come first, then phrases of running text. The description of a text without
    labels is the text, of another one the paragraphs beside the labels that tell of a fault. What
    is said once for all devices (company, address) stands on every sheet.
    """
    known = vocabulary_of(workflow).known
    found = items(text, known)[:MOST_ITEMS]
    read = [labelled_values(item.fields, workflow) for item in found]
    shared = _shared(read)
    free = free_values(text, workflow, tuple(workflow.fields), single=len(read) == 1)
    if not all(values.get("description") for values in read):
        free = filled(free | {"description": _description(text, labelled(text, known))})
    return tuple(
        Sheet(values={**free, **shared, **values}, quantity=item.quantity)
        for item, values in zip(found, read, strict=True)
    )


def read_answers(
    text: str,
    workflow: Workflow,
    collects: tuple[str, ...],
    have: Mapping[str, str],
    written: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Return the fields a reply fills: labelled lines always, then what is `written` in a form that came
    with it, running text only for fields the state collects and the ticket still lacks, a bare number
    when only one is asked for."""
    known = vocabulary_of(workflow).known
    pairs = tuple((label.key, label.value) for label in labelled(text, known))
    values = {
        n: v for n, v in labelled_values(pairs, workflow).items() if not workflow.fields[n].kept
    }
    wanted = tuple(workflow.fields) if "*" in collects else collects
    open_fields = tuple(name for name in wanted if not have.get(name))
    asked = [n for n in workflow.required_fields(have) if n in open_fields]
    numbered = bare_number(workflow, asked, text) if len(asked) == 1 else {}
    free = free_values(text, workflow, open_fields, single=True)
    return {**free, **written, **numbered, **values}


def read_form(text: str, workflow: Workflow, have: Mapping[str, str]) -> dict[str, str]:
    """Return what was written into our quoted form, behind or below its labels (X-10).

    Only fields the ticket lacks are read: they were empty when we sent it, the words are not ours.
    """
    lines = (_QUOTE_MARKS.sub("", line) for line in text.splitlines())
    pairs = labelled("\n".join(lines), vocabulary_of(workflow).known)
    values = labelled_values(((pair.key, pair.value) for pair in pairs), workflow)
    form = (name for name, rule in workflow.fields.items() if rule.form and not have.get(name))
    return {name: values[name] for name in form if values.get(name)}


def read_list(text: str, workflow: Workflow) -> tuple[Sheet, ...]:
    """Return one sheet per device of the list we asked for: a table, labels, or a number a line (F-4a)."""
    sheets = read_sheets(text, workflow)
    if len(sheets) > 1:
        return sheets
    alone = (match[1].upper() for line in _LINES.split(text) if (match := _ALONE.fullmatch(line)))
    numbers = serials(text) or tuple(dict.fromkeys(alone))
    return tuple(Sheet(values={"serial": number}) for number in numbers[:MOST_ITEMS])


def free_values(
    text: str, workflow: Workflow, names: tuple[str, ...], *, single: bool
) -> dict[str, str]:
    """Return what running text says of these fields: choices by their words, a part number, an
    invoice or the day of purchase, one serial number."""
    wanted = tuple(n for n in names if not workflow.fields[n].kept)
    values = free_choices(workflow, wanted, text) | free_text_values(wanted, text)
    if single and "serial" in wanted:
        named = serials(text) or imeis(text)
        if len(named) == 1:
            values["serial"] = named[0].upper()
    return values


def described_beside(text: str, labels: Sequence[Label]) -> str:
    """Return what stands beside the labelled lines of a text, without greeting and thanks."""
    taken = {n for label in labels if label.heads for n in range(label.line, label.last + 1)}
    rest = (line for number, line in enumerate(text.split("\n"), 1) if number not in taken)
    beside = without_courtesies("\n".join(rest))
    return "" if labels and only_greets(beside) else beside


def _description(text: str, labels: Sequence[Label]) -> str:
    """Return what running text tells of the fault, the labelled lines left out."""
    if not labels:
        return without_courtesies(text)
    taken = {n for label in labels if label.heads for n in range(label.line, label.last + 1)}
    rest = (line for number, line in enumerate(text.split("\n"), 1) if number not in taken)
    told = described("\n".join(rest))
    return without_courtesies(told) if told else ""


def labelled_values(pairs: Iterable[tuple[str, str]], workflow: Workflow) -> dict[str, str]:
    """Return the fields that labels fill, those that suit them."""
    values: dict[str, str] = {}
    asked = vocabulary_of(workflow).asked
    for written, given in pairs:
        name = asked.get(key_of(written), "")
        if name and given.strip():
            values[name] = read_value(workflow, name, given, label=written) or values.get(name, "")
    return filled(values)


def _shared(read: list[dict[str, str]]) -> dict[str, str]:
    """Return what only one device's lines say but is true of all: not what identifies a device."""
    shared: dict[str, str] = {}
    for values in read:
        for name, value in values.items():
            if name not in ("serial", "reference", "description", "purchase_proof"):
                shared.setdefault(name, value)
    return shared if len(read) > 1 else {}
