"""The calendar of a desk: its days and hours, and how delays are counted in them (X-32).

A delay is counted on the wall of the desk: "7d" is the same time of day a week later, "2bd" passes
on business days only, "4bh" while the desk is open. "30m" and "4h" pass as they do for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from handlers.errors import ConfigError
from handlers.public_holidays import public_holidays

Slot: TypeAlias = tuple[time, time]
Spans: TypeAlias = Iterator[tuple[datetime, datetime]]

_DELAY = re.compile(r"(\d+)(m|h|d|bd|bh)")
_DAY = timedelta(days=1)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "bh": timedelta(hours=1)}
_SEARCHED = 3660  # days in which a desk must open once
USUAL_WEEK: tuple[tuple[Slot, ...], ...] = (*([((time(8), time(18)),)] * 5), (), ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """When a desk works. `country` and `region` are whose public holidays are kept, except those
    `worked` all the same; `closed` are further days off, first and last, `closed_yearly` as month
    and day. `hours` are the open times of Monday to Sunday: a day without one is no business day.
    Automatic notices wait during `quiet` (from, until) and, with `quiet_days`, on days off."""

    time_zone: str = "Europe/Paris"
    country: str = "FR"
    region: str = ""
    closed: tuple[tuple[date, date], ...] = ()
    closed_yearly: tuple[tuple[int, int], ...] = ()
    worked: tuple[date, ...] = ()
    hours: tuple[tuple[Slot, ...], ...] = USUAL_WEEK
    quiet: Slot | None = None
    quiet_days: bool = False

    def is_business_day(self, day: date) -> bool:
        """Tell whether the desk works on a day."""
        if not self.hours[day.weekday()] or (day.month, day.day) in self.closed_yearly:
            return False
        if any(first <= day <= last for first, last in self.closed):
            return False
        free = public_holidays(self.country, self.region, day.year)
        return day in self.worked or day not in free

    def after(self, start: datetime, delay: str) -> datetime:
        """Return the instant `delay` after `start`. Raises ConfigError for another unit."""
        count, unit = read_delay(delay)
        if unit != "bd" or not count:
            return self.onward(start, count * _UNITS.get(unit, _DAY), unit)
        local = start.astimezone(ZoneInfo(self.time_zone))
        day = self.business_days_after(local.date(), count)
        return self._instant(datetime.combine(day, local.time()))

    def business_days_after(self, day: date, count: int) -> date:
        """Return the business day that is `count` after a day. Raises ConfigError when the desk
        is closed for ten years."""
        for _ in range(count):
            day = next(one for one in self._days_from(day + _DAY) if self.is_business_day(one))
        return day

    def left(self, start: datetime, until: datetime, unit: str) -> timedelta:
        """Return how much of a clock that counts in `unit` passes from one instant to another."""
        if unit in ("m", "h"):
            return max(until - start, timedelta())
        begin, end = self._wall(start), self._wall(until)
        total = timedelta()
        for opens, closes in self._counted(begin.date(), unit):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, begin), timedelta())
        return total

    def onward(self, start: datetime, left: timedelta, unit: str) -> datetime:
        """Return the first instant at which so much has passed since `start`: what `left` undoes."""
        if unit in ("m", "h") or left <= timedelta():
            return start + max(left, timedelta())
        begin = self._wall(start)
        if unit == "d":
            return self._instant(begin + left)
        for opens, closes in self._counted(begin.date(), unit):
            first = max(opens, begin)
            if closes - first >= left:
                return self._instant(first + left)
            left -= max(closes - first, timedelta())
        raise _never_open()

    def next_loud(self, at: datetime) -> datetime:
        """Return the first instant from `at` on at which an automatic notice may leave."""
        wall = moved = self._wall(at)
        for _ in range(_SEARCHED):
            louder = self._after_quiet(moved)
            if louder == moved:
                return at if moved == wall else self._instant(moved)
            moved = louder
        raise _never_open()

    def morning(self, day: date) -> datetime:
        """Return when the desk opens on a day, or on the next one that it works on."""
        works = next(one for one in self._days_from(day) if self.is_business_day(one))
        return self._instant(datetime.combine(works, self.hours[works.weekday()][0][0]))

    def last_moment(self, start: datetime, days: int) -> datetime:
        """Return the last second of the day that is so many days after an instant (X-32)."""
        return end_of_day(self.day_of(start) + days * _DAY, self.time_zone)

    def day_of(self, at: datetime) -> date:
        """Return the day it is at the desk."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    def end_of_day(self, day: date) -> datetime:
        """Return the last second of a day: limits are inclusive (X-32)."""
        return end_of_day(day, self.time_zone)

    def _after_quiet(self, wall: datetime) -> datetime:
        """Return a wall time that is not quiet for the reason this one is; itself when it is not."""
        if self.quiet_days and not self.is_business_day(wall.date()):
            return datetime.combine(wall.date() + _DAY, time())
        if self.quiet is None:
            return wall
        begin, end = self.quiet
        late = wall.time() >= begin
        early = wall.time() < end
        quiet = (late and early) if begin <= end else (late or early)
        day = wall.date() + _DAY if quiet and late and begin > end else wall.date()
        return datetime.combine(day, end) if quiet else wall

    def _counted(self, day: date, unit: str) -> Spans:
        """Yield the spans of wall time that a unit counts, from a day on."""
        for one in self._days_from(day):
            if unit == "d" or (unit == "bd" and self.is_business_day(one)):
                yield datetime.combine(one, time()), datetime.combine(one + _DAY, time())
            elif unit == "bh" and self.is_business_day(one):
                for opens, closes in self.hours[one.weekday()]:
                    yield datetime.combine(one, opens), datetime.combine(one, closes)

    def _days_from(self, day: date) -> Iterator[date]:
        for count in range(_SEARCHED):
            yield day + count * _DAY
        raise _never_open()

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)

    def _instant(self, wall: datetime) -> datetime:
        return instant_of(wall, self.time_zone)


