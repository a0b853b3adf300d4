"""The return sheet: one A4 page that travels in the parcel (F-18, F-19, F-20).

From top to bottom: the number, large, with its barcode and QR code; what is returned and why; how to
pack it; last of all the address to ship it to. Black on white, fonts embedded, the same bytes for
the same ticket.
"""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepInFrame, Paragraph, Table

from handlers.desk import Desk
from handlers.process.workflow import Workflow
from handlers.ticket import Ticket
from templates.block import clean
from templates.language import Language
from templates.language import language as language_of
from templates.view import TicketView

WIDTH, HEIGHT = A4
MARGIN = 18 * mm
INNER = WIDTH - 2 * MARGIN
HEAD, FOOT = 74 * mm, 66 * mm  # what the number above and the address below take
LABEL_WIDTH = 52 * mm
QR_SIZE = 34 * mm
VALUE_LENGTH = 900  # a longer description would shrink the page below what can be read
PLAIN, BOLD = "Vera", "VeraBd"

_UNPRINTED = str.maketrans({"\u202f": "\xa0", "\u2009": "\xa0", "\u2011": "-", "\t": " "})


def return_sheet(ticket: Ticket, desk: Desk, workflow: Workflow, language: str) -> bytes:
    """Return the sheet as PDF, one page whatever the fields hold; empty fields are left out."""
    _register_fonts()
    spoken = language_of(language, desk.time_zone)
    view = TicketView(ticket, workflow, spoken)
    page = BytesIO()
    canvas = Canvas(page, pagesize=A4, invariant=1, pageCompression=1, lang=language)
    canvas.setTitle(ticket.key)
    canvas.setAuthor(_printed(desk.title))
    _draw_head(canvas, ticket, desk, spoken)
    _draw_fields(canvas, view, spoken)
    _draw_foot(canvas, desk.return_address_for(ticket.fields.get("reference", "")), spoken)
    canvas.showPage()
    canvas.save()
    return page.getvalue()


def _draw_head(canvas: Canvas, ticket: Ticket, desk: Desk, spoken: Language) -> None:
    words = spoken.groups["sheet"]
    top = HEIGHT - MARGIN
    title = Paragraph(_markup(f"{words['title']} – {desk.title}"), _style(11))
    _, used = title.wrap(INNER - QR_SIZE, 20 * mm)
    title.drawOn(canvas, MARGIN, top - used)
    size = _fitting(ticket.key, INNER - QR_SIZE - 6 * mm, 30)
    canvas.setFont(BOLD, size)
    canvas.drawString(MARGIN, top - 24 * mm, _printed(ticket.key))
    code = re.sub(r"[^ -~]", "?", ticket.key)
    bars: Any = createBarcodeDrawing(
        "Code128", value=code, barHeight=15 * mm, barWidth=_bar_width(code), quiet=0
    )
    renderPDF.draw(bars, canvas, MARGIN, top - 46 * mm)
    square: Any = createBarcodeDrawing("QR", value=ticket.key, width=QR_SIZE, height=QR_SIZE)
    renderPDF.draw(square, canvas, WIDTH - MARGIN - QR_SIZE, top - QR_SIZE - 4 * mm)
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, HEIGHT - HEAD, WIDTH - MARGIN, HEIGHT - HEAD)


def _draw_fields(canvas: Canvas, view: TicketView, spoken: Language) -> None:
    """Draw what is returned; long values wrap, a full page is drawn a little smaller."""
    label, text = _style(9.5), _style(10, bold=True)
    pairs = [(spoken.groups["sheet"]["date"], view.since), *view.fields]
    lines = [
        [Paragraph(_markup(name), label), Paragraph(_markup(value), text)] for name, value in pairs
    ]
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)]
    table = Table(lines, colWidths=[LABEL_WIDTH, INNER - LABEL_WIDTH], style=style)
    room = HEIGHT - HEAD - FOOT - MARGIN
    frame = KeepInFrame(INNER, room, [table], mode="shrink")
    _, used = frame.wrapOn(canvas, INNER, room)
    frame.drawOn(canvas, MARGIN, HEIGHT - HEAD - 4 * mm - used)


def _draw_foot(canvas: Canvas, back: tuple[str, ...], spoken: Language) -> None:
    words = spoken.groups["sheet"]
    canvas.line(MARGIN, FOOT + MARGIN - 6 * mm, WIDTH - MARGIN, FOOT + MARGIN - 6 * mm)
    told = Paragraph(_markup(words["pack"]), _style(10))
    _, used = told.wrap(INNER, FOOT)
    told.drawOn(canvas, MARGIN, FOOT + MARGIN - 10 * mm - used)
    address = "\n".join(back) or words["missing_address"]
    parts = [Paragraph(_markup(address), _style(14, bold=True))]
    if back:
        parts.insert(0, Paragraph(_markup(words["address"]), _style(10)))
    room = FOOT - 10 * mm - used - 6 * mm
    frame = KeepInFrame(INNER, room, parts, mode="shrink")
    frame.wrapOn(canvas, INNER, room)
    frame.drawOn(canvas, MARGIN, MARGIN)


def _style(size: float, *, bold: bool = False) -> ParagraphStyle:
    return ParagraphStyle("", fontName=BOLD if bold else PLAIN, fontSize=size, leading=size * 1.35)


def _markup(value: str) -> str:
    """Return a value as the little XML that Paragraph reads: escaped, its line ends as breaks."""
    short = value if len(value) <= VALUE_LENGTH else f"{value[:VALUE_LENGTH]}…"
    return escape(_printed(short)).replace("\n", "<br/>")


def _printed(value: str) -> str:
    """Return what the embedded font can show; other characters become a question mark."""
    known = pdfmetrics.getFont(PLAIN).face.charWidths
    text = clean(value).translate(_UNPRINTED)
    return "".join(one if one == "\n" or ord(one) in known else "?" for one in text)


def _fitting(text: str, width: float, size: float) -> float:
    """Return the largest font size up to `size` at which the text fits the width, in points."""
    needed = pdfmetrics.stringWidth(_printed(text), BOLD, size)
    return size if needed <= width else size * width / needed


def _bar_width(code: str) -> float:
    """Return the width of one bar so that the barcode stays left of the QR code."""
    modules = 11 * len(code) + 35  # start, check, stop (ISO/IEC 15417)
    return float(min(0.42 * mm, (INNER - QR_SIZE - 6 * mm) / modules))


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
