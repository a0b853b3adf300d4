"""Fill the body of an errand: the names of an organisation's interface, the values of our ticket.

A text that begins with "$" is a value: `$serial` a field, `$account.repairer_id` what the
organisation knows us by, `$document.name` of the file that goes along, `$key` of the ticket. A
suffix says its type in JSON: `$gross|number`, `$title|integer`. What is empty is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.desk import Organisation
from handlers.errands.errand import Json
from handlers.process.errand_rule import ErrandRule
from handlers.ticket import Document, Ticket

_Known = Mapping[str, str]


def filled_body(
    rule: ErrandRule, ticket: Ticket, organisation: Organisation, known: _Known
) -> dict[str, Json]:
    """Return the body with its values. `known` are further values by their names."""
    account = {f"account.{name}": str(v) for name, v in organisation.account.items()}
    values = {**account, **ticket.fields, "key": ticket.key, **known}
    for name, words in rule.words.items():
        word = words.get(values.get(name, ""), values.get(name, ""))
        values[name] = values.get(word[1:], "") if word.startswith("$") else word
    filled = _filled(rule.body, values)
    return filled if isinstance(filled, dict) else {}


def document_values(document: Document, types: Mapping[str, str]) -> dict[str, str]:
    """Return what a body may say of the file that goes along; `types` are their words for kinds."""
    name, _, extension = document.filename.rpartition(".")
    return {
        "document.name": name or document.filename,
        "document.extension": extension if name else "",
        "document.type": types.get(document.kind, types.get("other", "")),
    }


def flat_rows(body: Mapping[str, Json], path: str = "") -> list[tuple[str, str]]:
    """Return a body as lines for a person: ("Product.SerialNumber", "SN123456")."""
    rows: list[tuple[str, str]] = []
    for name, value in body.items():
        if isinstance(value, dict):
            rows += flat_rows(value, f"{path}{name}.")
        else:
            rows.append((f"{path}{name}", str(value)))
    return rows


def _filled(template: Json, values: _Known) -> Json:
    if isinstance(template, dict):
        made = {name: _filled(inner, values) for name, inner in template.items()}
        return {name: value for name, value in made.items() if value not in ("", None, {}, [])}
    if isinstance(template, list):
        return [_filled(inner, values) for inner in template]
    if isinstance(template, str) and template.startswith("$"):
        return _value(template[1:], values)
    return template


def _value(named: str, values: _Known) -> Json:
    name, _, kind = named.partition("|")
    text = values.get(name, "")
    if not kind or not text:
        return text
    try:
        return float(text) if kind == "number" else int(text)
    except ValueError:
        return text
