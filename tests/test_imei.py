"""The number of a mobile device is known without a label, and only when its check digit is right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.fields.imei import imeis


@pytest.mark.parametrize(
    "text", ["IMEI : 490154203237518", "IMEI 49-015420-323751-8", "490154 203237 518 ne vibre plus"]
)
def test_a_number_with_the_right_check_digit_is_known(text):
    """With and without its separators."""
    assert imeis(text) == ("490154203237518",)


@pytest.mark.parametrize(
    "text",
    [
        "490154203237519",
        "000000000000000",
        "DE89 3704 0044 0532 0130 00",
        "SIRET 732 829 320 00074",
        "EAN 4006381333931",
        "FX-80233, LECT-400, 01 23 45 67 89, 12/03/2026",
        "+33 1 23 45 67 89 0 12 3",
        "",
    ],
)
def test_another_number_is_none(text):
    """Nor is a phone number, a part number, a date."""
    assert imeis(text) == ()


def test_a_bank_account_holds_none():
    """These fifteen digits alone would be one."""
    assert imeis("0100 0000 0123 008") == ("010000000123008",)
    assert imeis(_account("0100 0000 0123 008")) == ()


def _account(digits: str) -> str:
    """Make a French account number that ends with these digits."""
    body = "3000 6000 " + digits
    number = int("".join(str(int(c, 36)) for c in body.replace(" ", "") + "FR00"))
    return f"FR{98 - number % 97:02} {body}"


def test_several_come_in_order():
    assert imeis("490154203237518 et 356938035643809") == ("490154203237518", "356938035643809")


@given(st.text(alphabet="0123456789 .-ABDEFLNR", max_size=80))
def test_any_text_is_read(text):
    """And what is found stands there."""
    written = "".join(c for c in text if c.isalnum())
    assert all(number in written for number in imeis(text))
