"""From what people write to the fields of a workflow: labels, choices, values (F-6, F-8, F-22)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from handlers.workflow import FieldRule, Workflow
from parsers.address import read_address
from parsers.folding import key_of
from parsers.values import date_of, found


@lru_cache(maxsize=16)
def label_keys(names: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return field names by the folded labels people write."""
    return {key_of(written): name for written, name in names}


def labels_of(workflow: Workflow) -> dict[str, str]:
    """Return the field that each known label stands for, by folded label."""
    pairs: list[tuple[str, str]] = []
    for name, rule in workflow.fields.items():
        pairs += [(written, name) for written in (name, *rule.names, *rule.label.values())]
    return label_keys(tuple(pairs))


def field_named(workflow: Workflow, written: str) -> str:
    """Return the field that a written label means, "" when there is none."""
    return labels_of(workflow).get(key_of(written), "")


def read_value(workflow: Workflow, name: str, written: str) -> str:
    """Return a value as the ticket keeps it, "" when it does not suit the field."""
    rule, text = workflow.fields[name], written.strip()
    if rule.pattern and not re.fullmatch(rule.pattern, text, re.IGNORECASE):
        return ""
    if rule.type == "choice":
        return choice_in(rule, text)
    if rule.type == "address":
        return read_address(text).lower()
    if rule.type == "date":
        day = date_of(text, "")
        return day.isoformat() if day else ""
    return text.upper() if rule.type == "serial" else text


def choice_in(rule: FieldRule, text: str) -> str:
    """Return the one choice a text means; "" when it means none, or several (F-8)."""
    meant = _choices_meant(rule, text)
    return meant[0] if len(meant) == 1 else ""


def free_choices(workflow: Workflow, names: Iterable[str], text: str) -> dict[str, str]:
    """Return the choice fields that running text answers ("encore sous garantie", "à réparer")."""
    rules = {n: workflow.fields[n] for n in names if workflow.fields[n].type == "choice"}
    chosen = {name: choice_in(rule, text) for name, rule in rules.items()}
    return {name: value for name, value in chosen.items() if value}


def _choices_meant(rule: FieldRule, text: str) -> list[str]:
    phrases: dict[str, str] = {}
    for code, choice in rule.choices.items():
        every = [code.replace("_", " "), *choice.label.values()]
        every += [phrase for phrases_of in choice.words.values() for phrase in phrases_of]
        phrases.update({key_of(phrase): code for phrase in every})
    hits = found(text, tuple(phrases))
    return list(dict.fromkeys(phrases[key_of(hit)] for hit in hits))


def filled(values: Mapping[str, str]) -> dict[str, str]:
    """Return only the fields that have a value."""
    return {name: value for name, value in values.items() if value}
