"""Read from when to when, as people write it: "du 01/11/2026 au 15/11/2026", "depuis lundi", "novembre".

A list is asked for what is past: a day without a year, a month and a weekday are the last ones, and
"1 semaine" are the seven days up to today (A-40).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from parsers.dates import MONTHS
from parsers.fields.days import days_in
from parsers.folding import compose, fold
from parsers.word_lists import mapping_in, phrases_in, read_words

_WORDS = read_words("period")
_TOKEN = re.compile(r"[a-z0-9]+")
_DASH = re.compile(r" ?[-–—→] ?")  # between two days
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:er|e|st|nd|rd|th|ste)?")
_MONTHS = {fold(name): number for name, number in MONTHS.items()} | {"maerz": 3}
_LIST_NAMES = ("from", "to", "since", "until", "on", "last", "after", "this", "today", "yesterday")
_LEAVE = timedelta(days=31)  # so far ahead a day without a year may lie
_ALSO_WORDS = frozenset({"may"})  # a month by itself only with a word before it or a year
_MOST_UNITS = 1000
_LONGEST = 2000  # characters that are read


def _phrases(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the phrases of a list as words, the longest first."""
    return tuple(
        sorted((tuple(p.split()) for p in phrases_in(_WORDS, name)), key=len, reverse=True)
    )


def _turned(name: str) -> dict[str, str]:
    """Return what each word of a mapping means."""
    return {word: key for key, words in mapping_in(_WORDS, name).items() for word in words}


_LISTS = {name: _phrases(name) for name in _LIST_NAMES}
_NUMBERS, _UNITS, _WEEKDAYS = _turned("numbers"), _turned("units"), _turned("weekdays")


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """Days from `first` to `last`, both included, None where it is open; written from `start` to `end`."""

    first: date | None
    last: date | None
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class _Token:
    word: str
    start: int
    end: int
    day: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    """What some tokens say: days, and the place of the token behind them."""

    first: date | None
    last: date | None
    after: int


def period_in(text: str, language: str, today: date) -> Period | None:
    """Return the first period that a text names, None when it names none.

    `language` is that of the text, for days that are written in figures. Linear in the text.
    """
    tokens = _tokens(compose(text)[:_LONGEST], language, today)
    for place in range(len(tokens)):
        span = _between(tokens, place, today) or _open(tokens, place, today)
        span = span or _back(tokens, place, today) or _alone(tokens, place, today)
        if span is not None:
            return Period(
                first=span.first,
                last=span.last,
                start=tokens[place].start,
                end=tokens[span.after - 1].end,
            )
    return None


def _tokens(text: str, language: str, today: date) -> list[_Token]:
    """Return the words of a text, each day one of them."""
    days = list(_days(text, language, today))
    found = [_Token(word="", start=start, end=end, day=day) for day, start, end in days]
    begins, ends = {start for _, start, _ in days}, {end for _, _, end in days}
    found += (
        _Token(word="to", start=match.start(), end=match.end())
        for match in _DASH.finditer(text)
        if match.start() in ends and match.end() in begins
    )
    found += (
        _Token(word=match.group(), start=match.start(), end=match.end())
        for match in _TOKEN.finditer(fold(text))
        if not any(start <= match.start() < end for _, start, end in days)
    )
    return sorted(found, key=lambda token: token.start)


def _days(text: str, language: str, today: date) -> Iterable[tuple[date, int, int]]:
    """Yield the days of a text; those without a year are the last ones up to a month ahead."""
    whole = {one.start for one in days_in(text, language)}
    for one in days_in(text, language, today - timedelta(days=365) + 2 * _LEAVE):
        day = one.day
        if one.start not in whole and day > today + _LEAVE:
            day = _year_before(day)
        yield day, one.start, one.end


def _between(tokens: list[_Token], place: int, today: date) -> _Span | None:
    """Read "du .. au ..", and two days with a word between them."""
    begun = _said(tokens, place, "from")
    first = _days_at(tokens, place if begun is None else begun, today)
    if first is None and begun is not None:
        return _within_month(tokens, begun)
    to = None if first is None else _said(tokens, first.after, "to")
    last = None if to is None else _days_at(tokens, to, today)
    if first is None or last is None or first.first is None or last.last is None:
        return None
    if last.last < first.first:  # "du 1/11 au 30/11", where a year was guessed
        last = _Span(first=last.first, last=_year_after(last.last), after=last.after)
    return _Span(first=first.first, last=last.last, after=last.after)


def _within_month(tokens: list[_Token], place: int) -> _Span | None:
    """Read "du 1er au 15 novembre": the month, and the year, stand only behind the second day."""
    number = _DAY_OF_MONTH.fullmatch(tokens[place].word) if place < len(tokens) else None
    to = _said(tokens, place + 1, "to") if number else None
    last = tokens[to].day if to is not None and to < len(tokens) else None
    if number is None or to is None or last is None:
        return None
    month = last if int(number[1]) <= last.day else last.replace(day=1) - timedelta(days=1)
    if not 0 < int(number[1]) <= month.day:
        return None
    return _Span(first=month.replace(day=int(number[1])), last=last, after=to + 1)


