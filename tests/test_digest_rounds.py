"""A digest comes at its time on the wall, on days that people work, and covers the days between (X-33)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from handlers.desk import Desk, DigestPlan
from handlers.digest.rounds import DAILY, WEEKLY, next_round, round_due, round_of

PARIS = ZoneInfo("Europe/Paris")


def desk(**plan):
    plan = {"daily": "08:00", "weekly": "08:30"} | plan
    return Desk(
        name="rma", workflow="rma", addresses=("rma@desk.example",), digest=DigestPlan(**plan)
    )


def wall(told):
    return datetime.fromisoformat(told).replace(tzinfo=PARIS).astimezone(UTC)


def test_a_daily_digest_is_due_from_its_time_to_the_end_of_its_day():
    assert round_due(desk(), DAILY, wall("2026-11-24 07:59:59")) is None
    for told in ("2026-11-24 08:00", "2026-11-24 23:59"):
        assert round_due(desk(), DAILY, wall(told)).day == date(2026, 11, 24)
    assert round_due(desk(), DAILY, wall("2026-11-25 00:00")) is None


@pytest.mark.parametrize(
    "day, since",
    [
        ("2026-11-24", "2026-11-23"),  # a Tuesday
        ("2026-11-23", "2026-11-20"),  # a Monday tells of the weekend
        ("2026-11-12", "2026-11-10"),  # the day after a holiday
        ("2026-04-07", "2026-04-03"),  # the Tuesday after Easter
        ("2026-12-28", "2026-12-24"),
    ],
)
def test_a_daily_digest_tells_of_the_time_since_the_last_open_day(day, since):
    found = round_due(desk(), DAILY, wall(f"{day} 08:00"))
    assert (found.since, found.at) == (wall(f"{since} 08:00"), wall(f"{day} 08:00"))


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-22", "2026-11-11", "2026-04-06"])
def test_nothing_is_due_on_a_day_that_nobody_works(day):
    for kind in (DAILY, WEEKLY):
        assert round_due(desk(weekday=2), kind, wall(f"{day} 12:00")) is None


def test_a_weekly_digest_stays_due_until_the_next_one():
    for told in ("2026-11-23 08:30", "2026-11-25 09:00", "2026-11-27 23:59"):
        found = round_due(desk(), WEEKLY, wall(told))
        assert found.day == date(2026, 11, 23)
        assert (found.since, found.at) == (wall("2026-11-16 08:30"), wall("2026-11-23 08:30"))
    assert round_due(desk(), WEEKLY, wall("2026-11-30 08:30")).day == date(2026, 11, 30)


def test_a_weekly_digest_of_a_holiday_is_due_the_next_morning_not_the_next_midnight():
    assert round_due(desk(), WEEKLY, wall("2026-04-07 08:29")) is None
    assert round_due(desk(), WEEKLY, wall("2026-04-07 08:30")).day == date(2026, 4, 6)


@pytest.mark.parametrize("day, hour", [("2026-03-30", 6), ("2026-03-27", 7), ("2026-10-26", 7)])
def test_eight_on_the_wall_is_eight_on_both_sides_of_a_change_of_the_clock(day, hour):
    """A day in March has 23 hours, one in October 25."""
    found = round_of(desk(), DAILY, date.fromisoformat(day))
    assert found.at == datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)


def test_a_time_that_the_clock_skips_is_the_hour_it_skipped_to():
    found = round_of(desk(daily="02:30"), DAILY, date(2026, 3, 29))
    assert found.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_without_a_time_nothing_is_ever_due():
    silent = desk(daily="", weekly="")
    for kind in (DAILY, WEEKLY):
        assert round_due(silent, kind, wall("2026-11-23 12:00")) is None
        assert next_round(silent, kind, wall("2026-11-23 12:00")) is None


@pytest.mark.parametrize(
    "kind, now, then",
    [
        (DAILY, "2026-11-23 07:00", "2026-11-23 08:00"),
        (DAILY, "2026-11-20 08:00", "2026-11-23 08:00"),
        (DAILY, "2026-12-24 09:00", "2026-12-28 08:00"),
        (WEEKLY, "2026-11-23 08:30", "2026-11-30 08:30"),
        (WEEKLY, "2026-04-03 09:00", "2026-04-07 08:30"),
    ],
)
def test_the_next_digest_is_known(kind, now, then):
    assert next_round(desk(), kind, wall(now)) == wall(then)


def test_every_instant_of_a_year_belongs_to_one_daily_digest():
    day, ends = date(2026, 1, 1), []
    while day.year == 2026:
        found = round_due(desk(), DAILY, wall(f"{day} 23:00"))
        ends += [(found.since, found.at)] if found else []
        day += timedelta(days=1)
    assert len(ends) == 252  # 261 weekdays, nine of them holidays in France
    assert all(one[1] == following[0] for one, following in pairwise(ends))
