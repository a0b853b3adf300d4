"""Periods in running words, in four languages."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.fields.periods import period_in

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.proves("A-40")
@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("factures du 01/11/2026 au 15/11/2026", "2026-11-01", "2026-11-15"),
        ("facturen van 01/11/2026 tot en met 15/11/2026", "2026-11-01", "2026-11-15"),
        ("Rechnungen vom 01.11.2026 bis zum 15.11.2026", "2026-11-01", "2026-11-15"),
        ("invoices from 1 November 2026 to 15 November 2026", "2026-11-01", "2026-11-15"),
        ("2026-11-01 au 2026-11-15", "2026-11-01", "2026-11-15"),
        ("entre le 1er novembre et le 15 novembre", "2026-11-01", "2026-11-15"),
        ("du 1/6 au 15/6", "2026-06-01", "2026-06-15"),
        ("du 1er au 15 novembre 2026", "2026-11-01", "2026-11-15"),
        ("entre le 2 et le 15 novembre", "2026-11-02", "2026-11-15"),
        ("du 28 au 3 novembre", "2026-10-28", "2026-11-03"),
        ("from 1 to 15 November 2026", "2026-11-01", "2026-11-15"),
        ("from the 1st to 15 November", "2026-11-01", "2026-11-15"),
        ("van 1 tot 15 november 2026", "2026-11-01", "2026-11-15"),
        ("01/11/2026 - 15/11/2026", "2026-11-01", "2026-11-15"),
        ("du 01/11/2026–15/11/2026", "2026-11-01", "2026-11-15"),
        ("vom 1. bis 15. November 2026", "2026-11-01", "2026-11-15"),
        ("du 1/11 au 30/11", "2026-11-01", "2026-11-30"),
        ("suivi depuis lundi", "2026-11-16", ""),
        ("seit Montag", "2026-11-16", ""),
        ("sinds maandag", "2026-11-16", ""),
        ("since monday", "2026-11-16", ""),
        ("depuis 2 semaines", "2026-11-08", ""),
        ("jusqu’au 15 novembre", "", "2026-11-15"),
        ("1 semaine", "2026-11-15", "2026-11-22"),
        ("une semaine", "2026-11-15", "2026-11-22"),
        ("les 3 derniers mois", "2026-08-22", "2026-11-22"),
        ("laatste 2 weken", "2026-11-08", "2026-11-22"),
        ("semaine dernière", "2026-11-09", "2026-11-15"),
        ("letzte Woche", "2026-11-09", "2026-11-15"),
        ("deze maand", "2026-11-01", "2026-11-22"),
        ("l’an dernier", "2025-01-01", "2025-12-31"),
        ("novembre", "2026-11-01", "2026-11-30"),
        ("décembre", "2025-12-01", "2025-12-31"),
        ("de novembre 2025", "2025-11-01", "2025-11-30"),
        ("in May", "2026-05-01", "2026-05-31"),
        ("en 2026", "2026-01-01", "2026-12-31"),
        ("hier", "2026-11-21", "2026-11-21"),
        ("aujourd’hui", "2026-11-22", "2026-11-22"),
        ("le 03/04/2026", "2026-04-03", "2026-04-03"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, first: str, last: str) -> None:
    """A-40: du .. au, depuis, jusqu'au, so many weeks, a month; the last one, when no year is given."""
    found = period_in(text, "fr", TODAY)
    assert found is not None
    assert (str(found.first or ""), str(found.last or "")) == (first, last)


@pytest.mark.parametrize(
    "text", ["mes demandes", "facture 0034871205", "suivi 000202", "type 63", "", "May I see them?"]
)
def test_numbers_and_names_are_no_period(text: str) -> None:
    """A number is a number, whatever it looks like."""
    assert period_in(text, "fr", TODAY) is None


def test_a_period_tells_where_it_is_written() -> None:
    """What stands around it can be read on."""
    text = "liste été du 01/11/2026 au 15/11/2026 type 63"
    found = period_in(text, "fr", TODAY)
    assert found is not None
    assert text[found.start : found.end] == "du 01/11/2026 au 15/11/2026"
    assert period_in(text[: found.start], "fr", TODAY) is None


def test_the_last_day_of_february_has_a_year_before() -> None:
    """29/02 exists in leap years alone."""
    found = period_in("1 an", "fr", date(2028, 2, 29))
    assert found is not None
    assert found.first == date(2027, 2, 28)
