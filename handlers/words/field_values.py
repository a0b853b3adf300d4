"""From what people write to the fields of a workflow: labels, choices, values (F-6, F-8, F-22)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.papers.paper_fields import amount_text
from handlers.process.workflow import FieldRule, Workflow
from parsers.fields.amounts import amount_of, amounts
from parsers.fields.bare_values import (
    is_unknown,
    part_in,
    purchase_in,
    serial_in,
    without_number_sign,
)
from parsers.fields.counts import pieces_in
from parsers.fields.days import date_of
from parsers.fields.label_names import QUANTITIES, SERIALS
from parsers.fields.part_numbers import parts_of
from parsers.fields.said import phrases_said
from parsers.folding import key_of
from parsers.intents.sentences import without_questions
from parsers.mime.address import read_address

_GLUED = re.compile(r"(?<=\d)(?=[A-Za-z])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """The words of a workflow's fields, folded: labels and the field each means, and the phrases
    that mean a choice. Made once per workflow, because every mail asks for it. `known` are the labels
    and those that announce a quantity; `asked` are the labels as a requester means them: "motif" is
    why the device comes, not why we refuse."""

    fields: Mapping[str, str]
    asked: Mapping[str, str]
    known: frozenset[str]
    choices: Mapping[str, Mapping[str, str]]


_vocabularies: dict[int, tuple[Workflow, Vocabulary]] = {}


def vocabulary_of(workflow: Workflow) -> Vocabulary:
    """Return the words of a workflow's fields."""
    kept = _vocabularies.get(id(workflow))
    if kept is None:  # the workflow is kept too: its id stays its own
        kept = _vocabularies[id(workflow)] = (workflow, _vocabulary(workflow))
    return kept[1]


def _vocabulary(workflow: Workflow) -> Vocabulary:
    fields = {
        key_of(written): name
        for name, rule in workflow.fields.items()
        for written in (name, *rule.names, *rule.label.values())
    }
    fields |= _asked(workflow)  # what requesters fill goes before what the desk keeps
    number = next((n for n, rule in workflow.fields.items() if rule.type == "serial"), "")
    fields |= {key: number for key in SERIALS - fields.keys() if number}
    choices = {name: _phrases(rule) for name, rule in workflow.fields.items() if rule.choices}
    return Vocabulary(
        fields=fields,
        asked=fields,
        known=frozenset(fields) | QUANTITIES,
        choices=choices,
    )


def _asked(workflow: Workflow) -> dict[str, str]:
    """Return the labels of the fields that requesters fill."""
    return {
        key_of(written): name
        for name, rule in workflow.fields.items()
        if not rule.kept
        for written in (name, *rule.names, *rule.label.values())
    }


def _phrases(rule: FieldRule) -> dict[str, str]:
    """Return the code of the choice that each folded phrase means."""
    phrases: dict[str, str] = {}
    for code, choice in rule.choices.items():
        every = list(choice.label.values())
        every += [phrase for phrases_of in choice.words.values() for phrase in phrases_of]
        phrases.update({key_of(phrase): code for phrase in every})
    return phrases


def field_named(workflow: Workflow, written: str) -> str:
    """Return the field that a written label means, "" when there is none."""
    return vocabulary_of(workflow).fields.get(key_of(written), "")


def read_value(workflow: Workflow, name: str, written: str, label: str = "") -> str:
    """Return a value as the ticket keeps it, "" when it does not suit the field.

    A choice may be said by label and value together: "Garantie : oui".
    """
    rule, text = workflow.fields[name], written.strip()
    if rule.pattern:
        text = _beginning(rule.pattern, text)
    if rule.type == "choice":
        return (
            _by_number(rule, text)
            or choice_in(workflow, name, text)
            or choice_in(workflow, name, f"{label} {text}")
        )
    if rule.type == "address":
        return read_address(text).lower()
    if rule.type == "amount":
        return amount_text(amount_of(text))
    if rule.type == "count":
        return pieces_in(text)
    if rule.type == "date":
        day = date_of(text, "")
        return day.isoformat() if day else ""
    if is_unknown(text):
        return ""
    if rule.type == "serial":
        return serial_in(text)
    return part_in(text) if name == "reference" else without_number_sign(text)


def bare_number(workflow: Workflow, names: Iterable[str], text: str) -> dict[str, str]:
    """Return the numbered choice that a text of nothing but its number answers (A-18): "3"."""
    rules = {name: workflow.fields[name] for name in names}
    return filled({name: _by_number(rule, text.strip()) for name, rule in rules.items()})


def _by_number(rule: FieldRule, text: str) -> str:
    """Return the choice with this number in a numbered list, "" for any other text: "03" is a code."""
    number = re.fullmatch(r"([1-9]\d?)[.)]?", text) if rule.numbered else None
    place = int(number[1]) if number else 0
    return list(rule.choices)[place - 1] if 0 < place <= len(rule.choices) else ""


def _beginning(pattern: str, text: str) -> str:
    """Return what suits the pattern, all of a text or what stands before its next words: "100045871
    of the 28th"; "" when nothing does."""
    found = re.fullmatch(pattern, text, re.IGNORECASE)
    found = found or re.match(rf"(?:{pattern})(?=[ \t]+[^\W\d])", text, re.IGNORECASE)
    return found.group() if found else ""


def currencies_in(text: str) -> tuple[str, ...]:
    """Return the currencies that amounts of a text bear, glued to their digits as well: "412,80CHF"."""
    return tuple(dict.fromkeys(money.currency for money in amounts(_GLUED.sub(" ", text))))


def choice_in(workflow: Workflow, name: str, text: str) -> str:
    """Return the one choice a text means; "" when it means none, or several (F-8)."""
    code = key_of(text).replace(" ", "_")
    if code in workflow.fields[name].choices:
        return code
    phrases = vocabulary_of(workflow).choices[name]
    meant = {phrases[hit] for hit in phrases_said(text, tuple(phrases))}
    return meant.pop() if len(meant) == 1 else ""


def free_choices(workflow: Workflow, names: Iterable[str], text: str) -> dict[str, str]:
    """Return the choice fields that running text answers ("encore sous garantie", "à réparer")."""
    text = without_questions(text)
    choices = vocabulary_of(workflow).choices
    return filled({name: choice_in(workflow, name, text) for name in names if name in choices})


def free_text_values(names: Iterable[str], text: str) -> dict[str, str]:
    """Return the part number and the proof of purchase that running text surely names, of `names`."""
    wanted = frozenset(names)
    parts = parts_of(text) if "reference" in wanted else ()
    proof = purchase_in(text) if "purchase_proof" in wanted else ""
    return filled({"reference": parts[0] if len(parts) == 1 else "", "purchase_proof": proof})


def filled(values: Mapping[str, str]) -> dict[str, str]:
    """Return only the fields that have a value."""
    return {name: value for name, value in values.items() if value}
