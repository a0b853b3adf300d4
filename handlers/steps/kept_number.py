"""The number that a field, an argument or a cell of the reference book holds."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

BELOW = Decimal(10**15)
"""What counts and amounts of people stay below; text that says more is no number."""


def kept_number(text: str) -> Decimal | None:
    """Return the number a text is, None for none: neither words, nor "NaN", nor 1e999999."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < BELOW else None
