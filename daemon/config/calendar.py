"""The section of a desk's calendar: whose holidays it keeps, when it is open, when it is quiet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from daemon.config.section import Section
from handlers.calendar import USUAL_WEEK, Calendar, Slot
from handlers.process.yaml_lines import Path
from handlers.public_holidays import regions_of

Weekday: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SPAN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")
_DAYS = re.compile(r"(\d{4}-)?\d\d-\d\d(/\d{4}-\d\d-\d\d)?")
_HOURS = "08:00-12:00 13:30-18:00"


class CalendarSection(Section):
    """When the desk works. Delays in business days ("2bd") and opening hours ("4bh") are counted by it."""

    region: str = Field(
        default="",
        description="Region whose public holidays are kept too, by code or name: `Alsace-Moselle`,"
        " `BY`, `Bayern`. Empty: those of the whole country.",
    )
    closed: tuple[str, ...] = Field(
        default=(),
        description="Further days off: a day `2026-12-24`, a span `2026-12-24/2027-01-03`, a day of"
        " every year `12-24`.",
    )
    worked: tuple[str, ...] = Field(
        default=(),
        description="Public holidays on which the desk works all the same: `2027-05-17`.",
    )
    hours: dict[Weekday, str] = Field(
        default={},
        description=f'Opening hours, `mon = "{_HOURS}"` … `sun`; a day that is not named is closed.'
        " Empty: Monday to Friday from 08:00 to 18:00.",
    )
    quiet: Annotated[str, Field(pattern=r"^(\d\d:\d\d-\d\d:\d\d)?$")] = Field(
        default="",
        description="Hours in which no automatic notice leaves: `20:00-07:30`. It waits until they are"
        " over; the answer to a mail goes to its writer at once. Empty: never quiet.",
    )
    quiet_days: bool = Field(
        default=False, description="Days that are no business days are quiet, too."
    )


def calendar_of(section: CalendarSection, time_zone: str, country: str) -> Calendar:
    """Return the calendar of a section in which `calendar_problems` finds nothing."""
    spans = [one.split("/") for one in section.closed if len(one) > len("12-24")]
    week = tuple(tuple(_slots(section.hours.get(day, ""))) for day in WEEK)
    return Calendar(
        time_zone=time_zone,
        country=country,
        region=section.region,
        closed=tuple((date.fromisoformat(one[0]), date.fromisoformat(one[-1])) for one in spans),
        closed_yearly=tuple(
            (int(one[:2]), int(one[3:])) for one in section.closed if len(one) == len("12-24")
        ),
        worked=tuple(map(date.fromisoformat, section.worked)),
        hours=week if section.hours else USUAL_WEEK,
        quiet=next(_slots(section.quiet), None),
        quiet_days=section.quiet_days,
    )


def calendar_problems(section: CalendarSection, country: str) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with a section: the path of a key and a sentence with its remedy."""
    regions = regions_of(country)
    if section.region and section.region not in regions:
        known = f"Known: {', '.join(regions)}." if regions else "It has none: leave the key out."
        yield ("region",), f"{country} has no region {section.region!r} with holidays. {known}"
    for index, written in enumerate(section.closed):
        if not _are_days(written):
            told = "Write 2026-12-24, 2026-12-24/2027-01-03 or 12-24"
            yield ("closed", index), f"{written!r} is no day and no span. {told}."
    for index, written in enumerate(section.worked):
        if len(written) != len("2026-12-24") or not _are_days(written):
            yield ("worked", index), f"{written!r} is no day. Write one like 2027-05-17."
    yield from _hours_problems(section)


def _hours_problems(section: CalendarSection) -> Iterator[tuple[Path, str]]:
    for day, written in section.hours.items():
        slots = _read(written)
        flat = [moment for slot in slots or () for moment in slot]
        if slots is None or flat != sorted(set(flat)):
            told = f"Write opening and closing times in their order: {_HOURS}."
            yield ("hours", day), f"{written!r} are no opening hours. {told}"
    if section.hours and not any(written.strip() for written in section.hours.values()):
        yield ("hours",), "the desk never opens. Name the hours of one day at least."
    if section.quiet and _read(section.quiet) is None:
        yield ("quiet",), f"{section.quiet!r} are no hours. Write some like 20:00-07:30."


def _are_days(written: str) -> bool:
    if not _DAYS.fullmatch(written):
        return False
    first, _, last = written.partition("/")
    try:
        begin = date.fromisoformat(f"2028-{first}" if len(first) == len("12-24") else first)
        return not last or (len(first) > len("12-24") and begin <= date.fromisoformat(last))
    except ValueError:
        return False


def _read(written: str) -> tuple[Slot, ...] | None:
    """Return the spans written, None when they cannot be understood."""
    try:
        return tuple(_slots(written)) if _is_spans(written) else None
    except ValueError:
        return None


def _is_spans(written: str) -> bool:
    return all(_SPAN.fullmatch(one) for one in written.split())


def _slots(written: str) -> Iterator[Slot]:
    for begin, end in _SPAN.findall(written):
        yield time.fromisoformat(begin), time.fromisoformat(end)
