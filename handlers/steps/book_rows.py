"""Rows of the reference book that a work item lays before an agent (I-4)."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.book import Row
from handlers.decision import Value
from handlers.process.rows_rule import BeyondRule, RowsRule
from handlers.process.workflow import said
from handlers.turn import Turn

MOST_SHOWN = 30


def shown_rows(turn: Turn, rules: tuple[RowsRule, ...], language: str) -> list[Value]:
    """Return the tables that have a row: their label, headings and rows, at most 30 each."""
    made = ((rule, _found(turn, rule)) for rule in rules)
    return [_table(turn, rule, rows, language) for rule, rows in made if rows]


def _found(turn: Turn, rule: RowsRule) -> tuple[Row, ...]:
    equal = {column: turn.ticket.fields.get(field, "") for column, field in rule.by.items()}
    return turn.book.rows(rule.table, equal, limit=MOST_SHOWN) if all(equal.values()) else ()


def _table(turn: Turn, rule: RowsRule, rows: tuple[Row, ...], language: str) -> Value:
    heads = [said(label, language) for label in rule.columns.values()]
    heads += [said(one.label, language) for one in rule.beyond]
    return {
        "label": said(rule.label, language),
        "header": list[Value](heads),
        "rows": [_cells(turn, rule, row) for row in rows],
    }


def _cells(turn: Turn, rule: RowsRule, row: Mapping[str, str]) -> Value:
    own = [row.get(column, "") for column in rule.columns]
    return list[Value]([*own, *(_beyond(turn, one, row) for one in rule.beyond)])


def _beyond(turn: Turn, rule: BeyondRule, row: Mapping[str, str]) -> str:
    equal = {theirs: row.get(ours, "") for theirs, ours in rule.by.items()}
    found = turn.book.rows(rule.table, equal, limit=MOST_SHOWN) if all(equal.values()) else ()
    return ", ".join(one.get(rule.column, "") for one in found)