USUAL = Calendar()
"""The calendar of a desk that says nothing of it."""


def read_delay(delay: str) -> tuple[int, str]:
    """Return number and unit of a delay. Raises ConfigError naming what is expected."""
    match = _DELAY.fullmatch(delay)
    if match is None:
        raise ConfigError(
            f"{delay!r} is no delay. Write 30m, 4h, 7d, 2bd (business days) or 4bh (opening hours)."
        )
    return int(match[1]), match[2]


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return 23:59:59 of the local day, the second one where clocks show it twice (X-32)."""
    return instant_of(datetime.combine(day, time(23, 59, 59)), time_zone, second=True)


def next_time(now: datetime, clock: str, time_zone: str) -> datetime:
    """Return the next instant after `now` at which a local clock shows this time ("02:30").

    In the night when the clock jumps over it, it is the moment of the jump.
    """
    wanted = time.fromisoformat(clock)
    day = now.astimezone(ZoneInfo(time_zone)).date()
    days = (day, day + _DAY)
    soon = (instant_of(datetime.combine(one, wanted), time_zone) for one in days)
    return next(one for one in soon if one > now)


def instant_of(wall: datetime, time_zone: str, *, second: bool = False) -> datetime:
    """Return when clocks of a zone show a time. When they show it twice it is the first moment, or the
    `second`; what they never show is the moment of the jump, so that later stays later."""
    zone = ZoneInfo(time_zone)
    first, last = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= last:
        return last if second else first
    return _jump(last, first, lambda at: at.astimezone(zone).replace(tzinfo=None) > wall)


def _jump(before: datetime, after: datetime, is_past: Callable[[datetime], bool]) -> datetime:
    """Return the moment between two instants from which on `is_past`, to the second."""
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (before, middle) if is_past(middle) else (middle, after)
    return after.replace(microsecond=0)


def _never_open() -> ConfigError:
    return ConfigError("the desk is closed for ten years. Correct its calendar: hours, closed.")
