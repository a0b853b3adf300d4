"""The codes of papers, black on white: a bar code for a scanner, a QR code for a telephone."""

from __future__ import annotations

import re
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.pdfgen.canvas import Canvas

from templates.papers.typeface import mm

WIDEST_BAR = 0.5 * mm


def draw_bars(
    canvas: Canvas, text: str, place: tuple[float, float], width: float, height: float
) -> None:
    """Draw a text as Code 128 (ISO/IEC 15417) from a point up, at most `width` wide; what is
    not ASCII becomes a question mark."""
    code = re.sub(r"[^ -~]", "?", text)
    modules = 11 * len(code) + 35  # start, check, stop
    bar = min(WIDEST_BAR, width / modules)
    drawing: Any = createBarcodeDrawing(
        "Code128", value=code, barHeight=height, barWidth=bar, quiet=0
    )
    renderPDF.draw(drawing, canvas, *place)


def draw_square(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """Draw a text as QR code with medium error correction, without the white that must stay around it
    (four modules, ISO/IEC 18004)."""
    widget: Any = QrCodeWidget(text, barLevel="M")
    code = widget.qr
    code.make()
    count = code.getModuleCount()
    step = side / count
    for row in range(count):
        for start, length in _runs([code.isDark(row, column) for column in range(count)]):
            top = y + side - row * step
            canvas.rect(x + start * step, top - step, length * step, step, stroke=0, fill=1)


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """Return the dark stretches of a row as (start, length): fewer and sharper than single dots."""
    found: list[tuple[int, int]] = []
    for column, dark in enumerate(row):
        if dark and found and sum(found[-1]) == column:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((column, 1))
    return found
