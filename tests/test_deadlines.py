"""The last day counts whole; what cannot be read limits nothing and stops no mail."""

from datetime import date

import pytest

from handlers.steps.deadlines import asked_on, in_time, last_day, limit_of

from .claims_turn import CLAIMS, RowBook, claim

DAY = date(2026, 11, 2)


def book(**row):
    return RowBook(limits=[{"code": "26", "days": "14", **row}])


def test_the_last_day_is_inside_and_the_next_is_not():
    assert in_time(claim(book(), code="26", invoice_date="2026-10-19"))
    assert not in_time(claim(book(), code="26", invoice_date="2026-10-18"))


def test_zero_days_is_the_day_itself():
    assert last_day({"days": "0"}, "2026-11-02") == DAY
    assert not in_time(claim(book(days="0"), code="26", invoice_date="2026-11-01"))


@pytest.mark.parametrize("days", ["", "-1", "quatorze", "14.5", "²", "9" * 9, "9" * 5000])
def test_days_that_are_no_number_of_days_limit_nothing(days):
    assert last_day({"days": days}, "2026-11-02") is None


@pytest.mark.parametrize("since", ["", "02/11/2026", "2026-02-30", "hier"])
def test_a_first_day_that_is_none_limits_nothing(since):
    assert last_day({"days": "14"}, since) is None


def test_a_code_that_no_table_knows_is_never_in_time():
    assert not in_time(claim(book(), code="99", invoice_date="2026-11-01"))
    assert not in_time(claim(book(), invoice_date="2026-11-01"))
    assert not in_time(claim(code="26", invoice_date="2026-11-01"))


def test_the_row_of_the_brand_goes_before_the_row_for_all():
    rows = RowBook(
        limits=[{"code": "63", "days": "7"}, {"code": "63", "days": "10", "brand": "Acme"}]
    )
    limit = {"manufacturer": "ACME"}
    assert limit_of(rows, CLAIMS, limit, "63", DAY)["days"] == "10"
    assert limit_of(rows, CLAIMS, {}, "63", DAY)["days"] == "7"


def test_a_row_of_another_brand_limits_nobody_else():
    assert limit_of(book(brand="ACME"), CLAIMS, {"manufacturer": "OTHER"}, "26", DAY) is None


def test_the_day_of_the_original_mail_counts_when_it_is_a_day():
    assert asked_on(claim(alleged_request="2026-10-01")) == date(2026, 10, 1)
    assert asked_on(claim(alleged_request="mardi")) == DAY
