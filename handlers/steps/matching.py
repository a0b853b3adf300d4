"""Find the row of the reference book that a request speaks of, by whatever it names (A-5, A-51)."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.book import Row, value_key
from handlers.decision import Value
from handlers.process.match_rule import MatchRule
from handlers.steps.effects import effect
from handlers.steps.values import VALUES
from handlers.turn import Turn

MOST_CANDIDATES = 20


@effect
def match_row(turn: Turn) -> Turn:
    """Take the fields of the only row that everything named fits; count in `into` how many fit.

    What is to be compared and taken is in the workflow's section `match`. What an earlier row left is
    forgotten when no single row fits, unless it is compared: that the requester may have written.
    """
    rule = turn.workflow.match
    if rule is None:
        return turn
    rows = candidates(turn)
    row = rows[0] if len(rows) == 1 else {}
    kept = () if row else rule.by.values()
    taken = {field: row.get(column, "") for field, column in rule.take.items() if field not in kept}
    return turn.with_fields({rule.into: str(len(rows)), **taken})


def candidates(turn: Turn) -> tuple[Row, ...]:
    """Return the rows of the requester's that fit everything the ticket names, by their key.

    What this event corrects goes before what was known: with "position: 200" the article of position
    100 is forgotten, the last of the section first, until a row fits.
    """
    rule = turn.workflow.match
    if rule is None:
        return ()
    numbers = [one for other in rule.through for one in other.by.values()]
    new = set(turn.event.brought) & {*rule.by.values(), *numbers}
    old = [name for name in (*numbers, *rule.by.values()) if new and name not in new]
    forgotten = (old[place:] for place in range(len(old), -1, -1))
    found = (_fitting(turn, rule, frozenset(names)) for names in forgotten)
    return next((rows for rows in found if rows), ())


def _fitting(turn: Turn, rule: MatchRule, forgotten: frozenset[str]) -> tuple[Row, ...]:
    """Return the rows that fit what the ticket names, some fields left aside."""
    fields = {n: v for n, v in turn.ticket.fields.items() if n not in forgotten}
    scope = {column: fields.get(field, "") for column, field in rule.within.items()}
    named = {column: fields.get(field, "") for column, field in rule.by.items()}
    named = {column: value for column, value in named.items() if value}
    if not all(scope.values()):
        return ()
    for other in rule.through:
        equal = {column: fields.get(field, "") for column, field in other.by.items()}
        hits = turn.book.rows(other.table, equal) if all(equal.values()) else ()
        if hits:
            wanted = ({**scope, **{c: hit.get(c, "") for c in other.to}} for hit in hits)
            rows = (row for one in wanted for row in turn.book.rows(rule.table, one))
            return tuple(row for row in rows if _fits(row, named))
    return turn.book.rows(rule.table, {**scope, **named}) if named else ()


def _fits(row: Row, named: Mapping[str, str]) -> bool:
    return all(
        value_key(row.get(column, "")) == value_key(value) for column, value in named.items()
    )


def _candidates(turn: Turn, _language: str) -> Value:
    return [dict(row) for row in candidates(turn)[:MOST_CANDIDATES]]


VALUES["candidates"] = _candidates
