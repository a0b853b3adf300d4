"""Guards and effects about rows of a table that belong to a ticket: warranties of a dossier (R-27, R-31)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from handlers.book import Row, value_key
from handlers.papers.paper_rows import Shape, rows_in
from handlers.process.table_rules import rule_of
from handlers.steps.effects import effect, replace_document
from handlers.steps.guards import guard
from handlers.steps.kept_rows import kept_rows, written
from handlers.turn import Turn
from parsers.folding import fold, key_of

_APART = re.compile(r"[,;\s]+")
_SIZE = re.compile(r"(\d+(?:[.,]\d+)?)(mm|cm|m)?")
UNITS = {"mm": 1, "cm": 10, "m": 1000}


@effect
def read_rows(
    turn: Turn, table: str, first: str, into: str, pairs: dict[str, str] | None = None
) -> Turn:
    """Keep the rows of a table that the files of this event say; "" when they say none (R-27). `pairs`
    maps a label to the columns that its value fills ("dimensions: width height colour")."""
    columns = {label: tuple(names.split()) for label, names in (pairs or {}).items()}
    shape = Shape(rule=rule_of(table, turn.workflow.tables), first=first, pairs=columns)
    files = turn.event.mail.attachments if turn.event.mail is not None else ()
    found = [row for file in files for row in rows_in(file, shape)]
    return turn.with_fields({into: written(found) if found else ""})


@effect
def find_rows(  # noqa: PLR0913 - what is given, where it is looked for, what becomes of it
    turn: Turn,
    *,
    given: str,
    table: str,
    number: str,
    order: str,
    within: dict[str, str],
    sizes: dict[str, str],
    also: str,
    into: str,
    mode: str,
) -> Turn:
    """Find the rows that the numbers in a field name: by their own number, or by that of the order and
    the sizes (R-30, R-31). `also` is a field with rows of the ticket itself. Empty unless every number
    finds exactly one; `mode` gets "number" or "order", whichever it was (R-31a)."""
    within_own = {column: turn.ticket.fields.get(name, "") for column, name in within.items()}
    wanted = {column: turn.ticket.fields.get(name, "") for column, name in sizes.items()}
    own = kept_rows(turn.ticket.fields.get(also, ""))
    found: list[Row] = []
    modes: set[str] = set()
    for one in filter(None, _APART.split(turn.ticket.fields.get(given, ""))):
        known = [r for r in own if value_key(r.get(number, "")) == value_key(one)]
        known += turn.book.rows(table, {number: one, **within_own})
        if not known:
            modes.add("order")
            ordered = turn.book.rows(table, {order: one, **within_own})
            known = [row for row in ordered if _same_sizes(row, wanted)]
            known = known if len(known) == 1 else []
        if not known:
            return turn.with_fields({into: "", mode: ""})
        found.append(known[0])
    said = "order" if modes else "number"
    return turn.with_fields({into: written(found) if found else "", mode: said if found else ""})


@effect
def name_documents(turn: Turn, value: str) -> Turn:
    """Say what the files of this event are."""
    for document in turn.event.documents:
        turn = replace_document(
            turn, replace(document, kind=value, flags=document.flags - {"unsure"})
        )
    return turn


@effect
def take_from_rows(turn: Turn, value: dict[str, str]) -> Turn:
    """Fill fields (`field: "rows field.column"`) from the first row that a field keeps."""
    filled = {}
    for field, source in value.items():
        name, _, column = source.partition(".")
        rows = kept_rows(turn.ticket.fields.get(name, ""))
        filled[field] = rows[0].get(column, "") if rows else ""
    return turn.with_fields({name: found for name, found in filled.items() if found})


@effect
def empty_when(turn: Turn, name: str, values: list[str]) -> Turn:
    """Empty a field that says it is to stay as it was: "idem", "-" (R-32)."""
    said = fold(turn.ticket.fields.get(name, "").strip())
    return turn.with_fields({name: ""}) if said in {fold(one) for one in values} else turn


@effect
def keep_named(turn: Turn, table: str, column: str, by: dict[str, str], into: str) -> Turn:
    """Keep which values of a table's column the words name, apart by semicolons (R-44)."""
    named = _named(turn, table, column, by)
    return turn.with_fields({into: "; ".join(named)}) if named else turn


@guard
def names_other(turn: Turn, table: str, column: str, by: dict[str, str], than: str) -> bool:
    """Tell whether the words name a value of a table's column, and none that a field holds (R-44)."""
    named = {fold(one) for one in _named(turn, table, column, by)}
    known = {fold(one) for one in turn.ticket.fields.get(than, "").split("; ")}
    return bool(named) and named.isdisjoint(known)


def _named(turn: Turn, table: str, column: str, by: Mapping[str, str]) -> list[str]:
    known = {"key": turn.ticket.key, **turn.ticket.fields}
    equal = {name: known.get(field, "") for name, field in by.items()}
    rows = turn.book.rows(table, equal) if all(equal.values()) else ()
    said = f" {key_of(turn.event.said)} "
    values = dict.fromkeys(row.get(column, "") for row in rows)
    return [one for one in values if one and f" {key_of(one)} " in said]


def _same_sizes(row: Row, wanted: Mapping[str, str]) -> bool:
    """Tell whether a row has the sizes asked for, as far as any is; "2,40 m" is "2400"."""
    asked = {column: value for column, value in wanted.items() if value}
    return bool(asked) and all(_size(row.get(c, "")) == _size(v) for c, v in asked.items())


def _size(value: str) -> Decimal | None:
    """Return a size in millimetres."""
    match = _SIZE.search("".join(value.split()).lower())
    if match is None:
        return None
    try:
        return Decimal(match[1].replace(",", ".")) * UNITS[match[2] or "mm"]
    except InvalidOperation:
        return None
