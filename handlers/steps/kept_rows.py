"""Rows of a table that a field of type `rows` keeps, as JSON; notices get them as `rows`, by its name."""

from __future__ import annotations

import json
from collections.abc import Sequence

from handlers.book import Row
from handlers.decision import Value
from handlers.turn import Turn


def kept_rows(text: str) -> list[Row]:
    """Return the rows that a field keeps."""
    try:
        rows = json.loads(text) if text else []
    except ValueError:
        return []
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def written(rows: Sequence[Row]) -> str:
    """Return rows as a field keeps them; the order of their columns does not count."""
    plain = [{name: value for name, value in row.items() if value} for row in rows]
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def rows_of_fields(turn: Turn) -> dict[str, Value]:
    """Return the rows of every field that keeps some, by its name."""
    fields = turn.workflow.fields.items()
    return {
        name: [dict(row) for row in kept_rows(turn.ticket.fields.get(name, ""))]
        for name, rule in fields
        if rule.type == "rows"
    }
