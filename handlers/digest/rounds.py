"""When a digest is due, and which time it tells of: days and weeks on the wall of the desk (X-33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.desk import Desk

DAILY, WEEKLY = "daily", "weekly"
KINDS = (DAILY, WEEKLY)
_USUAL = "08:00"
_DAY = timedelta(days=1)
_LONGEST = 400  # days in which an open day is looked for


@dataclass(frozen=True, kw_only=True, slots=True)
class Round:
    """One digest of a desk: the day it belongs to, when it is due, and since when it counts what
    happened, unless an earlier one was missed."""

    desk: str
    kind: str
    day: date
    at: datetime
    since: datetime

    @property
    def cause(self) -> str:
        """What makes its messages unique, however often it is sent."""
        return f"d{self.day:%Y%m%d}-{self.desk}-{self.kind}"


def round_due(desk: Desk, kind: str, now: datetime) -> Round | None:
    """Return the newest digest whose time has come, None on a closed day and where none is wanted.

    A daily one is made up for on its own day, a weekly one on the first open day after it.
    """
    today = desk.calendar.day_of(now)
    clock = _clock(desk, kind)
    if not clock or not is_open_day(desk, today) or now < _instant(today, clock, desk):
        return None
    if kind == DAILY:
        return round_of(desk, kind, today)
    return round_of(desk, kind, today - ((today.weekday() - desk.digest.weekday) % 7) * _DAY)


def next_round(desk: Desk, kind: str, now: datetime) -> datetime | None:
    """Return when a digest is due next, None where none is wanted."""
    today = desk.calendar.day_of(now)
    clock = _clock(desk, kind)
    for day in (today + n * _DAY for n in range(7 + _LONGEST)) if clock else ():
        at = _instant(day, clock, desk)
        found = round_due(desk, kind, at) if at > now else None
        before = round_due(desk, kind, now)
        if found is not None and (kind == DAILY or before is None or found.day != before.day):
            return at
    return None


def round_of(desk: Desk, kind: str, day: date) -> Round:
    """Return the digest that belongs to a day: what happened since the last open day at the same
    time, or in the seven days before. Without a time in the configuration it is eight o'clock."""
    clock = _clock(desk, kind) or _USUAL
    first = day - 7 * _DAY if kind == WEEKLY else _open_day_before(desk, day)
    return Round(
        desk=desk.name,
        kind=kind,
        day=day,
        at=_instant(day, clock, desk),
        since=_instant(first, clock, desk),
    )


def is_open_day(desk: Desk, day: date) -> bool:
    """Tell whether people of the desk work on a day: no weekend, no public holiday."""
    return desk.calendar.is_business_day(day)


def _open_day_before(desk: Desk, day: date) -> date:
    earlier = (day - n * _DAY for n in range(1, _LONGEST))
    return next((one for one in earlier if is_open_day(desk, one)), day - _DAY)


def _clock(desk: Desk, kind: str) -> str:
    return desk.digest.daily if kind == DAILY else desk.digest.weekly


def _instant(day: date, clock: str, desk: Desk) -> datetime:
    wall = datetime.combine(day, time.fromisoformat(clock), ZoneInfo(desk.time_zone))
    return wall.astimezone(UTC)
