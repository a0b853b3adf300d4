"""Numbers prove themselves: companies, taxes, devices, goods, parcels."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.fields.barcode_digits import barcode_holds, ean_holds, imei_holds, postal_holds
from parsers.fields.check_digits import (
    company_doubts,
    siren_holds,
    siret_holds,
    vat_holds,
    vat_is_known,
)

VAT_NUMBERS = (
    "FR40303265045", "FR 61 954 506 077", "DE136695976", "BE 0428.759.497", "NL123456782B90",
    "ATU13585627", "IT00743110157", "LU15027442", "ESB58378431", "PT501964843", "GB980780684",
    "EL094259216", "PL8567346215", "SE123456789701", "IE6433435F", "DK13585628", "FI20774740",
    "CZ25123891", "SK2022749619", "HU12892312", "RO18547290", "BG175074752", "HR33392005961",
    "SI50223054", "EE100931558", "LV40003521600", "LT119511515", "MT11679112", "CY10259033P",
    "CHE-100.155.212", "CHE-100.155.212 MWST", "XI980780684",
)  # fmt: skip


@pytest.mark.parametrize("number", VAT_NUMBERS)
def test_a_right_vat_number_holds(number):
    assert vat_holds(number)
    assert vat_is_known(number)


@pytest.mark.parametrize(
    "number", ["FR12345678901", "DE136695977", "BE0428759498", "CHE-100.155.213", "FR", ""]
)
def test_a_misread_vat_number_does_not_hold(number):
    assert not vat_holds(number)


def test_of_a_country_we_do_not_know_nothing_is_said():
    assert not vat_is_known("US123456789")
    assert not vat_holds("US123456789")


def test_company_numbers_hold_by_their_digits_and_in_every_writing():
    assert siret_holds("732 829 320 00074")
    assert siret_holds("732.829.320.00074")
    assert siret_holds("35600000049837")  # a post office: the sum of its digits
    assert siren_holds("732829320")
    assert not siret_holds("732829320")
    assert not siret_holds("73282932000075")
    assert not siren_holds("732829321")


@pytest.mark.parametrize(
    "number", ["4006381333931", "96385074", "036000291452", "98412345678908", "106141412345678908"]
)
def test_a_number_of_goods_holds_by_its_last_digit(number):
    assert ean_holds(number)
    assert not ean_holds(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_the_number_of_a_mobile_device_holds_or_not():
    assert imei_holds("49-015420-323751-8")
    assert not imei_holds("490154203237519")
    assert not imei_holds("000000000000000")


def test_the_number_of_a_parcel_holds_or_not():
    assert postal_holds("RR 473 124 829 GB")
    assert not postal_holds("RR473124828GB")
    assert not postal_holds("4006381333931")


@pytest.mark.parametrize(
    "symbology, text, holds",
    [
        ("EAN13", "4006381333931", True),
        ("EAN-13", "4006381333932", False),
        ("UPC-A", "036000291453", False),
        ("Code128", "RR473124829GB", True),
        ("Code128", "RR473124828GB", False),
        ("Code128", "00106141412345678908", True),
        ("Code128", "00106141412345678909", False),
        ("QRCode", "https://a.example/?sn=AX-99812", True),
        ("Code39", "AX-99812", True),
    ],
)
def test_a_barcode_is_judged_only_where_it_bears_a_check_digit(symbology, text, holds):
    assert barcode_holds(symbology, text) is holds


@given(st.text(max_size=60))
def test_any_text_is_answered_yes_or_no(text):
    checks = (siren_holds, siret_holds, vat_holds, imei_holds, ean_holds, postal_holds)
    assert all(check(text) in {True, False} for check in checks)
    assert barcode_holds("Code128", text) in {True, False}


def test_no_module_is_loaded_when_a_number_is_checked():
    before = set(sys.modules)
    for number in VAT_NUMBERS:
        vat_holds(number)
    assert set(sys.modules) == before


def test_numbers_of_a_company_that_cannot_exist_are_doubted():
    assert company_doubts("73282932000074", "FR40303265045") == ()
    assert company_doubts("732829321", "FR00303265045") == ("siret", "vat")
    assert company_doubts("", "") == company_doubts("", "QQ1234") == ()
