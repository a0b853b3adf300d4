"""Amounts and rows found in the reference book and written into the ticket's fields (I-44, I-48)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.book import Row, value_key
from handlers.steps.effects import effect
from handlers.steps.kept_number import kept_number
from handlers.turn import Turn

_BETWEEN = re.compile(r"[\s,;/+]+")


@effect
def sum_rows(
    turn: Turn,
    *,
    table: str,
    by: dict[str, str],
    amount: str,
    into: str,
    among: dict[str, str] | None = None,
) -> Turn:
    """Keep the sum of an amount over the rows whose columns `by` have the values of our fields.

    `among` (column: field) narrows them to the values that the field lists. With nothing listed
    only a single row counts: which of several is meant nobody knows. Empty when there is none.
    """
    rows = _rows(turn, table, by)
    for column, field in (among or {}).items():
        named = {value_key(one) for one in _BETWEEN.split(turn.ticket.fields.get(field, "")) if one}
        rows = tuple(r for r in rows if value_key(r.get(column, "")) in named) if named else rows
        if not named and len(rows) > 1:
            rows = ()
    return turn.with_fields({into: _sum(rows, amount)})


@effect
def propose_row(
    turn: Turn, *, table: str, by: dict[str, str], take: dict[str, str], date: str, days: int
) -> Turn:
    """Take fields (`field: column`) from the only row of the last days that fits; more than one, or
    none, change nothing."""
    today = turn.event.at.astimezone(ZoneInfo(turn.desk.time_zone)).date()
    since = (today - timedelta(days=days)).isoformat()
    rows = [row for row in _rows(turn, table, by) if row.get(date, "") >= since]
    if len(rows) != 1:
        return turn
    return turn.with_fields({field: rows[0].get(column, "") for field, column in take.items()})


def _rows(turn: Turn, table: str, by: Mapping[str, str]) -> tuple[Row, ...]:
    equal = {column: turn.ticket.fields.get(field, "") for column, field in by.items()}
    return turn.book.rows(table, equal) if all(equal.values()) else ()


def _sum(rows: tuple[Row, ...], amount: str) -> str:
    parts = [kept_number(row.get(amount, "")) for row in rows]
    known = [part for part in parts if part is not None]
    return f"{sum(known):.2f}" if known and len(known) == len(parts) else ""
