"""The value `history`: when a ticket came into each of its states, oldest first (A-41)."""

from __future__ import annotations

from handlers.book import Entry
from handlers.decision import Value
from handlers.queries.query_cells import style_of
from handlers.queries.query_run import states_of
from handlers.steps.values import VALUES
from handlers.turn import Turn


def history(turn: Turn, language: str) -> Value:
    """Return (date and time, state) rows of what is stored and of what this turn adds."""
    style = style_of(turn.workflow, turn.desk, language)
    now = (
        Entry(kind="step", at=step.at, state=step.to_state)
        for step in turn.steps
        if step.to_state != step.from_state
    )
    past = (*turn.book.past(turn.ticket.id), *now)
    return [list(row) for row in states_of(past, style)]


VALUES["history"] = history
