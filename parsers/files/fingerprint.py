"""Give a picture a fingerprint that survives packing it anew or making it smaller."""

from __future__ import annotations

from statistics import pstdev

from PIL import Image

COLUMNS, ROWS = 9, 8
LEAST_SPREAD = 4.0
"""Grey levels by which the parts of a picture must differ: a wall has no face."""

LEAST_ONES = 6
"""A shade from one side to the other looks like every other such shade."""

_MARGIN = 0.08
_CELL = 16


def fingerprint(image: Image.Image) -> str:
    """Return 16 hex digits, "" when a picture has too little detail to be known again.

    A difference hash: each bit tells whether a part is clearly brighter than the part left of it.
    "Clearly" is measured by the picture's own contrast, so that a plain sky, where noise decides,
    always gives the same bits.
    """
    cells = _cells(image)
    spread = pstdev(cells)
    if spread < LEAST_SPREAD:
        return ""
    bits = _bits(cells, spread * _MARGIN)
    ones = bits.bit_count()
    return f"{bits:016x}" if LEAST_ONES <= ones <= 64 - LEAST_ONES else ""


def distance(a: str, b: str) -> int:
    """Count the bits in which two fingerprints differ; 64 when one is missing."""
    return (int(a, 16) ^ int(b, 16)).bit_count() if a and b else 64


def _cells(image: Image.Image) -> list[float]:
    """Return the mean brightness of each part, row by row. Finer than whole grey levels."""
    small = image.convert("L").resize((COLUMNS * _CELL, ROWS * _CELL), Image.Resampling.BOX)
    means = small.convert("F").resize((COLUMNS, ROWS), Image.Resampling.BOX)
    return [float(means.getpixel((x, y))) for y in range(ROWS) for x in range(COLUMNS)]  # type: ignore[arg-type]


def _bits(cells: list[float], margin: float) -> int:
    bits = 0
    for row in range(0, len(cells), COLUMNS):
        for left, right in zip(cells[row : row + 8], cells[row + 1 : row + 9], strict=True):
            bits = bits << 1 | (right - left > margin)
    return bits