def _open(tokens: list[_Token], place: int, today: date) -> _Span | None:
    """Read "depuis ..", "jusqu'au ..", and "depuis 1 semaine"."""
    since = _said(tokens, place, "since")
    if since is not None:
        days = _days_at(tokens, since, today) or _back(tokens, since, today)
        return _Span(first=days.first, last=None, after=days.after) if days else None
    until = _said(tokens, place, "until")
    days = None if until is None else _days_at(tokens, until, today)
    return _Span(first=None, last=days.last, after=days.after) if days else None


def _back(tokens: list[_Token], place: int, today: date) -> _Span | None:
    """Read "1 semaine", "les 3 derniers mois", "last week", "cette année"."""
    this, last = _said(tokens, place, "this"), _said(tokens, place, "last")
    at = last if last is not None else place if this is None else this
    count = _count(tokens, at)
    at = at if count is None else at + 1
    behind = _said(tokens, at, "after")
    at = at if behind is None else behind
    unit = _UNITS.get(tokens[at].word, "") if at < len(tokens) else ""
    if not unit:
        return None
    tail = _said(tokens, at + 1, "after")
    after = at + 1 if tail is None else tail
    if count is not None:
        return _Span(first=_ago(today, count, unit), last=today, after=after)
    if last is not None or tail is not None:
        return _before(today, unit, after)
    return _Span(first=_begun(today, unit), last=today, after=after) if this is not None else None


def _alone(tokens: list[_Token], place: int, today: date) -> _Span | None:
    """Read a day, a month, "aujourd'hui", "en 2026", with or without a word before."""
    on = _said(tokens, place, "on")
    days = _days_at(tokens, place if on is None else on, today)
    if days and on is None and tokens[place].word in _ALSO_WORDS and days.after == place + 1:
        return None
    if days is None and on is not None and on < len(tokens):
        year = _year(tokens[on].word)
        return (
            _Span(first=date(year, 1, 1), last=date(year, 12, 31), after=on + 1) if year else None
        )
    return days


def _days_at(tokens: list[_Token], place: int, today: date) -> _Span | None:
    """Return the day, weekday or month that stands at a place."""
    if place >= len(tokens):
        return None
    token = tokens[place]
    if token.day is not None:
        return _Span(first=token.day, last=token.day, after=place + 1)
    if token.word in _WEEKDAYS:
        back = (today.weekday() - int(_WEEKDAYS[token.word])) % 7
        day = today - timedelta(days=back)
        return _Span(first=day, last=day, after=place + 1)
    for name, back in (("today", 0), ("yesterday", 1)):
        after = _said(tokens, place, name)
        if after is not None:
            day = today - timedelta(days=back)
            return _Span(first=day, last=day, after=after)
    return _month_at(tokens, place, today) if token.word in _MONTHS else None


def _month_at(tokens: list[_Token], place: int, today: date) -> _Span:
    month = _MONTHS[tokens[place].word]
    written = _year(tokens[place + 1].word) if place + 1 < len(tokens) else 0
    year = written or (today.year if month <= today.month else today.year - 1)
    first = date(year, month, 1)
    after = place + (2 if written else 1)
    return _Span(first=first, last=_next_month(first) - timedelta(days=1), after=after)


def _said(tokens: list[_Token], place: int, name: str) -> int | None:
    """Return the place behind the longest phrase of a list that stands here, None for none."""
    for phrase in _LISTS[name]:
        words = tuple(token.word for token in tokens[place : place + len(phrase)])
        if words == phrase:
            return place + len(phrase)
    return None


def _count(tokens: list[_Token], place: int) -> int | None:
    word = tokens[place].word if place < len(tokens) else ""
    number = _NUMBERS.get(word, word)
    return min(int(number), _MOST_UNITS) if number.isdigit() and len(number) < 5 else None


def _year(word: str) -> int:
    known = len(word) == 4 and word.isdigit() and word.startswith(("19", "20"))
    return int(word) if known else 0


def _ago(today: date, count: int, unit: str) -> date:
    """Return the day so many units before today."""
    if unit in ("day", "week"):
        return today - timedelta(days=count * (7 if unit == "week" else 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    first = date(max(months // 12, 1), months % 12 + 1, 1)
    return min(first + timedelta(days=today.day - 1), _next_month(first) - timedelta(days=1))


def _begun(today: date, unit: str) -> date:
    """Return the day on which this week, month or year began."""
    if unit == "week":
        return today - timedelta(days=today.weekday())
    return {"month": today.replace(day=1), "year": date(today.year, 1, 1)}.get(unit, today)


def _before(today: date, unit: str, after: int) -> _Span:
    """Return the week, month or year before this one."""
    end = _begun(today, unit) - timedelta(days=1)
    return _Span(first=_begun(end, unit), last=end, after=after)


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _year_before(day: date) -> date:
    return (
        (day - timedelta(days=365))
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year - 1)
    )


def _year_after(day: date) -> date:
    return (
        day + timedelta(days=365)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year + 1)
    )
