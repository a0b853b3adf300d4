"""Read the barcodes in a picture (zxing-cpp): one- and two-dimensional, any direction.

A code is text and nothing else: an address in it is never fetched.
"""

from __future__ import annotations

import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat

from parsers.business import Barcode
from parsers.fields.check_digits import barcode_holds

MOST_CODES, MOST_CHARACTERS = 20, 200
FIRST_PIXELS, MOST_PIXELS = 2_000_000, 12_500_000
"""Looked at first, and only when nothing is found there: small codes need the whole picture."""

_FORMATS = zxingcpp.BarcodeFormats(
    [
        BarcodeFormat.QRCode,
        BarcodeFormat.DataMatrix,
        BarcodeFormat.Code128,
        BarcodeFormat.Code39,
        BarcodeFormat.EANUPC,
        BarcodeFormat.ITF,
        BarcodeFormat.Aztec,
        BarcodeFormat.PDF417,
    ]
)
# Without a check of their own a few stripes of a radiator can be read as one.
_WEAK = {"ITF": 6, "Code39": 4}


def read_barcodes(pixels: Image.Image) -> tuple[Barcode, ...]:
    """Return the codes of a picture, each once, at most MOST_CODES of MOST_CHARACTERS."""
    gray = pixels if pixels.mode == "L" else pixels.convert("L")
    small = _at_most(gray, FIRST_PIXELS)
    found = _codes(small)
    if not found and small is not gray:
        found = _codes(_at_most(gray, MOST_PIXELS))
    return found


def _at_most(gray: Image.Image, pixels: int) -> Image.Image:
    area = gray.width * gray.height
    if area <= pixels:
        return gray
    scale = (pixels / area) ** 0.5
    size = max(1, int(gray.width * scale)), max(1, int(gray.height * scale))
    return gray.resize(size, Image.Resampling.BOX)


def _codes(gray: Image.Image) -> tuple[Barcode, ...]:
    """Read one size of a picture. Smaller sizes are not tried again by zxing: we chose them."""
    found = zxingcpp.read_barcodes(gray, formats=_FORMATS, try_downscale=False)
    named = ((one.format.name, _cleaned(one.text)) for one in found)
    codes = dict.fromkeys(
        (symbology, text) for symbology, text in named if len(text) >= _WEAK.get(symbology, 1)
    )
    return tuple(
        Barcode(symbology=symbology, text=text, valid=barcode_holds(symbology, text))
        for symbology, text in list(codes)[:MOST_CODES]
    )


def _cleaned(text: str) -> str:
    """Return what can be printed. zxing already writes separators as signs (U+241D)."""
    bounded = text[: 2 * MOST_CHARACTERS]
    return "".join(one for one in bounded if one.isprintable()).strip()[:MOST_CHARACTERS]
