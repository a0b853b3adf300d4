"""Days are read in four languages, and left unread where nobody can be sure."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.fields.days import days_in

TODAY = date(2026, 11, 22)

WRITTEN = [
    ("facture du 3 mars 2026", "fr", "2026-03-03"),
    ("le 1er avril 2026", "fr", "2026-04-01"),
    ("le 7 aout 2026", "fr", "2026-08-07"),
    ("3 févr. 2026", "fr", "2026-02-03"),
    ("03/04/2026", "fr", "2026-04-03"),
    ("7-12-2026", "nl", "2026-12-07"),
    ("3 mrt 2026", "nl", "2026-03-03"),
    ("3. März 2026", "de", "2026-03-03"),
    ("am 3. Maerz 2026", "de", "2026-03-03"),
    ("03.04.26", "de", "2026-04-03"),
    ("03. 04. 2026", "de", "2026-04-03"),
    ("March 3rd, 2026", "en", "2026-03-03"),
    ("the 3rd of March 2026", "en", "2026-03-03"),
    ("3 March '26", "en", "2026-03-03"),
    ("25/04/2026", "en", "2026-04-25"),
    ("04/25/2026", "fr", "2026-04-25"),
    ("04/04/2026", "en", "2026-04-04"),
    ("03/04/2026", "en-GB", "2026-04-03"),
    ("03/04/2026", "en-US", "2026-03-04"),
    ("03.04.2026", "en", "2026-04-03"),
    ("2026-03-03", "", "2026-03-03"),
    ("2026/03/03", "", "2026-03-03"),
]


@pytest.mark.parametrize(("text", "language", "day"), WRITTEN)
def test_a_complete_day_is_read(text, language, day):
    """Whatever the language writes: month names, order, ordinals, short years."""
    assert [str(written.day) for written in days_in(text, language)] == [day]


@pytest.mark.parametrize(
    ("text", "language"),
    [("03/04/2026", "en"), ("31/02/2026", "fr"), ("12/2026", "fr"), ("10:30", "fr"), ("", "fr"),
     ("LECT-12-03-2026-A", "fr"), ("1.2.2026.3", ""), ("mars 2026", "fr"), ("7 décembre", "fr"),
     ("01 23 45 67 89", "fr"), ("15/12", "fr")],
)  # fmt: skip
def test_what_is_unsure_or_no_day_is_none(text, language):
    """American or British, not in the calendar, without year, part of a number."""
    assert days_in(text, language) == ()


YEARLESS = [
    ("lundi 7 décembre", "fr", "2026-12-07"),
    ("7 dec", "nl", "2026-12-07"),
    ("am 15.12.", "de", "2026-12-15"),
    ("le 15/12", "fr", "2026-12-15"),
    ("Dec 7", "en", "2026-12-07"),
    ("12 mai", "fr", "2027-05-12"),
    ("3 novembre", "fr", "2026-11-03"),
]


@pytest.mark.parametrize(("text", "language", "day"), YEARLESS)
def test_a_day_without_year_needs_to_know_when_it_was_written(text, language, day):
    """It is near that day, the next year if it is long past."""
    assert [str(written.day) for written in days_in(text, language, TODAY)] == [day]


def test_days_come_in_order_with_their_places():
    text = "du 3 mars 2026 au 05/03/2026"
    assert [text[one.start : one.end] for one in days_in(text, "fr")] == [
        "3 mars 2026",
        "05/03/2026",
    ]


@given(
    st.text(alphabet="0123456789/.- marsdecvy'", max_size=120),
    st.sampled_from(["fr", "en", "en-US", ""]),
)
def test_any_text_is_read_without_raising(text, language):
    """And days stand where they say, in order."""
    found = days_in(text, language, TODAY)
    assert [one.start for one in found] == sorted(one.start for one in found)


@pytest.mark.parametrize("unit", ["1", "12 ", "12/", "3 mars ", "mars", "1.1.", "2026-"])
def test_twice_the_text_takes_twice_the_time(unit):
    def seconds(text):
        start = time.thread_time()
        days_in(text, "fr", TODAY)
        return time.thread_time() - start

    # The best of several tries: other processes only ever make a try look worse.
    whole, half = unit * (40_000 // len(unit)), unit * (20_000 // len(unit))
    assert min(seconds(whole) / max(seconds(half), 0.001) for _ in range(6)) <= 2.5
