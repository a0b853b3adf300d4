"""A text field of a PDF form (ISO 32000-1 section 12.7.4.3), whose value may be in any script.

The library's own fields know the letters of Latin-1 alone: what is filled in is drawn here with the
font of the paper.
"""

from __future__ import annotations

from typing import Any

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObjectReference,
    PDFString,
    xObjectName,
)
from reportlab.pdfgen.canvas import Canvas

from templates.papers.typeface import LEADING, PLAIN

SIZE = 11
LONGEST = 2000
PRINTED, MULTILINE = 4, 1 << 12
INDENT = 2.0


def lines_of(value: str, width: float) -> list[str]:
    """Return the lines that a value takes in a field of this width, at least one."""
    return list(simpleSplit(value, PLAIN, SIZE, width - 2 * INDENT)) or [""]


def draw_field(canvas: Canvas, name: str, value: str, hint: str, size: tuple[float, float]) -> None:
    """Draw a field of this width and height at the origin. What it is filled in with counts as ours (/DV), so a
    reader can tell what was typed."""
    drawn: Any = canvas
    form, document = drawn.acroForm, drawn._doc  # noqa: SLF001 - where its own fields go, too
    _, font = form.makeFont("Helvetica")
    (x, y), (width, height) = drawn.absolutePosition(0, 0), size
    lines = lines_of(value, width)
    known = {
        "Type": PDFName("Annot"),
        "Subtype": PDFName("Widget"),
        "FT": PDFName("Tx"),
        "T": PDFString(name),
        "TU": PDFString(hint),
        "P": document.thisPageRef(),
        "Rect": PDFArray((x, y, x + width, y + height)),
        "F": PRINTED,
        "Ff": MULTILINE if len(lines) > 1 else 0,
        "MaxLen": LONGEST,
        "DA": PDFString(f"/{font} {SIZE} Tf 0 g"),
    }
    if value:
        shown = _drawn(drawn, f"field{len(form.fields)}", lines, size)
        known |= {"V": PDFString(value), "DV": PDFString(value), "AP": PDFDictionary({"N": shown})}
    field = PDFDictionary(known)
    drawn._addAnnotation(field)  # noqa: SLF001 - as above
    form.fields.append(form.getRef(field))


def _drawn(canvas: Any, name: str, lines: list[str], size: tuple[float, float]) -> Any:
    """Return what a viewer shows until somebody types."""
    width, height = size
    canvas.beginForm(name, 0, 0, width, height)
    canvas.setFont(PLAIN, SIZE)
    step = SIZE * LEADING
    top = (height + len(lines) * step) / 2 - SIZE
    for number, line in enumerate(lines):
        canvas.drawString(INDENT, top - number * step, line)
    canvas.endForm()
    return PDFObjectReference(xObjectName(name))
