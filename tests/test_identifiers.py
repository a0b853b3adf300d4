"""Numbers with check digits are known without a label, and only when the digits are right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.fields.identifiers import identifiers, luhn

RIGHT = [
    ("IBAN DE89 3704 0044 0532 0130 00", "iban", "DE89370400440532013000"),
    ("FR14 2004 1010 0505 0001 3M02 606", "iban", "FR1420041010050500013M02606"),
    ("BE68 5390 0754 7034", "iban", "BE68539007547034"),
    ("NL91ABNA0417164300", "iban", "NL91ABNA0417164300"),
    ("TVA BE 0403.170.701", "vat", "BE0403170701"),
    ("TVA FR 40 303 265 045", "vat", "FR40303265045"),
    ("btw NL004495445B01", "vat", "NL004495445B01"),
    ("USt-IdNr. DE136695976", "vat", "DE136695976"),
    ("SIRET 732 829 320 00074", "siret", "73282932000074"),
    ("SIRET 356 000 000 49837", "siret", "35600000049837"),
    ("IMEI : 490154203237518", "imei", "490154203237518"),
    ("IMEI 49-015420-323751-8", "imei", "490154203237518"),
    ("EAN 4006381333931", "ean", "4006381333931"),
]


@pytest.mark.parametrize(("text", "kind", "number"), RIGHT)
def test_a_number_with_the_right_check_digits_is_known(text, kind, number):
    """With and without its separators."""
    assert [(one.kind, one.number) for one in identifiers(text)] == [(kind, number)]


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 01",
        "TVA BE 0403.170.702",
        "FR 41 303 265 045",
        "NL004495446B01",
        "DE136695977",
        "732 829 320 00075",
        "490154203237519",
        "4006381333932",
        "0000000000000",
        "FX-80233, LECT-400, 01 23 45 67 89, 12/03/2026",
        "+33 1 23 45 67 89 0 12 3",
        "",
    ],
)
def test_a_wrong_check_digit_is_no_number_of_the_kind(text):
    """Nor is a phone number, a part number, a date."""
    assert identifiers(text) == ()


def test_several_come_in_order_with_their_places():
    text = "EAN 4006381333931, IBAN BE68 5390 0754 7034."
    assert [text[one.start : one.end] for one in identifiers(text)] == [
        "4006381333931",
        "BE68 5390 0754 7034",
    ]


@given(st.text(alphabet="0123456789 .-ABDEFLNR", max_size=80))
def test_any_text_is_read(text):
    """And what is found stands where it says."""
    for one in identifiers(text):
        assert one.number in "".join(c for c in text[one.start : one.end] if c.isalnum())


def test_the_luhn_check_of_the_standard():
    assert luhn("79927398713")
    assert not luhn("79927398714")
