"""What a digest shows: bars, which every mail program draws because they are cells with a background,
their figures as text beside them; and a line for each ticket that needs somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from babel.dates import format_date
from jinja2.runtime import Context
from jinja2.utils import pass_context

from templates.block import Block, clean, html_of

LONGEST = 20  # squares of the longest bar in text
COLOURS = ("#2f6ea5", "#5a9a6b")
TABLE = "border-collapse:collapse;width:100%;margin:0 0 16px;font-size:15px;line-height:20px"
CELL = "padding:3px 8px 3px 0;vertical-align:middle;text-align:left"
BAR = "height:14px;line-height:14px;font-size:1px;padding:0"
COUNT = "padding:0 0 0 8px;line-height:16px;font-size:14px;text-align:left"
ROOM = 82  # of a hundred parts: what the longest bar leaves is for its number
LEGEND = "white-space:nowrap;font-size:13px"
TASK = "padding:0;vertical-align:top;text-align:left"
WHEN = "padding:0 0 0 12px;vertical-align:top;text-align:right;white-space:nowrap;font-size:14px"
LAST = "padding-bottom:8px;border-bottom:1px solid #e4e7eb"
SOFT = "font-size:14px;color:#55606c"
LATE = "color:#a8321f"

_PARTS = ("key", "step", "who", "since", "due")


def bars(rows: Iterable[Sequence[object]], legend: Sequence[object] = ()) -> Block:
    """Return (label, number) rows as bars, all on one scale; rows with two numbers show two bars, the
    `legend` names them."""
    read = [(clean(label), [int(str(one)) for one in numbers]) for label, *numbers in rows]
    most = max((number for _, numbers in read for number in numbers), default=0) or 1
    named = [clean(one) for one in legend]
    text = [" / ".join(named)] if named else []
    text += [_text(label, numbers, most) for label, numbers in read]
    inner = "".join(_row(label, numbers, most) for label, numbers in read)
    table = (
        '<table role="presentation" class="bars" cellpadding="0" cellspacing="0" width="100%"'
        f' style="{TABLE}">{inner}</table>'
    )
    return Block("\n".join(text), _legend(named) + table)


def tasks(rows: Iterable[Mapping[str, object]]) -> Block:
    """Return a line for each ticket that needs somebody: `key`, `step`, `who`, and `since` and `due` as
    people say them; what is `late` stands out."""
    read = [(row, [clean(row[name]) for name in _PARTS]) for row in rows]
    text = "\n".join("- " + " – ".join(filter(None, told)) for _, told in read)
    inner = "".join(_task(*told, late=bool(row["late"])) for row, told in read)
    table = (
        '<table role="presentation" class="tasks" cellpadding="0" cellspacing="0" width="100%"'
        f' style="{TABLE}">{inner}</table>'
    )
    return Block(text, table)


def lasting(seconds: int, units: Sequence[str]) -> str:
    """Return a time as "45 min", "5 h 20", "219 h"; `units` are the words for hour and minute. There are
    no days: time that is worked has none."""
    hour, minute = units
    hours, minutes = divmod(int(seconds) // 60, 60)
    if hours < 1 or (hours == 1 and minutes < 30):
        return f"{60 * hours + minutes} {minute}"
    return f"{hours} {hour} {minutes:02d}" if minutes else f"{hours} {hour}"


@pass_context
def short(context: Context, value: str) -> str:
    """Return an ISO day or moment as "9 nov." on the wall of the desk."""
    language = context["language"]
    read = dt.datetime.fromisoformat(value)
    return format_date(read.astimezone(language.zone), "d MMM", language.locale)


@pass_context
def weekday(context: Context, value: str) -> str:
    """Return an ISO day as "lun. 23/11"."""
    day = dt.date.fromisoformat(value)
    name = format_date(day, "EEE", context["language"].locale)
    return f"{name} {day:%d/%m}"


def _text(label: str, numbers: Sequence[int], most: int) -> str:
    told = ", ".join(f"{one} {'■' * _share(one, most, LONGEST)}".rstrip() for one in numbers)
    return f"- {label} – {told}"


def _share(number: int, most: int, whole: int) -> int:
    """Return how much of `whole` a number is, at least one for any number."""
    return max(1, round(whole * number / most)) if number > 0 else 0


def _row(label: str, numbers: Sequence[int], most: int) -> str:
    drawn = "".join(
        _bar(number, most, colour, nth)
        for nth, (number, colour) in enumerate(zip(numbers, COLOURS, strict=False), start=1)
    )
    return (
        f'<tr><td style="{CELL};width:40%">{html_of(label)}</td>'
        f'<td style="{CELL};padding-right:0">{drawn}</td></tr>'
    )


def _bar(number: int, most: int, colour: str, nth: int) -> str:
    share = _share(number, most, ROOM)
    drawn = f'<td class="bar{nth}" width="{share}%" bgcolor="{colour}" style="{BAR};background-color:{colour}">&nbsp;</td>'
    count = f'<td width="{100 - share}%" style="{COUNT}"><strong>{number}</strong></td>'
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" width="100%"'
        f' style="border-collapse:collapse;margin:2px 0"><tr>{drawn if share else ""}{count}</tr>'
        "</table>"
    )


def _task(key: str, step: str, who: str, since: str, due: str, *, late: bool) -> str:
    """Return a ticket in three rows: its key and until when, its step and since when, whose it is."""
    when = f'<strong class="late" style="{LATE}">{html_of(due)}</strong>' if late else html_of(due)
    return (
        f'<tr><td style="{TASK};padding-top:8px"><strong>{html_of(key)}</strong></td>'
        f'<td style="{WHEN};padding-top:8px">{when}</td></tr>'
        f'<tr><td style="{TASK}">{html_of(step)}</td>'
        f'<td class="soft" style="{WHEN};{SOFT}">{html_of(since)}</td></tr>'
        f'<tr><td class="soft" colspan="2" style="{TASK};{SOFT};{LAST}">{html_of(who)}</td></tr>'
    )


def _legend(named: Sequence[str]) -> str:
    marks = " &nbsp; ".join(
        f'<span style="{LEGEND}"><strong class="key{nth}" style="color:{colour};font-size:18px">&#9632;</strong>'
        f" {html_of(name)}</span>"
        for nth, (name, colour) in enumerate(zip(named, COLOURS, strict=False), start=1)
    )
    return f'<p style="margin:0 0 6px">{marks}</p>' if named else ""
