"""Read when an absent person is back (X-27): "de retour le 4 décembre", "bis einschließlich 4.12."."""

from __future__ import annotations

import re
from datetime import date, timedelta

from parsers.dates import MONTHS, read_written_day
from parsers.folding import plain
from parsers.machines.absence import WORDS, own_words, words
from parsers.mail_words import any_of

TEXT_LIMIT = 4_000
REACH = 48
"""Characters behind an anchor in which its day stands."""

LONGEST = 366
SOON = 62
"""Days within which the reading of an English 12/04 must fall to be the likely one."""

ONE_DAY = timedelta(days=1)
SENTENCE_END = re.compile(
    r"(?<=[^\d\W])[.;!](?=\s|$)|(?<=\d{4})[.;!](?=\s|$)|\n"
    rf"|(?<=\d)[.;!](?=\s(?!\d|(?:bis|tot|{any_of(sorted(MONTHS) + words('again'))})(?!\w)))"
)
SHORT_DAY = re.compile(r"^\D{0,12}(\d{1,2})/(\d{1,2})(?![\d/])")
WEEKDAYS = {
    plain(name): number
    for lists in WORDS.values()
    for number, name in enumerate(lists.get("weekdays", []))
}
WEEKDAY = re.compile(rf"^\W{{0,3}}(?:\w{{1,8}}\s){{0,2}}?({any_of(list(WEEKDAYS))})(?!\w)")
TOMORROW = re.compile(rf"^\W{{0,3}}(?:\w{{1,8}}\s){{0,2}}?{any_of(words('tomorrow'))}(?!\w)")
INCLUSIVE = re.compile(rf"(?<!\w){any_of(words('inclusive'))}(?!\w)")


def _anchor(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_of(words(key))}(?=\W)")


BACK = _anchor("back")
UNTIL = _anchor("until")
LAST = _anchor("last")
ON = _anchor("on")
AGAIN = _anchor("again")
RANGE = re.compile(
    rf"(?<!\w){any_of(words('from'))}\s[^.!?\n]{{0,20}}?\d[^!?\n]{{0,24}}?\s(?:{any_of(words('to'))}|-|–)\s"
    r"(?=(?:(?:le|the|de)\s)?(?:[^\W\d]{1,12},?\s)?\d)"
)
ENGLISH = frozenset(
    plain(word) for key in ("back", "until", "last") for word in WORDS["en"].get(key, [])
)


def return_day(text: str, sent: date | None) -> date | None:
    """Give the day an absent person is back, None when the text does not say it surely.

    A day without a year, or a weekday, is counted from the day the mail was sent. The last day
    of an absence makes the next day the day of return.
    """
    folded = plain(own_words(text[:TEXT_LIMIT]))
    named = (
        _latest(folded, BACK, sent),
        _latest_before(folded, sent),
        _latest(folded, LAST, sent, after=ONE_DAY),
        _latest(folded, RANGE, sent, after=ONE_DAY),
        _latest(folded, UNTIL, sent),
    )
    return max((day for day in named if day), default=None)


def _latest(
    text: str, anchor: re.Pattern[str], sent: date | None, after: timedelta = timedelta()
) -> date | None:
    """Give the latest day named behind one of these anchors."""
    found: list[date] = []
    for place in anchor.finditer(text):
        reach = text[place.end() : place.end() + REACH]
        phrase = SENTENCE_END.split(reach, maxsplit=1)[0]
        day = _read(phrase, sent, english=place[0] in ENGLISH)
        inclusive = bool(INCLUSIVE.search(phrase)) and anchor is UNTIL
        if day and _is_possible(day, sent):
            found.append(day + (ONE_DAY if inclusive else after))
    return max(found, default=None)


def _latest_before(text: str, sent: date | None) -> date | None:
    """Give the latest day named in front of "wieder im Büro", "ben ik terug", ..."""
    found: list[date] = []
    for place in AGAIN.finditer(text):
        ahead = SENTENCE_END.split(text[max(0, place.start() - REACH) : place.start()])[-1]
        starts = [start.end() for start in ON.finditer(ahead)]
        day = _read(ahead[starts[-1] :], sent, english=False) if starts else None
        if day and _is_possible(day, sent):
            found.append(day)
    return max(found, default=None)


def _is_possible(day: date, sent: date | None) -> bool:
    return sent is None or 0 <= (day - sent).days <= LONGEST


def _read(phrase: str, sent: date | None, *, english: bool) -> date | None:
    if sent and english:
        short = _month_first(phrase, sent)
        if short:
            return short
    day = read_written_day(phrase, sent)
    if day or sent is None or any(letter.isdigit() for letter in phrase):
        return day
    if TOMORROW.match(phrase):
        return sent + ONE_DAY
    weekday = WEEKDAY.match(phrase)
    if weekday is None:
        return None
    return sent + timedelta(days=(WEEKDAYS[weekday[1]] - sent.weekday() - 1) % 7 + 1)


def _month_first(phrase: str, sent: date) -> date | None:
    """Read an American 12/04 when only that reading falls soon after the day of sending."""
    found = SHORT_DAY.match(phrase)
    if not found:
        return None
    month, day = int(found[1]), int(found[2])
    readings = [_soonest(m, d, sent) for m, d in ((month, day), (day, month))]
    likely = [r for r in readings if r and (r - sent).days <= SOON]
    return likely[0] if len(likely) == 1 else None


def _soonest(month: int, day: int, sent: date) -> date | None:
    for year in (sent.year, sent.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        if found >= sent:
            return found
    return None
