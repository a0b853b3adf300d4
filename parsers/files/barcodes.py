"""Read the barcodes in a picture (zxing-cpp): one- and two-dimensional, any direction.

A code is text and nothing else: an address in it is never fetched.
"""

from __future__ import annotations

from collections.abc import Iterator

import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat

from parsers.business import Barcode
from parsers.fields.barcode_digits import barcode_holds

MOST_CODES, MOST_CHARACTERS = 20, 200
FEW_PIXELS, MOST_PIXELS = 2_000_000, 12_500_000
"""The sizes that are looked at: blur and noise vanish in the small one, small codes need the whole.
Both are, because a large code beside a small one must not hide it: it costs a second at most."""

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
    small = _at_most(gray, FEW_PIXELS)
    sizes = {one.size: one for one in (small, _at_most(gray, MOST_PIXELS))}
    codes = dict.fromkeys(code for size in sizes.values() for code in _codes(size))
    if not codes:  # stripes are looked for along the sides, as far as some 25 degrees off
        codes = dict.fromkeys(_codes(small.rotate(45, Image.Resampling.BILINEAR, expand=True)))
    return tuple(
        Barcode(symbology=symbology, text=text, valid=barcode_holds(symbology, text))
        for symbology, text in list(codes)[:MOST_CODES]
    )


def _at_most(gray: Image.Image, pixels: int) -> Image.Image:
    area = gray.width * gray.height
    if area <= pixels:
        return gray
    scale = (pixels / area) ** 0.5
    size = max(1, int(gray.width * scale)), max(1, int(gray.height * scale))
    return gray.resize(size, Image.Resampling.BOX)


def _codes(gray: Image.Image) -> Iterator[tuple[str, str]]:
    """Give symbology and text of the codes in one size of a picture. zxing does not try smaller
    ones again: we chose them."""
    for one in zxingcpp.read_barcodes(gray, formats=_FORMATS, try_downscale=False):
        symbology, text = one.format.name, _cleaned(one.text)
        if len(text) >= _WEAK.get(symbology, 1):
            yield symbology, text


def _cleaned(text: str) -> str:
    """Return what can be printed. zxing already writes separators as signs (U+241D)."""
    bounded = text[: 2 * MOST_CHARACTERS]
    return "".join(one for one in bounded if one.isprintable()).strip()[:MOST_CHARACTERS]
