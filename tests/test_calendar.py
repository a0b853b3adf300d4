"""Delays, days and hours of a desk (X-32): counted on its wall, over holidays and both changes of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.calendar import Calendar, end_of_day, instant_of, next_time, read_delay
from handlers.errors import ConfigError

PARIS = "Europe/Paris"
SHOP = (*([((time(8), time(12)), (time(13, 30), time(18)))] * 5), ((time(9), time(12)),), ())
DESKS = (
    Calendar(),
    Calendar(region="Alsace-Moselle", hours=SHOP, quiet=(time(20), time(7, 30)), quiet_days=True),
    Calendar(country="BE", time_zone="Europe/Brussels", closed_yearly=((12, 24), (12, 31))),
    Calendar(country="NL", time_zone="Europe/Amsterdam", quiet=(time(12), time(13))),
    Calendar(
        country="DE",
        region="BY",
        time_zone="Europe/Berlin",
        closed=((date(2026, 12, 24), date(2027, 1, 6)),),
        quiet_days=True,
    ),
    Calendar(time_zone="America/St_Johns", hours=SHOP, quiet=(time(22), time(6))),
)

desks = st.sampled_from(DESKS)
instants = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
) | st.sampled_from(
    [  # around both changes of time
        datetime(2026, 3, 29, hour, minute, tzinfo=UTC)
        for hour in (0, 1, 2)
        for minute in (0, 15, 30, 59)
    ]
    + [
        datetime(2026, 10, 25, hour, minute, tzinfo=UTC)
        for hour in (0, 1, 2)
        for minute in (0, 15, 30, 59)
    ]
)
units = st.sampled_from(["m", "h", "d", "bd", "bh"])
delays = st.builds(lambda count, unit: f"{count}{unit}", st.integers(0, 40), units)


def paris(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(PARIS)).astimezone(UTC)


@given(desks, instants, delays)
def test_no_delay_ends_before_it_begins(desk, start, delay):
    assert desk.after(start, delay) >= start


@given(desks, instants, instants, delays)
def test_what_starts_later_never_ends_earlier(desk, one, other, delay):
    first, last = sorted((one, other))
    days_off = not all(desk.is_business_day(desk.day_of(start)) for start in (first, last))
    if delay.endswith("bd") and days_off:
        return  # from a day off, too, the time of day is kept: Sunday at nine, Monday at nine
    assert desk.after(first, delay) <= desk.after(last, delay)


@given(desks, instants, st.integers(0, 20), st.integers(0, 20), units)
def test_a_longer_delay_never_ends_earlier(desk, start, one, other, unit):
    short, long = sorted((one, other))
    assert desk.after(start, f"{short}{unit}") <= desk.after(start, f"{long}{unit}")


@given(desks, instants, st.integers(1, 20))
def test_days_keep_the_time_of_day(desk, start, count):
    zone = ZoneInfo(desk.time_zone)
    due = desk.after(start, f"{count}d").astimezone(zone)
    wanted = start.astimezone(zone).replace(tzinfo=None) + timedelta(days=count)
    shown_once = instant_of(wanted, desk.time_zone).astimezone(zone).replace(tzinfo=None) == wanted
    assert not shown_once or due.replace(tzinfo=None) == wanted


@given(desks, instants, st.integers(1, 30))
def test_business_days_end_on_a_business_day_with_so_many_between(desk, start, count):
    first, last = desk.day_of(start), desk.day_of(desk.after(start, f"{count}bd"))
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    assert desk.is_business_day(last)
    assert sum(map(desk.is_business_day, days)) == count


@given(desks, instants, st.integers(1, 60))
def test_opening_hours_end_while_the_desk_is_open(desk, start, count):
    due = desk.after(start, f"{count}bh").astimezone(ZoneInfo(desk.time_zone))
    assert desk.is_business_day(due.date())
    assert any(begin < due.time() <= end for begin, end in desk.hours[due.weekday()])


@given(desks, instants, delays)
def test_a_clock_stopped_and_started_at_once_lost_nothing(desk, start, delay):
    due, unit = desk.after(start, delay), read_delay(delay)[1]
    again = desk.onward(start, desk.left(start, due, unit), unit)
    assert again <= due
    assert desk.left(again, due, unit) == timedelta()


@given(desks, instants, st.integers(1, 10), instants, instants, st.sampled_from(["d", "bd", "bh"]))
def test_a_stopped_clock_goes_on_with_what_was_left(desk, start, count, one, other, unit):
    due = desk.after(start, f"{count}{unit}")
    held = start + (due - start) / 3
    left = desk.left(held, due, unit)
    resumed = max(held, one, other)
    end = desk.onward(resumed, left, unit)
    assert end >= resumed
    if (
        instant_of(end.astimezone(ZoneInfo(desk.time_zone)).replace(tzinfo=None), desk.time_zone)
        == end
    ):
        assert abs(desk.left(resumed, end, unit) - left) <= timedelta(
            hours=1
        )  # a night of 25 hours


@given(desks, instants)
def test_what_may_leave_leaves_at_once_and_what_must_wait_waits_no_longer_than_needed(desk, at):
    loud = desk.next_loud(at)
    assert loud >= at
    assert desk.next_loud(loud) == loud
    if loud > at:
        assert desk.next_loud(loud - timedelta(seconds=1)) == loud


@given(desks, instants)
def test_a_limit_holds_to_the_last_second_of_its_day(desk, at):
    end = desk.end_of_day(desk.day_of(at))
    assert at.replace(microsecond=0) <= end
    assert desk.day_of(end) == desk.day_of(at)
    assert desk.day_of(end + timedelta(seconds=1)) > desk.day_of(at)


@given(desks, instants, st.integers(0, 23), st.integers(0, 59))
def test_a_daily_clock_rings_once_a_day(desk, now, hour, minute):
    clock = f"{hour:02}:{minute:02}"
    first = next_time(now, clock, desk.time_zone)
    second = next_time(first, clock, desk.time_zone)
    assert now < first < second
    assert desk.day_of(second) - desk.day_of(first) == timedelta(days=1)


def test_days_keep_the_wall_clock_over_the_end_of_summer_time():
    assert Calendar().after(paris(2026, 10, 20, 9), "7d") == paris(2026, 10, 27, 9)


def test_days_keep_the_wall_clock_over_the_begin_of_summer_time():
    assert Calendar().after(paris(2026, 3, 27, 9), "3d") == paris(2026, 3, 30, 9)


def test_an_hour_that_clocks_jump_over_is_the_moment_of_the_jump():
    at_the_jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert Calendar().after(paris(2026, 3, 28, 2, 30), "1d") == at_the_jump
    assert next_time(paris(2026, 3, 28, 12), "02:30", PARIS) == at_the_jump


def test_an_hour_that_clocks_show_twice_rings_once():
    first = next_time(paris(2026, 10, 24, 12), "02:30", PARIS)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_time(first, "02:30", PARIS) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_the_last_day_counts_to_its_last_second():
    assert end_of_day(date(2026, 7, 1), PARIS) == datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "region", "day", "works"),
    [
        ("FR", "", date(2026, 11, 11), False),
        ("FR", "", date(2026, 4, 3), True),  # Good Friday
        ("FR", "Alsace-Moselle", date(2026, 4, 3), False),
        ("FR", "Alsace-Moselle", date(2025, 12, 26), False),
        ("FR", "", date(2025, 12, 26), True),
        ("BE", "", date(2026, 7, 21), False),
        ("BE", "", date(2026, 7, 14), True),
        ("NL", "", date(2026, 4, 27), False),  # King's day
        ("NL", "", date(2026, 5, 5), True),
        ("DE", "", date(2026, 6, 4), True),
        ("DE", "BY", date(2026, 6, 4), False),  # Corpus Christi
        ("DE", "Bayern", date(2026, 6, 4), False),
    ],
)
def test_holidays_are_those_of_country_and_region(country, region, day, works):
    assert Calendar(country=country, region=region).is_business_day(day) is works


def test_own_days_off_and_days_worked_win_over_the_public_ones():
    bridge = (date(2026, 5, 15), date(2026, 5, 15))
    desk = Calendar(closed=(bridge,), closed_yearly=((12, 24),), worked=(date(2026, 5, 25),))
    assert not desk.is_business_day(date(2026, 5, 15))
    assert not desk.is_business_day(date(2029, 12, 24))
    assert desk.is_business_day(date(2026, 5, 25))  # Whit Monday
    assert not desk.is_business_day(date(2026, 5, 14))


def test_opening_hours_pass_while_the_desk_is_open():
    shop = Calendar(hours=SHOP)
    assert shop.after(paris(2026, 11, 20, 17), "2bh") == paris(2026, 11, 21, 10)  # Friday, Saturday
    assert shop.after(paris(2026, 11, 21, 11), "3bh") == paris(2026, 11, 23, 10)
    assert shop.after(paris(2026, 11, 20, 11), "2bh") == paris(2026, 11, 20, 14, 30)


def test_a_desk_that_never_opens_is_an_error_and_no_endless_search():
    with pytest.raises(ConfigError, match="closed for ten years"):
        Calendar(hours=((),) * 7).after(paris(2026, 1, 1), "1bd")


def test_the_morning_of_a_day_off_is_that_of_the_next_business_day():
    assert Calendar().morning(date(2026, 11, 21)) == paris(2026, 11, 23, 8)


@pytest.mark.parametrize("delay", ["7", "d", "7 days", "-1d", ""])
def test_another_unit_is_refused_with_the_remedy(delay):
    with pytest.raises(ConfigError, match="Write 30m, 4h, 7d, 2bd"):
        read_delay(delay)
