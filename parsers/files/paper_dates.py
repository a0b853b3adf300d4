"""Read the day a paper was written and the last day it is valid."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from parsers.business import DocumentKind
from parsers.fields.days import Written, days_in
from parsers.files.paper_labels import Phrases, Reading, beside, labels_in, phrases_of, words_named
from parsers.files.paper_lines import Line
from parsers.word_lists import mapping_in, read_words

Day = Reading[date]
_HEAD_LINES = 45
_NEAR = 14
_MOST_MONTHS = 60
_SPAN = re.compile(r"(?<![\d.,])(\d{1,3}) ?([a-z]{1,8})\b")
_HYPHENS = re.compile(r"\b\d{1,2}-[^\W\d_]{3,9}\.?-\d{2,4}\b")
_BEFORE = ("le ", "den ", "the ", "am ", "op ", "du ", "vom ", "van ")


def day_written(lines: Sequence[Line], kind: DocumentKind, country: str = "") -> Day | None:
    """Return the date of a paper: behind "date of invoice", else behind "date", else the first in
    its head that is not due, delivered or valid. `country` is "en-US" where months come first."""
    name = "quote" if kind is DocumentKind.SIGNED_QUOTE else kind.value
    ways = (
        _labelled(lines, (f"dated:{name}",), country),
        _titled(lines, name, country),
        _labelled(lines, ("dated",), country),
        _unlabelled(lines[:_HEAD_LINES], country),
    )
    return next((day for way in ways for day in way), None)


def day_valid(lines: Sequence[Line], written: Day | None, country: str = "") -> Day | None:
    """Return the last day of validity: a date, or so many days, weeks or months from `written`."""
    until = next(_labelled(lines, ("valid",), country), None)
    if until or written is None:
        return until
    return next(_spans(lines, written.value), None)


def _labelled(lines: Sequence[Line], meanings: tuple[str, ...], country: str) -> Iterator[Day]:
    """Give the dates behind or under labels of these meanings."""

    def take(line: Line, at: int) -> tuple[date, int] | None:
        return _day_at(line, at, country)

    for index, line in enumerate(lines):
        for label in labels_in(line, _phrases()):
            if label.meaning in meanings:
                found = beside(lines, index, label.end, take)
                if found:
                    yield found


def _day_at(line: Line, at: int, country: str) -> tuple[date, int] | None:
    """Read a date that stands at a place of a line, perhaps behind "le" or a town."""
    for written in days_of(line.text[at : at + 60], country):
        before = line.folded[at : at + written.start]
        if (
            written.start <= _NEAR
            and "\t" not in before
            and not labels_in_text(line, at, written.start)
        ):
            return written.day, at + written.end
    return None


def days_of(text: str, country: str) -> tuple[Written, ...]:
    """Return the days of a text, also those written "05-Nov-2026"."""
    plain = _HYPHENS.sub(lambda match: match[0].replace("-", " "), text)
    return days_in(plain, country)


def labels_in_text(line: Line, at: int, length: int) -> bool:
    """Tell whether another label begins between a place and a date behind it."""
    return any(at < label.start < at + length for label in labels_in(line, _phrases()))


def _titled(lines: Sequence[Line], name: str, country: str) -> Iterator[Day]:
    """Give the date of a title: "Facture F-2026-12 du 12/11/2026"."""
    nouns = _nouns()
    for line in lines[:_HEAD_LINES]:
        labels = [label for label in labels_in(line, nouns) if label.meaning == name]
        if not labels:
            continue
        for written in days_of(line.text, country):
            before = line.folded[labels[0].end : written.start]
            joined = before.endswith(_BEFORE) or before.endswith((" of ", " dated "))
            if labels[0].end < written.start < labels[0].end + 45 and joined:
                yield Reading(value=written.day, line=line, start=written.start, end=written.end)


@lru_cache(maxsize=1)
def _nouns() -> Phrases:
    return phrases_of(mapping_in(read_words("paper"), "nouns"))


def _unlabelled(lines: Sequence[Line], country: str) -> Iterator[Day]:
    """Give the dates of a head that no label claims for something else."""
    claimed: set[tuple[int, date]] = set()
    for index, line in enumerate(lines):
        for label in labels_in(line, _phrases()):
            found = beside(lines, index, label.end, lambda one, at: _day_at(one, at, country))
            if found:
                claimed.add((id(found.line), found.value))
    for line in lines:
        for written in days_of(line.text, country):
            if (id(line), written.day) not in claimed:
                yield Reading(value=written.day, line=line, start=written.start, end=written.end)


def _spans(lines: Sequence[Line], begin: date) -> Iterator[Day]:
    """Give the days that spans of validity end on: "Validité : 30 jours", "valid for 2 weeks"."""
    for index, line in enumerate(lines):
        for label in labels_in(line, _phrases()):
            if label.meaning != "valid":
                continue
            for other in lines[index : index + 2]:
                start = label.end if other is line else 0
                for found in _SPAN.finditer(other.folded, start, start + 60):
                    day = _later(begin, int(found[1]), found[2])
                    if day:
                        yield Reading(value=day, line=other, start=found.start(), end=found.end())


def _later(begin: date, count: int, unit: str) -> date | None:
    """Return the day so many days, weeks or months after another; None for another unit, and
    behind the end of the calendar."""
    try:
        if unit in words_named("months") and count <= _MOST_MONTHS:
            return _months_later(begin, count)
        factor = 1 if unit in words_named("days") else 7 if unit in words_named("weeks") else 0
        return begin + timedelta(days=factor * count) if factor else None
    except (OverflowError, ValueError):
        return None


def _months_later(begin: date, count: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month."""
    years, month = divmod(begin.month - 1 + count, 12)
    last = monthrange(begin.year + years, month + 1)[1]
    return date(begin.year + years, month + 1, min(begin.day, last))


@lru_cache(maxsize=1)
def _phrases() -> Phrases:
    """Return the labels of dates: "dated:invoice", "dated", "valid", "not_dated"."""
    of_kinds = mapping_in(read_words("paper"), "dated_of")
    meanings = {f"dated:{kind}": words for kind, words in of_kinds.items()}
    plain = {name: words_named(name) for name in ("valid", "not_dated", "dated")}
    return phrases_of(meanings | plain)


_nouns()
_phrases()  # a process that may load nothing any more finds them made
