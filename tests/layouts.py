"""Papers drawn in layouts of their own: words at places, as programs of four countries print them.

Each layout is a list of texts with their places; a helper draws tables whose cells wrap. Firms,
numbers and goods are invented.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]


def paper(*pages: Draw, size: tuple[float, float] = A4, turn: int = 0) -> bytes:
    """Draw pages into a PDF, perhaps turned by /Rotate."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=size, invariant=True)
    for draw in pages:
        if turn:
            canvas.setPageRotation(turn)
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def at(canvas: Canvas, x: float, top: float, text: str, size: float = 10, **given: Any) -> None:
    """Write a text `top` points below the upper edge; `right` sets its right edge to `x`."""
    canvas.setFont(given.get("font", "Helvetica"), size)
    draw = canvas.drawRightString if given.get("right") else canvas.drawString
    draw(x, canvas._pagesize[1] - top, text)


def block(canvas: Canvas, x: float, top: float, *lines: str, step: float = 12) -> None:
    """Write lines under one another."""
    for number, line in enumerate(lines):
        at(canvas, x, top + step * number, line)


def row(canvas: Canvas, top: float, columns: Sequence[float], cells: Sequence[str]) -> None:
    """Write cells at columns: a positive one is a left edge, a negative one a right edge."""
    for column, cell in zip(columns, cells, strict=True):
        at(canvas, abs(column), top, cell, right=column < 0)


def rows(
    canvas: Canvas, top: float, columns: Sequence[float], *lines: Sequence[str], step: float = 16
) -> None:
    """Write rows under one another."""
    for number, cells in enumerate(lines):
        row(canvas, top + step * number, columns, cells)
