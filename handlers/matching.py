"""Find the row of the reference book that a request speaks of, by whatever it names (A-5, A-51)."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.book import Row, value_key
from handlers.decision import Value
from handlers.effects import effect
from handlers.turn import Turn
from handlers.values import VALUES

MOST_CANDIDATES = 20


@effect
def match_row(turn: Turn) -> Turn:
    """Take the fields of the only row that everything named fits; count in `into` how many fit.

    What is to be compared and taken is in the workflow's section `match`.
    """
    rule = turn.workflow.match
    if rule is None:
        return turn
    rows = candidates(turn)
    turn = turn.with_fields({rule.into: str(len(rows))})
    if len(rows) != 1:
        return turn
    return turn.with_fields({field: rows[0].get(column, "") for field, column in rule.take.items()})


def candidates(turn: Turn) -> tuple[Row, ...]:
    """Return the rows of the requester's that fit everything the ticket names, by their key."""
    rule = turn.workflow.match
    if rule is None:
        return ()
    fields = turn.ticket.fields
    scope = {column: fields.get(field, "") for column, field in rule.within.items()}
    named = {column: fields.get(field, "") for column, field in rule.by.items()}
    named = {column: value for column, value in named.items() if value}
    for other in rule.through:
        hits = _other_rows(turn, other.table, other.by, scope)
        if hits is not None:
            return tuple(
                row
                for hit in hits
                for row in turn.book.rows(
                    rule.table, {**scope, **{c: hit.get(c, "") for c in other.to}}
                )
                if _fits(row, named)
            )
    if not named or not all(scope.values()):
        return ()
    return turn.book.rows(rule.table, {**scope, **named})


def _other_rows(
    turn: Turn, table: str, by: Mapping[str, str], scope: Mapping[str, str]
) -> tuple[Row, ...] | None:
    """Return the rows of another table that lead to those wanted; None when nothing asks for them."""
    equal = {column: turn.ticket.fields.get(field, "") for column, field in by.items()}
    if not all(equal.values()) or not all(scope.values()):
        return None
    found = turn.book.rows(table, equal)
    return found or None


def _fits(row: Row, named: Mapping[str, str]) -> bool:
    return all(
        value_key(row.get(column, "")) == value_key(value) for column, value in named.items()
    )


def _candidates(turn: Turn, _language: str) -> Value:
    return [dict(row) for row in candidates(turn)[:MOST_CANDIDATES]]


VALUES["candidates"] = _candidates
