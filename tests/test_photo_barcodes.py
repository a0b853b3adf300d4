"""Barcodes in photos: found turned, tilted and noisy; what they say is text and has a meaning."""

import pytest

from parsers.business import Barcode, Confidence, DocumentKind
from parsers.files.barcodes import read_barcodes
from parsers.files.codes import parcels_of, references_of, serials_of, shown_by
from parsers.files.photo import read_photo

from .pictures import code, grains, label, photographed, written

SIZE = (1_600, 1_200)
TEXTS = {
    "QRCode": "SN:AX-99812", "DataMatrix": "AX99812B", "Aztec": "AX99812B", "Code128": "AX99812B",
    "Code39": "AX99812B", "EAN13": "3453120000011", "EAN8": "96385074", "ITF": "12345670",
    "PDF417": "AX99812B",
}  # fmt: skip


def barcode(text, symbology="Code128", valid=True):
    return Barcode(symbology=symbology, text=text, valid=valid)


def gs1(*parts):
    return barcode("".join(f"({ai}){value}" for ai, value in parts), "DataMatrix")


@pytest.mark.parametrize("kind", TEXTS)
def test_every_kind_of_code_is_read(kind):
    assert read_barcodes(label(code(TEXTS[kind], kind))) == (barcode(TEXTS[kind], kind),)


@pytest.mark.parametrize("kind", ["QRCode", "DataMatrix", "Code128", "EAN13"])
@pytest.mark.parametrize("how", [
    {"angle": 15}, {"angle": 45}, {"angle": 90}, {"angle": 180}, {"noise": 60}, {"tilt": 0.2}, {"angle": 7, "tilt": 0.1},
], ids=str)  # fmt: skip
def test_codes_are_read_turned_noisy_and_from_the_side(kind, how):
    photo = photographed(label(code(TEXTS[kind], kind), width=400), SIZE, share=0.5, **how)
    assert barcode(TEXTS[kind], kind) in read_barcodes(photo)


def test_small_codes_in_a_photo_of_twelve_megapixels_are_read():
    """How long it takes is measured by `python -m benchmarks.photos`."""
    plate = label(code("AX99812B", "DataMatrix"), code("3453120000011", "EAN13"), width=400)
    data = written(photographed(plate, angle=15, noise=30, share=0.12), quality=90)
    photo = read_photo(data, "image/jpeg")
    assert {one.text for one in photo.barcodes} == {"AX99812B", "3453120000011"}


def test_several_codes_on_one_label_are_told_once_each():
    twice = label(code("AX99812B"), code("3453120000011", "EAN13"), code("AX99812B"))
    assert len(read_barcodes(twice)) == 2


def test_codes_are_bounded_in_number_and_length():
    many = label(*(code(f"NUMBER-{n:04}", "QRCode", scale=2) for n in range(25)))
    assert len(read_barcodes(many)) == 20
    (long,) = read_barcodes(code("A" * 900, "QRCode"))
    assert len(long.text) == 200


def test_what_cannot_be_printed_is_left_out():
    (found,) = read_barcodes(code("AX\u202e99\u200b812\ufeff", "QRCode"))
    assert found.text == "AX99812"


def test_an_address_is_a_text():
    (found,) = read_barcodes(code("https://shop.example/p?q=1", "QRCode"))
    assert found.text == "https://shop.example/p?q=1"
    assert serials_of((found,)) == references_of((found,)) == ()


def test_a_number_whose_check_digit_is_wrong_is_marked():
    assert not read_barcodes(code("RR473124828FR"))[0].valid
    assert read_barcodes(code("RR473124829FR"))[0].valid


def test_a_picture_without_codes_has_none():
    assert read_barcodes(grains((800, 600), 60)) == ()


@pytest.mark.parametrize("shown, serials", [
    (gs1(("01", "03453120000011"), ("21", "ax99812"), ("10", "LOT5")), ("AX99812",)),
    (barcode("010345312000001121AX99812"), ("AX99812",)),
    (barcode("https://id.shop.example/01/03453120000011/21/AX99812", "QRCode"), ("AX99812",)),
    (barcode("[)>\u241e06\u241d1PE-400\u241dSAX99812\u241e\u2404", "DataMatrix"), ("AX99812",)),
    (barcode("TYPE E-400 S/N AX99812", "QRCode"), ("AX99812",)),
    (barcode("SN:AX-99812", "QRCode"), ("AX-99812",)),
    (barcode("352099001761481"), ("352099001761481",)),
    (barcode("AX99812B"), ("AX99812B",)),
    (barcode("ax99812b", "Code39"), ("AX99812B",)),
    (barcode("HELLO"), ()),
    (barcode("3453120000011", "EAN13"), ()),
    (barcode("03453120000011"), ()),
    (barcode("RR473124829FR"), ()),
    (barcode("AX99812B", valid=False), ()),
    (barcode("AX99812B", "QRCode"), ()),
    (barcode("Bonjour, tout va bien", "Code128"), ()),
], ids=lambda value: value.text[:24] if isinstance(value, Barcode) else "")  # fmt: skip
def test_serial_numbers_are_offered(shown, serials):
    assert serials_of((shown,)) == serials


def test_serial_numbers_that_say_so_come_first():
    assert serials_of((barcode("AX99812B"), gs1(("21", "S77")))) == ("S77", "AX99812B")


def test_numbers_of_articles_are_references():
    codes = (barcode("3453120000011", "EAN13"), gs1(("01", "03453120000011"), ("21", "A1")))
    assert references_of(codes) == ("3453120000011", "03453120000011")
    assert references_of((barcode("03453120000011", valid=False),)) == ()


@pytest.mark.parametrize("text", [
    "RR473124829FR", "(00)034531200000000011", "1Z999AA10123456784", "6A12345678901",
    "[)>\u241e01\u241d96359000", "JJD000390007882431",
])  # fmt: skip
def test_a_parcel_is_known_by_its_number(text):
    shown = (barcode(text),)
    assert parcels_of(shown) == (text,)
    assert shown_by(shown).kind is DocumentKind.PHOTO_PARCEL
    assert serials_of(shown) == ()


def test_what_a_photo_shows_is_said_only_when_a_code_leaves_no_doubt():
    kinds = [
        shown_by(codes).kind
        for codes in (
            (gs1(("21", "AX99812")),),
            (barcode("3453120000011", "EAN13"),),
            (barcode("AX99812B"),),
            (),
        )
    ]
    assert kinds == [
        DocumentKind.PHOTO_NAMEPLATE,
        DocumentKind.PHOTO_LABEL,
        DocumentKind.PHOTO,
        DocumentKind.PHOTO,
    ]
    assert shown_by((gs1(("21", "AX99812")),)).confidence is Confidence.LIKELY
