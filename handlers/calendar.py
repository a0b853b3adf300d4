"""Delays and days of a desk: "7d", "2bd", the last second of a local day (X-32)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from handlers.errors import ConfigError

_DELAY = re.compile(r"(\d+)(m|h|d|bd)")


def after(start: datetime, delay: str, time_zone: str, country: str) -> datetime:
    """Return the instant `delay` after `start`: minutes, hours, days at the same wall-clock time,
    or business days of the country. Raises ConfigError for another unit."""
    count, unit = read_delay(delay)
    if unit in ("m", "h"):
        return start + timedelta(minutes=count if unit == "m" else 60 * count)
    local = start.astimezone(ZoneInfo(time_zone))
    day = local.date()
    day = day + timedelta(days=count) if unit == "d" else add_business_days(day, count, country)
    return datetime.combine(day, local.timetz()).astimezone(UTC)


def read_delay(delay: str) -> tuple[int, str]:
    """Return number and unit of a delay. Raises ConfigError naming what is expected."""
    match = _DELAY.fullmatch(delay)
    if match is None:
        raise ConfigError(f"{delay!r} is no delay. Write 30m, 4h, 7d or 2bd (business days).")
    return int(match[1]), match[2]


def end_of_day(day: date, time_zone: str) -> datetime:
    """Return 23:59:59 of the local day: limits are inclusive (X-32)."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(time_zone)).astimezone(UTC)


def next_time(now: datetime, clock: str, time_zone: str) -> datetime:
    """Return the next instant after `now` at which a local clock shows this time ("02:30").

    In the night when the clock jumps over it, it is the hour that the jump skipped to.
    """
    zone = ZoneInfo(time_zone)
    wanted = time.fromisoformat(clock)
    day = now.astimezone(zone).date()
    today = datetime.combine(day, wanted, zone).astimezone(UTC)
    if today > now:
        return today
    return datetime.combine(day + timedelta(days=1), wanted, zone).astimezone(UTC)


def add_business_days(day: date, count: int, country: str) -> date:
    """Return the day `count` business days after `day`."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in _holidays_of(country, day.year):
            count -= 1
    return day


def has_holidays(country: str) -> bool:
    """Tell whether the public holidays of a country (ISO 3166 code) are known."""
    return country in holidays.list_supported_countries()


@lru_cache(maxsize=64)
def _holidays_of(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
