"""Read the numbers of a paper: one decimal mark holds for all of it.

`1,234` is a thousand and more on an English paper and one and a bit on a French one; the amounts
with two decimals at their end tell which (`decimal_mark_of`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from parsers.fields.amounts import CURRENCIES
from parsers.files.paper_lines import Line
from parsers.folding import fold

SIGNS = {**CURRENCIES, "us$": "USD", "sfr": "CHF", "fr.": "CHF"}
_SIGN = r"(?:€|£|us\$|\$|\b(?:eur|euros?|gbp|usd|chf|sfr)\b|\bfr\.)"
_GROUPS = {",": " '.", ".": " ',"}
_NUMBERS = {
    mark: re.compile(
        rf"(?<![\w.,/'-])(?P<minus>[-–−(] ?)?(?:(?P<before>{_SIGN}) ?)?(?P<minus2>[-–−] ?)?"
        rf"(?P<whole>\d{{1,3}}(?:[{groups}]\d{{3}})+(?!\d)|\d{{1,12}})"
        rf"(?:(?P<mark>[.,])(?P<part>\d{{1,6}}(?!\d)|[-–—]{{1,2}}))?"
        rf"(?: ?(?P<after>{_SIGN}))?(?P<percent> ?%)?(?P<credit>-(?!\w))?(?![\w/]|\.\d)"
    )
    for mark, groups in _GROUPS.items()
}
_ENDS = re.compile(r"(?<=\d)([.,])\d\d(?![\d.,])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A number in a line, from `start` to `end`. `decimals` is how many digits follow the mark."""

    value: Decimal
    start: int
    end: int
    decimals: int = 0
    currency: str = ""
    percent: bool = False

    @property
    def cents(self) -> int:
        """The value in hundredths, rounded half up."""
        return int((self.value * 100).to_integral_value("ROUND_HALF_UP"))

    @property
    def is_money(self) -> bool:
        """Whether it looks like an amount: two decimals or a currency."""
        return not self.percent and (self.decimals == 2 or bool(self.currency))


def decimal_mark_of(lines: Iterable[Line]) -> str:
    """Return the decimal mark of a paper, "," or ".": the one before most last two digits."""
    seen = Counter(mark for line in lines for mark in _ENDS.findall(line.text))
    return "." if seen["."] > seen[","] else ","


def numbers_in(text: str, mark: str) -> tuple[Written, ...]:
    """Return the numbers of a line. Dates, codes and what sticks to letters are none."""
    return tuple(_found(fold(text), mark))


def _found(folded: str, mark: str) -> Iterator[Written]:
    for match in _NUMBERS[mark].finditer(folded):
        whole, part = match["whole"], match["part"] or ""
        digits = re.sub(r"\D", "", whole)
        value = Decimal(f"{digits}.{part}" if part.isdigit() else digits)
        minus = match["minus"] or match["minus2"] or match["credit"]
        yield Written(
            value=-value if minus and not (match["minus"] or "").startswith("(") else value,
            start=match.start(),
            end=match.end(),
            decimals=len(part) if part.isdigit() else 2 if part else 0,
            currency=SIGNS.get(match["before"] or match["after"] or "", ""),
            percent=bool(match["percent"]),
        )


def currency_of(lines: Iterable[Line], mark: str) -> tuple[str, Line | None]:
    """Return the currency most amounts bear and the first line that bears it; else the one that
    is named alone ("Devise : EUR"); "" when none is."""
    lines = tuple(lines)
    told = [
        (written.currency, line)
        for line in lines
        if line.text
        for written in numbers_in(line.text, mark)
        if written.currency
    ]
    told = told or [(SIGNS[sign], line) for line in lines for sign in _ALONE.findall(line.folded)]
    if not told:
        return "", None
    best = Counter(currency for currency, _ in told).most_common(1)[0][0]
    return best, next(line for currency, line in told if currency == best)


_ALONE = re.compile(r"€|£|\b(?:eur|gbp|usd|chf)\b")
