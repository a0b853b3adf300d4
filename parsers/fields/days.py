"""Read the days people write in running text, in French, Dutch, German and English.

`03/04/2026` is the third of April everywhere but in the United States: in an English text of
unknown country it stays unread, as `03/25/2026` does nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from parsers.dates import MONTHS
from parsers.folding import compose, fold

_MONTH = "|".join(sorted({"maerz", *map(fold, MONTHS)}, key=lambda n: (-len(n), n)))
_DAY = r"(?P<{0}>[0-3]?\d)(?: ?(?:er|st|nd|rd|th|ste|de|e)\b|\.)?"
_YEAR = r"(?:,? ?(?:de |of |')?(?P<{0}>\d{{4}}|(?<=')\d\d)(?!\d))?"
_WRITTEN = re.compile(
    r"(?<![\w./-])(?:"
    r"(?P<y1>\d{4})[-/.](?P<m1>[01]?\d)[-/.](?P<d1>[0-3]?\d)"
    r"|(?P<a>[0-3]?\d)(?P<mark>[./-]) ?(?P<b>[0-3]?\d)(?P=mark) ?(?P<y2>\d{4}|\d\d)"
    rf"|{_DAY.format('d3')} ?(?:de |of )?(?P<m3>{_MONTH})\b\.?{_YEAR.format('y3')}"
    rf"|(?P<m4>{_MONTH})\.? {_DAY.format('d4')}(?![\w:]){_YEAR.format('y4')}"
    r"|(?P<d5>[0-3]?\d)(?:/(?P<m5>[01]?\d)(?!\.)|\.(?P<m6>[01]?\d)\.(?! ?\d))"
    r")(?![\w/-]|\.\d)"
)
_NUMBERS = {fold(name): number for name, number in MONTHS.items()} | {"maerz": 3}
_NEXT_YEAR_AFTER = 31


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A day as it stands in a text, from `start` to `end`."""

    day: date
    start: int
    end: int


def days_in(text: str, language: str = "", today: date | None = None) -> tuple[Written, ...]:
    """Return the days a text names, in order. `language` is fr, nl, de, en, en-GB, en-US or "".

    A day without a year is read only with `today`: it is of that year, or of the next when it is
    more than a month past. What is no day of the calendar is left out.
    """
    found = _found(compose(text), language, today)
    return tuple(found)


def _found(text: str, language: str, today: date | None) -> Iterator[Written]:
    for match in _WRITTEN.finditer(fold(text)):
        day = _day(match, language, today)
        if day is not None:
            yield Written(day=day, start=match.start(), end=match.end())


def _day(match: re.Match[str], language: str, today: date | None) -> date | None:
    if match["y1"]:
        return _possible(int(match["y1"]), int(match["m1"]), int(match["d1"]))
    if match["mark"]:
        return _numeric(int(match["a"]), int(match["b"]), match["mark"], match["y2"], language)
    if match["d5"]:
        month = int(match["m5"] or match["m6"])
        return _coming(month, int(match["d5"]), today) if language not in ("en", "en-US") else None
    number = "3" if match["m3"] else "4"
    month, day = _NUMBERS[match["m" + number]], int(match["d" + number])
    year = match["y" + number]
    return _possible(_year(year), month, day) if year else _coming(month, day, today)


def _numeric(first: int, second: int, mark: str, year: str, language: str) -> date | None:
    """Read dd/mm, or mm/dd where it can be nothing else or is American; unsure is None."""
    american = language == "en-US" and mark == "/"
    unsure = language == "en" and mark == "/" and first != second
    if second > 12 or (american and first <= 12):
        first, second = second, first
    elif unsure and first <= 12:
        return None
    return _possible(_year(year), second, first)


def _year(written: str) -> int:
    year = int(written)
    return year if len(written) == 4 else (2000 if year < 50 else 1900) + year


def _possible(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(month: int, day: int, today: date | None) -> date | None:
    if today is None:
        return None
    this_year = _possible(today.year, month, day)
    if this_year and (today - this_year).days > _NEXT_YEAR_AFTER:
        return _possible(today.year + 1, month, day)
    return this_year


def date_of(text: str, language: str) -> date | None:
    """Return the first complete date of a text: dd/mm/yyyy, ISO, or with a month's name.

    "03/04/2026" is the third of April; in English ("en") it may be the fourth of March and is none,
    unless the language says the country (en-GB, en-US). 03/25/2026 can only be March.
    """
    return next((written.day for written in days_in(text[:500], language)), None)
