"""Read dates: of header fields (RFC 5322 section 3.3) and as people and programs write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from parsers.folding import plain
from parsers.mail_words import LANGUAGES
from parsers.word_lists import phrases_in

FIELD = re.compile(
    r"(\d{1,2})[ \-]+([A-Za-z]{3})[a-z]*[ \-]+(\d{2,4})[ ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
    r"\s*(?:([+-]\d{4})|([A-Z]{1,5}))?"
)
ENGLISH = {
    name: number + 1
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    )
}
ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
         "CET": 1, "CEST": 2, "BST": 1, "MET": 1, "MEST": 2}  # fmt: skip

NUMERIC = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b")
ISO = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:er|st|nd|rd|th|\.|º)?(?: de| of)? ([^\W\d_]{3,12})\.?,?(?: de)?(?: (\d{4}))?"
)
MONTH_DAY = re.compile(r"\b([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?")
CLOCK = re.compile(r"\b(\d{1,2})[:h.](\d{2})(?:[:.](\d{2}))?(?!\d|[./-]\d)\s*([ap]\.?m\b)?")
OFFSET = re.compile(r"(?:gmt|utc)?([+-])(\d{1,2}):?(\d{2})?\b")


def _months() -> dict[str, int]:
    found: dict[str, int] = {}
    for words in LANGUAGES.values():
        for key in ("months", "months_short"):
            for number, name in enumerate(phrases_in(words, key)):
                found.setdefault(name, number + 1)
    return found


MONTHS = _months()


def read_date(value: str) -> datetime | None:
    """Read a Date field or the date of a Received line; None when it is no possible date."""
    found = FIELD.search(value[:300])
    if not found:
        return None
    month = ENGLISH.get(found[2].lower(), 0)
    clock = (int(found[4]), int(found[5]), int(found[6] or 0))
    return _moment(
        _day(_year(found[3]), month, int(found[1])), clock, _field_zone(found[7], found[8])
    )


def zone_of(value: str) -> tzinfo:
    """Give the zone a Date field is written in: best guess for a date without one."""
    found = FIELD.search(value[:300])
    return _field_zone(found[7], found[8]) if found else UTC


def _field_zone(offset: str | None, name: str | None) -> tzinfo:
    if offset:
        return _offset(offset[0], int(offset[1:3]), int(offset[3:5]))
    hours = ZONES.get(name or "", 0)
    return timezone(timedelta(hours=hours)) if hours else UTC


def _offset(sign: str, hours: int, minutes: int) -> tzinfo:
    if hours > 14 or minutes > 59:
        return UTC
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if sign == "-" else span)


def _year(text: str) -> int:
    year = int(text)
    if year < 50:
        return 2000 + year
    return 1900 + year if year < 1000 else year


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moment(day: date | None, clock: tuple[int, int, int], zone: tzinfo) -> datetime | None:
    if day is None:
        return None
    try:
        local = datetime(day.year, day.month, day.day, *clock[:2], min(clock[2], 59), tzinfo=zone)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_written_day(
    text: str, today: date | None = None, *, month_first: bool = False
) -> date | None:
    """Read the first day named in a text, in any of our languages.

    A day without a year takes the year of `today` or the next one, whichever is not past;
    without `today` it is not read.
    """
    text = plain(text[:500])
    iso = ISO.search(text)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    numeric = NUMERIC.search(text)
    if numeric:
        first, second = int(numeric[1]), int(numeric[2])
        if second > 12 or (month_first and first <= 12):
            first, second = second, first
        return _day(_year(numeric[3]), second, first)
    return _named_day(text, today)


def _named_day(text: str, today: date | None) -> date | None:
    for found in DAY_MONTH.finditer(text):
        month = MONTHS.get(found[2])
        if month:
            return _complete(int(found[1]), month, found[3], today)
    for found in MONTH_DAY.finditer(text):
        month = MONTHS.get(found[1])
        if month:
            return _complete(int(found[2]), month, found[3], today)
    short = re.search(r"\b(\d{1,2})[./](\d{1,2})\b", text)
    return _complete(int(short[1]), int(short[2]), None, today) if short else None


def _complete(day: int, month: int, year: str | None, today: date | None) -> date | None:
    if year:
        return _day(int(year), month, day)
    if today is None:
        return None
    this_year = _day(today.year, month, day)
    if this_year and (today - this_year).days > 31:
        return _day(today.year + 1, month, day)
    return this_year


def read_written_date(text: str, zone: tzinfo) -> datetime | None:
    """Read the date line of a header block; `zone` is assumed when none is written."""
    exact = read_date(text)
    if exact and re.search(r"[+-]\d{4}", text):
        return exact
    folded = plain(text[:500])
    clock = CLOCK.search(folded)
    day = read_written_day(text, month_first=bool(clock and clock[4]))
    if clock is None:
        return _moment(day, (0, 0, 0), zone)
    hours = int(clock[1])
    if clock[4]:
        hours = hours % 12 + (12 if clock[4].startswith("p") else 0)
    written = OFFSET.search(folded, clock.end())
    if written:
        zone = _offset(written[1], int(written[2]), int(written[3] or 0))
    return _moment(day, (hours, int(clock[2]), int(clock[3] or 0)), zone)
