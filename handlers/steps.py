"""Every guard and effect that a workflow file may name: importing this makes them known."""

from handlers import (
    asking,
    codes,
    command_effects,
    conditions,
    decision_table,
    effects,
    family,
    guards,
    history,
    inside,
    lookups,
    outside_effects,
    reckoning,
    results,
    slots,
)

__all__ = [
    "asking",
    "codes",
    "command_effects",
    "conditions",
    "decision_table",
    "effects",
    "family",
    "guards",
    "history",
    "inside",
    "lookups",
    "outside_effects",
    "reckoning",
    "results",
    "slots",
]
