"""Tell numbers of articles, devices and parcels that can exist from misread ones by their check digits.

Spaces, dots and hyphens between the digits do not count. A number that holds may still be nobody's.
"""

from __future__ import annotations

import re

from stdnum import ean

from parsers.fields.imei import imeis

_BETWEEN = re.compile(r"[\s.\-/\u2010-\u2014]")
_POSTAL = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_POSTAL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_EAN_LENGTHS = (8, 12, 13, 14, 18)
_RETAIL = frozenset({"EAN8", "EAN13", "UPCA", "ISBN"})
_LONGEST = 40


def imei_holds(number: str) -> bool:
    """Tell whether fifteen digits can name a mobile device (GSMA TS.06)."""
    plain = bare(number)
    return imeis(plain) == (plain,)


def ean_holds(number: str) -> bool:
    """Tell whether the last digit of an EAN-8, UPC-A, EAN-13, GTIN-14 or SSCC is right (GS1)."""
    plain = bare(number)
    if len(plain) not in _EAN_LENGTHS or not (plain.isascii() and plain.isdigit()):
        return False
    return bool(ean.calc_check_digit(plain[:-1]) == plain[-1])


def postal_holds(number: str) -> bool:
    """Tell whether the check digit of a parcel's number is right: "RR473124829FR" (UPU S10)."""
    match = _POSTAL.fullmatch(bare(number))
    if not match:
        return False
    rest = 11 - sum(w * int(d) for w, d in zip(_POSTAL_WEIGHTS, match[1], strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest) == int(match[2])


def barcode_holds(symbology: str, text: str) -> bool:
    """Tell whether a barcode's own check digit is right; True when its kind has none.

    `symbology` as zxing names it, hyphens or none: EAN and UPC of retail, in others a number that
    looks like a parcel's (S10) or an SSCC behind its "00".
    """
    plain = bare(text)
    if symbology.replace("-", "").replace(" ", "").upper() in _RETAIL:
        return ean_holds(plain)
    if _POSTAL.fullmatch(plain):
        return postal_holds(plain)
    shipping = len(plain) == 20 and plain.startswith("00") and plain.isascii() and plain.isdigit()
    return ean_holds(plain[2:]) if shipping else True


def bare(number: str) -> str:
    """Return a number without what people write between its digits, upper case, bounded."""
    return _BETWEEN.sub("", number[: 2 * _LONGEST]).upper()[: _LONGEST + 1]
