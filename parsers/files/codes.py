"""Say what barcodes mean: serial numbers, references of articles, parcels.

Sources: GS1 General Specifications 3 (application identifiers), ISO/IEC 15434 and 15418 (data
identifiers), UPU S10, GS1 Digital Link 1.2. A value is what a code seems to say; whether such a
device exists is for others to look up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.business import Barcode, Confidence, DocumentKind
from parsers.fields.barcode_digits import ean_holds, imei_holds, postal_holds
from parsers.fields.numbers import ticket_keys
from parsers.fields.serials import serials

_GS1 = re.compile(r"\((\d{2,4})\)([^()]{1,90})")
_GS1_PLAIN = re.compile(r"01(\d{14})21([A-Za-z0-9/.\-]{3,20})")
_LINK = re.compile(r"https?://[^/?#]+/(?:[^?#]*/)?01/(\d{8,14})(?:/21/([A-Za-z0-9._\-]{1,20}))?")
_SEPARATORS = re.compile(r"[\u241d\u241e\u2404]|<(?:GS|RS|EOT)>")
_TRANSPORT, _PARTS = "01", frozenset({"05", "06", "12"})
# Serial number; supplier's; whole of supplier, part and serial number (ISO/IEC 15418).
_DATA_IDENTIFIER = re.compile(r"(?:S|18S|25S)([A-Z0-9][A-Z0-9/.\-]{2,39})")
_NUMBER_LIKE = re.compile(r"[A-Z0-9](?:[A-Z0-9]|[-/.](?=[A-Z0-9])){4,24}")
_RETAIL = frozenset({"EAN13", "EAN8", "UPCA", "UPCE", "ISBN"})
_ONE_VALUE = frozenset({"Code128", "Code39", "DataMatrix"})
_ARTICLES, _SHIPPING_AI = frozenset({"01", "02"}), frozenset({"00", "401", "402", "410", "420"})
# Numbers of parcels: S10 and its relatives, UPS, Colissimo, DHL, Amazon.
_PARCEL = re.compile(
    r"[A-Z]{2}\d{9}[A-Z]{2}|1Z[A-Z0-9]{16}|\d[A-Z]\d{11}|JJ?[A-Z]{1,2}\d{14,20}|TBA\d{12}"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What a photo shows by its codes alone, as kinds of documents go."""

    kind: DocumentKind = DocumentKind.PHOTO
    confidence: Confidence = Confidence.SURE
    reasons: tuple[str, ...] = ()


def serials_of(barcodes: Iterable[Barcode]) -> tuple[str, ...]:
    """Return what may be serial numbers, upper case: those that say so first, then codes that
    look like one. Never a parcel's or an article's number, never one with a wrong check digit."""
    codes = [one for one in barcodes if one.valid]
    named = [number for one in codes for number in _named_serials(one.text)]
    alone = numbers_of(one for one in codes if one.symbology in _ONE_VALUE)
    return tuple(dict.fromkeys([*named, *alone]))


def numbers_of(barcodes: Iterable[Barcode]) -> tuple[str, ...]:
    """Return what codes of any symbology hold alone and looks like a number, upper case. A QR code
    holds anything: such a number tells nothing unless somebody knows it."""
    codes = (one for one in barcodes if one.valid)
    return tuple(dict.fromkeys(one.text.upper() for one in codes if _looks_like_number(one)))


def references_of(barcodes: Iterable[Barcode]) -> tuple[str, ...]:
    """Return the numbers of articles (EAN, UPC, GTIN), in order, as printed."""
    codes = (one for one in barcodes if one.valid)
    return tuple(dict.fromkeys(number for one in codes for number in _articles(one)))


def parcels_of(barcodes: Iterable[Barcode]) -> tuple[str, ...]:
    """Return the codes by which carriers know a parcel."""
    return tuple(dict.fromkeys(one.text for one in barcodes if one.valid and _is_parcel(one)))


def shown_by(barcodes: tuple[Barcode, ...]) -> Shown:
    """Say what a photo shows, as far as its codes leave no doubt; else it is just a photo."""
    for kind, found, sign in (
        (DocumentKind.PHOTO_PARCEL, parcels_of(barcodes), "the number of a parcel"),
        (DocumentKind.PHOTO_NAMEPLATE, _plates(barcodes), "a serial number"),
        (DocumentKind.PHOTO_LABEL, references_of(barcodes), "the number of an article"),
    ):
        if found:
            reason = f"A barcode holds {sign}: {found[0]}"
            return Shown(kind=kind, confidence=Confidence.LIKELY, reasons=(reason,))
    return Shown()


def _plates(barcodes: tuple[Barcode, ...]) -> tuple[str, ...]:
    """Return serial numbers that say so themselves: a code alone could be anything."""
    return tuple(n for one in barcodes if one.valid for n in _named_serials(one.text))


def _named_serials(text: str) -> Iterator[str]:
    """Give the serial numbers that a code calls so."""
    yield from (value.upper() for ai, value in _application(text) if ai == "21")
    for field in _fields(text, _PARTS):
        if found := _DATA_IDENTIFIER.fullmatch(field.upper()):
            yield found[1]
    if imei_holds(text):
        yield text
    if "://" not in text:
        yield from serials(text)


def _application(text: str) -> Iterator[tuple[str, str]]:
    """Give GS1 application identifiers and their values, however they are written."""
    if text.startswith("("):
        yield from ((ai, value.strip()) for ai, value in _GS1.findall(text))
    elif link := _LINK.match(text):
        yield "01", link[1]
        if link[2]:
            yield "21", link[2]
    elif (plain := _GS1_PLAIN.fullmatch(text)) and ean_holds(plain[1]):
        yield "01", plain[1]
        yield "21", plain[2]


def _fields(text: str, formats: frozenset[str]) -> list[str]:
    """Return the fields of an ISO/IEC 15434 message of these formats, [] when it is none."""
    head, *fields = _SEPARATORS.split(text)
    if head != "[)>" or not fields or fields[0] not in formats:
        return []
    return [field for field in fields[1:] if field]


def _articles(barcode: Barcode) -> Iterator[str]:
    if barcode.symbology in _RETAIL:
        yield barcode.text
    yield from (v for ai, v in _application(barcode.text) if ai in _ARTICLES and ean_holds(v))
    if _is_article_alone(barcode):
        yield barcode.text


def _is_article_alone(barcode: Barcode) -> bool:
    """Tell a GTIN printed as another code: 13 or 14 digits with the right last one."""
    text = barcode.text
    return barcode.symbology not in _RETAIL and len(text) in {13, 14} and ean_holds(text)


def _is_parcel(barcode: Barcode) -> bool:
    text = barcode.text.replace(" ", "")
    if any(ai in _SHIPPING_AI for ai, _ in _application(text)) or _fields(
        text, frozenset({_TRANSPORT})
    ):
        return True
    shipping = len(text) == 20 and text.startswith("00") and ean_holds(text[2:])
    return shipping or postal_holds(text) or _PARCEL.fullmatch(text) is not None


def _looks_like_number(barcode: Barcode) -> bool:
    """Tell a code that holds one value with a digit and no other meaning."""
    text = barcode.text.upper()
    return (
        _NUMBER_LIKE.fullmatch(text) is not None
        and any(one.isdigit() for one in text)
        and not any(_application(barcode.text))
        and not any(_articles(barcode))
        and not _is_parcel(barcode)
        and not ticket_keys(text)
    )
