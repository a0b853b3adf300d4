"""One line of a comparison between a quote and an order, and how it ends (F-34)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from handlers.papers.quotes import CURRENCY


class Agreement(StrEnum):
    """How one line of the comparison ends, named as its sentence (`words/sentences.yaml`)."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_SAID = "not_said"
    REPLACED = "replaced_quote"
    UNKNOWN = "unknown_quote"
    MISSING = "position_missing"
    ADDED = "position_added"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One line of the comparison. `name` is a field of the workflow or a sentence, `about` what a
    position is called. `shown` says how people write both sides: text, amount, date, position.
    `quotes` counts the quotes that `quote` is the sum of (F-48)."""

    name: str
    quote: str
    order: str
    verdict: Agreement
    about: str = ""
    shown: str = "text"
    currencies: tuple[str, str] = (CURRENCY, CURRENCY)
    quotes: int = 1


def judged(agrees: bool | None) -> Agreement:
    """Return how a line ends whose sides are the same, differ, or have nothing to compare (None)."""
    if agrees is None:
        return Agreement.NOT_SAID
    return Agreement.AGREES if agrees else Agreement.DIFFERS
