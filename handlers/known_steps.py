"""Every guard and effect that a workflow file may name: importing this makes them known."""

from handlers.agents import merging, undoing
from handlers.errands import asking, codes, results
from handlers.groups import family
from handlers.queries import query_history
from handlers.registry import register
from handlers.steps import (
    book_files,
    command_effects,
    conditions,
    deadlines,
    decision_table,
    effects,
    guards,
    history,
    lookups,
    matching,
    parked,
    quantities,
    quote_effects,
    reckoning,
    resending,
    row_steps,
    slots,
    tag_steps,
)
from handlers.talks import inside, outside_effects

__all__ = [
    "asking",
    "book_files",
    "codes",
    "command_effects",
    "conditions",
    "deadlines",
    "decision_table",
    "effects",
    "family",
    "guards",
    "history",
    "inside",
    "lookups",
    "matching",
    "merging",
    "outside_effects",
    "parked",
    "quantities",
    "query_history",
    "quote_effects",
    "reckoning",
    "register",
    "resending",
    "results",
    "row_steps",
    "slots",
    "tag_steps",
    "undoing",
]
