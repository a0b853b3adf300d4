"""Amounts, dates, keys, quote numbers and serial numbers are read as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.fields.amounts import Amount, amount_of, amounts
from parsers.fields.days import date_of
from parsers.fields.numbers import numbers, quote_numbers, ticket_keys
from parsers.fields.said import phrases_said
from parsers.fields.serials import serials

AMOUNTS = [
    ("412,80 €", 41280, "EUR"),
    ("412,80\u00a0€", 41280, "EUR"),
    ("412 €", 41200, "EUR"),
    ("412,8 €", 41280, "EUR"),
    ("1 234.50 EUR", 123450, "EUR"),
    ("1\u202f234,50 €", 123450, "EUR"),
    ("1.234,50 €", 123450, "EUR"),
    ("1,234.50 EUR", 123450, "EUR"),
    ("1'234.50 CHF", 123450, "CHF"),
    ("EUR 412.80", 41280, "EUR"),
    ("€412.80", 41280, "EUR"),
    ("£ 1,234", 123400, "GBP"),
    ("12.345 €", 1234500, "EUR"),
    ("montant de 412,80 euros HT", 41280, "EUR"),
    ("2 lecteurs à 3,50 EUR", 350, "EUR"),
    ("€ 12,-", 1200, "EUR"),
    ("12,- €", 1200, "EUR"),
    ("12 euros 50", 1250, "EUR"),
    ("12€50", 1250, "EUR"),
    ("12 € 50 TTC", 1250, "EUR"),
    ("12 € 50 pièces", 1200, "EUR"),
    ("12,50 € HT", 1250, "EUR"),
    ("€ 1.250,00 excl. btw", 125000, "EUR"),
    ("412,80 EUR zzgl. MwSt", 41280, "EUR"),
    ("CHF 1\u2019234.50", 123450, "CHF"),
    ("£12.50", 1250, "GBP"),
    ("5 dollars", 500, "USD"),
]


@pytest.mark.parametrize(("text", "cents", "currency"), AMOUNTS)
def test_an_amount_is_read_in_cents(text: str, cents: int, currency: str) -> None:
    """Every way to mark thousands and decimals."""
    assert amounts(text) == (Amount(cents=cents, currency=currency),)
    assert amount_of(text) == cents


def test_amounts_come_in_order_and_need_a_currency() -> None:
    assert [a.cents for a in amounts("344,00 € HT, TVA 20 %, 412,80 € TTC, 2 pièces")] == [
        34400,
        41280,
    ]
    assert amounts("2 pièces, série 12345") == ()


@pytest.mark.parametrize(
    ("text", "cents"), [("412,80", 41280), ("412.80", 41280), ("1 234,50", 123450), ("500", 50000),
                        ("", None), ("abc", None), ("20%", None)],
)  # fmt: skip
def test_a_bare_number_is_an_amount_where_one_is_asked(text: str, cents: int | None) -> None:
    """As in an agent's `montant_ht=412,80`."""
    assert amount_of(text) == cents


DATES = [
    ("30/11/2026", "fr", date(2026, 11, 30)),
    ("3.4.2026", "de", date(2026, 4, 3)),
    ("03-04-26", "nl", date(2026, 4, 3)),
    ("2026-11-30", "fr", date(2026, 11, 30)),
    ("03/25/2026", "en", date(2026, 3, 25)),
    ("03/04/2026", "en", None),
    ("03/04/2026", "en-GB", date(2026, 4, 3)),
    ("03/04/2026", "en-US", date(2026, 3, 4)),
    ("4 décembre 2026", "fr", date(2026, 12, 4)),
    ("le 1er mars 2026", "fr", date(2026, 3, 1)),
    ("4 december 2026", "nl", date(2026, 12, 4)),
    ("4. Dezember 2026", "de", date(2026, 12, 4)),
    ("December 4, 2026", "en", date(2026, 12, 4)),
    ("4th of December 2026", "en", date(2026, 12, 4)),
    ("31/02/2026", "fr", None),
    ("4 décembre", "fr", None),
    ("bientôt", "fr", None),
    ("", "", None),
]


@pytest.mark.parametrize(("text", "language", "day"), DATES)
def test_a_date_is_read_in_four_languages(text: str, language: str, day: date | None) -> None:
    """A date that does not exist or lacks its year is none."""
    assert date_of(text, language) == day


@pytest.mark.parametrize(
    "text",
    ["RMA-2026-000412", "rma 2026 412", "[RMA_2026_000412]", "Rma-2026-412", "RMA2026-000412"],
)
def test_a_key_of_ours_is_normalised(text: str) -> None:
    """However it was typed."""
    assert ticket_keys(f"Re: {text}, suite") == ("RMA-2026-000412",)


def test_keys_come_once_in_order() -> None:
    text = "RMA-2026-000412, DEM-2026-000007 et rma-2026-412 ; RMA-20-1"
    assert ticket_keys(text) == ("RMA-2026-000412", "DEM-2026-000007")


