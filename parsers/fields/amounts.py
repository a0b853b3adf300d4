"""Read amounts of money as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.fields.spotting import first_words, words_of
from parsers.folding import fold

CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP",
    "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "chf": "CHF",
}  # fmt: skip
"""A sign or word of a folded text -> the currency (ISO 4217)."""

_CURRENCY_WORDS = first_words(CURRENCIES)
_SIGN = r"(?:€|£|\$|\b(?:eur|euros?|gbp|usd|dollars?|chf)\b)"
_DIGITS = r"\d{1,3}(?:[ .,']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?![\d])"
_AMOUNT = re.compile(
    rf"(?P<before>{_SIGN}) ?(?P<first>{_DIGITS})"
    rf"|(?<![\d.,])(?P<second>{_DIGITS})(?:[.,][-–—]{{1,2}})? ?(?P<after>{_SIGN})"
    r"(?:(?P<tight>\d\d)(?!\d)| (?P<loose>\d\d)(?= ?(?:$|[.;)\n]|ht\b|ttc\b)))?"
)
_BARE = re.compile(rf"(?<![\w.,])(?:{_DIGITS})(?![\w%])")
MONEY_BEHIND = re.compile(rf" ?{_SIGN}")
"""What stands behind a number of a folded text that is an amount."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """Money: cents of an ISO 4217 currency, "" when none was written."""

    cents: int
    currency: str = ""


def amounts(text: str) -> tuple[Amount, ...]:
    """Return every amount that bears a currency, in order: "412,80 €", "EUR 1 234.50"."""
    folded = fold(text)
    if not _bears_currency(folded):
        return ()
    found = (match for match in _AMOUNT.finditer(folded))
    return tuple(
        Amount(
            cents=_cents(match["first"] or match["second"]) + _small_change(match),
            currency=CURRENCIES[match["before"] or match["after"]],
        )
        for match in found
    )


def _small_change(match: re.Match[str]) -> int:
    """Return the cents behind the sign: "12 euros 50", "12€50"."""
    written = match["tight"] or match["loose"]
    whole = not re.search(r"[.,]\d{1,2}$", match["second"] or "0.0")
    return int(written) if written and whole else 0


def _bears_currency(folded: str) -> bool:
    return any(sign in folded for sign in "€£$") or not _CURRENCY_WORDS.isdisjoint(words_of(folded))


def amount_of(text: str) -> int | None:
    """Return the cents of the first amount, with or without currency; None when there is none."""
    money = amounts(text)
    if money:
        return money[0].cents
    bare = _BARE.search(fold(text))
    return _cents(bare.group()) if bare else None


def _cents(digits: str) -> int:
    """Turn "1 234,50" into 123450: the last mark is the decimal one when one or two digits follow."""
    whole = re.sub(r"[ ']", "", digits)
    head, mark, tail = whole, "", ""
    for position in range(max(0, len(whole) - 3), len(whole)):
        if whole[position] in ".,":
            head, mark, tail = whole[:position], whole[position], whole[position + 1 :]
    head = re.sub(r"[.,]", "", head)
    return int(head or 0) * 100 + (int(tail.ljust(2, "0")) if mark and tail else 0)
