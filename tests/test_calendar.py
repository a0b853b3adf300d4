"""Delays and days of a desk (X-32)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.calendar import add_business_days, after, end_of_day, read_delay
from handlers.errors import ConfigError

PARIS = "Europe/Paris"


def test_days_keep_the_wall_clock_over_the_end_of_summer_time():
    start = datetime(2026, 10, 20, 7, 0, tzinfo=UTC)  # 09:00 in Paris
    assert after(start, "7d", PARIS, "FR") == datetime(2026, 10, 27, 8, 0, tzinfo=UTC)


def test_business_days_skip_week_ends_and_holidays():
    assert add_business_days(date(2026, 11, 10), 1, "FR") == date(2026, 11, 12)
    assert add_business_days(date(2026, 11, 6), 2, "FR") == date(2026, 11, 10)


def test_the_last_day_counts_to_its_last_second():
    assert end_of_day(date(2026, 7, 1), PARIS) == datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("delay", ["7", "d", "7 days", "-1d", ""])
def test_another_unit_is_refused_with_the_remedy(delay):
    with pytest.raises(ConfigError, match="Write 30m, 4h, 7d or 2bd"):
        read_delay(delay)