QUOTES = [
    ("votre devis n° D-2026-118 du 02/11/2026", ("D-2026-118",)),
    ("devis D-2026-118", ("D-2026-118",)),
    ("Devis numéro : d-2026-118", ("D-2026-118",)),
    ("devis réf. D-2026-118", ("D-2026-118",)),
    ("votre offre n°2026/118.", ("2026/118",)),
    ("Quote Q-4411", ("Q-4411",)),
    ("your quotation no. Q-4411", ("Q-4411",)),
    ("Quotation_Ref: QUOT_125487", ("QUOT_125487",)),
    ("offerte 26/118201", ("26/118201",)),
    ("Ihr Angebot Nr. 4711-B", ("4711-B",)),
    ("devis n° D-2026-118, D-2026-119 et D-2026-120", ("D-2026-118", "D-2026-119", "D-2026-120")),
    ("devis n° D-2026-118 et devis n° D-2026-119", ("D-2026-118", "D-2026-119")),
    ("devis du 12/11/2026", ()),
    ("devis de 412,80 €", ()),
    ("devis 412,80", ()),
    ("devis 412 €", ()),
    ("votre devis pour le lecteur LECT-400", ()),
    ("devis RMA-2026-000412", ()),
    ("offre spéciale", ()),
]


@pytest.mark.parametrize(("text", "expected"), QUOTES)
def test_quote_numbers_follow_their_word(text: str, expected: tuple[str, ...]) -> None:
    """Not every number behind it: no date, price or key of ours."""
    assert quote_numbers(text) == expected


def test_other_numbers_follow_their_own_words() -> None:
    assert numbers("Commande n° 4500123 selon devis D-2026-118", "order") == ("4500123",)
    assert numbers("PO 88123", "order") == ("88123",)


SERIALS = [
    ("le lecteur série AX-99812 est en panne", ("AX-99812",)),
    ("N° de série : ax-99812", ("AX-99812",)),
    ("S/N AX99812", ("AX99812",)),
    ("SN: 0012345", ("0012345",)),
    ("numéro de série est AX-99812.", ("AX-99812",)),
    ("serial number AX-99812 does not read", ("AX-99812",)),
    ("serienummer AX-99812", ("AX-99812",)),
    ("Seriennummer: AX-99812", ("AX-99812",)),
    ("séries AX-1001, AX-1002 et AX-1003", ("AX-1001", "AX-1002", "AX-1003")),
    ("série AX-1001, Tél. 0123456789", ("AX-1001",)),
    ("série 12345678, 01 23 45 67 89", ("12345678",)),
    ("n° de série 06 12 34 56 78", ()),
    ("n° de série : +33 6 12 34 56 78", ()),
    ("n° de série 0612345678", ()),
    ("série 75011 Paris", ()),
    ("n° de série : voir photo", ()),
    ("n° de série inconnu, acheté le 12/11/2026", ()),
    ("n° de série du lecteur : illisible", ()),
    ("une série de pannes depuis 2024", ()),
    ("Tél. 01 23 45 67 89, 75011 Paris, réf LECT-400", ()),
    ("en série limitée", ()),
    ("le LECT-400 (SN123456) est en panne", ("SN123456",)),
    ("n° de série SN123456", ("SN123456",)),
    ("lecteurs SN123456 et SN123457", ("SN123456", "SN123457")),
    ("un disque SN750, un train SNCF12345, le module SN12345-A", ()),
]


@pytest.mark.parametrize(("text", "expected"), SERIALS)
def test_serial_numbers_follow_their_word(text: str, expected: tuple[str, ...]) -> None:
    """Never a phone number, a postcode, a date or a word."""
    assert serials(text) == expected


WARRANTY = ("garantie", "sous garantie", "hors garantie", "plus sous garantie", "HG", "warranty")
PHRASES = [
    ("Le lecteur est sous garantie.", ("sous garantie",)),
    ("LECTEUR SOUS  GARANTIE", ("sous garantie",)),
    ("matériel hors-garantie", ("hors garantie",)),
    ("il n'est plus sous garantie", ("plus sous garantie",)),
    ("il n'est pas sous garantie", ()),
    ("il n’est pas encore hors garantie", ()),
    ("sans garantie", ()),
    ("not under warranty", ()),
    ("it isn't in warranty", ()),
    ("Retour HG", ("HG",)),
    ("HGW-200", ()),
    ("De plus, garantie échue", ("garantie",)),
    ("hors garantie ou sous garantie ?", ("hors garantie", "sous garantie")),
    ("garanties", ()),
    ("", ()),
]


@pytest.mark.parametrize(("text", "expected"), PHRASES)
def test_phrases_are_found_whole_longest_and_not_negated(
    text: str, expected: tuple[str, ...]
) -> None:
    """As given, in order, without case, accents and punctuation."""
    assert phrases_said(text, WARRANTY) == expected


def test_no_phrases_find_nothing() -> None:
    assert phrases_said("sous garantie", ()) == ()
    assert phrases_said("sous garantie", ("", " ")) == ()


@given(st.text(max_size=300))
def test_any_text_is_read_without_raising(text: str) -> None:
    """And serial numbers come in upper case."""
    amounts(text)
    ticket_keys(text)
    quote_numbers(text)
    date_of(text, "fr")
    assert all(serial == serial.upper() for serial in serials(text))
