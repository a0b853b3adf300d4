"""A QR code as a small PNG: what a telephone opens when it looks at a message on another screen."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

from reportlab.graphics.barcode.qr import QrCodeWidget

MODULE = 4  # pixels; a telephone reads it from a screen at arm's length
QUIET = 4  # modules of white around it (ISO/IEC 18004)


@lru_cache(maxsize=256)
def qr_png(text: str) -> bytes:
    """Return the code of an ASCII text as black-and-white PNG, with medium error correction."""
    from PIL import Image  # only where a code is drawn: the daemon starts without a decoder

    widget: Any = QrCodeWidget(text, barLevel="M")
    code = widget.qr
    code.make()
    side = code.getModuleCount() + 2 * QUIET
    image = Image.new("1", (side, side), 1)
    for row in range(code.getModuleCount()):
        for column in range(code.getModuleCount()):
            if code.isDark(row, column):
                image.putpixel((column + QUIET, row + QUIET), 0)
    large = image.resize((side * MODULE, side * MODULE), Image.Resampling.NEAREST)
    written = BytesIO()
    large.save(written, "PNG", optimize=True)
    return written.getvalue()
