"""Decision tables: what a process decides by the values of its fields, written as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.process.proof_rule import DecisionRow
from handlers.steps.effects import effect
from handlers.steps.guards import guard
from handlers.turn import Turn


def decided_by(
    rows: Sequence[DecisionRow], fields: Mapping[str, str]
) -> Mapping[str, tuple[str, ...]]:
    """Return what the first row says whose fields all have one of its values, {} for none."""
    return next((row.then for row in rows if _holds(row, fields)), {})


@guard
def decided(turn: Turn, table: str, column: str, values: list[str]) -> bool:
    """The decision table says one of these values for the ticket."""
    said = decided_by(turn.workflow.decisions[table], turn.ticket.fields).get(column, ())
    return bool(set(said) & set(values))


@effect
def decide(turn: Turn, table: str, take: dict[str, str]) -> Turn:
    """Take fields (`field: column`) from what the decision table says; empty them where it is silent."""
    said = decided_by(turn.workflow.decisions[table], turn.ticket.fields)
    return turn.with_fields({f: next(iter(said.get(c, ())), "") for f, c in take.items()})


def _holds(row: DecisionRow, fields: Mapping[str, str]) -> bool:
    return all(fields.get(name, "") in values for name, values in row.when.items())
