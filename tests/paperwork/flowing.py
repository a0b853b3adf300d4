"""Papers from a text program: platypus paragraphs and tables, justified text, cells of one table."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from . import grids, sums
from .draft import PRICED, Draft
from .tops import letterhead, receiver

WIDTH = 495.0


def print_flowing(draft: Draft) -> bytes:
    """Return the paper as a text program would save it."""
    target = BytesIO()
    template = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=50, rightMargin=50, topMargin=45, bottomMargin=50,
        invariant=1, title="", author="",
    )  # fmt: skip
    template.build([*_head(draft), *_table(draft), *_sums(draft), *_end(draft)])
    return target.getvalue()


def _text(draft: Draft, text: str, size: float = 10, *, bold: bool = False, right: bool = False):
    style = ParagraphStyle(
        "text",
        fontName=draft.sheet.font(bold),
        fontSize=size,
        leading=size * 1.25,
        alignment=TA_RIGHT if right else TA_JUSTIFY,
        splitLongWords=0,
    )
    return Paragraph(escape(text), style)


def _head(draft: Draft) -> list[Flowable]:
    paper = draft.paper
    left = [_text(draft, one, 9) for one in letterhead(draft, paper.issuer)]
    right = [Spacer(1, 30), *(_text(draft, one) for one in receiver(draft))]
    heads = Table([[left, right]], colWidths=[280, 215])
    heads.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")]))
    rows = [
        [_text(draft, label, 9), _text(draft, value, 9, bold=True)] for label, value in draft.meta()
    ]
    numbers = Table(rows, colWidths=[150, 150], hAlign="LEFT")
    grey = HexColor("#999999")
    numbers.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.4, grey), ("TOPPADDING", (0, 0), (-1, -1), 1)])
    )
    title = _text(draft, draft.title(), 16, bold=True)
    intro = draft.word("intro", paper.form)
    about = []
    if draft.style.refs == "sentence":
        about = [_text(draft, sums.sentence(draft, *row)) for row in draft.references()]
    return [
        heads, Spacer(1, 18), title, Spacer(1, 8), numbers, Spacer(1, 10), *about,
        *([_text(draft, intro)] if intro else []), Spacer(1, 6),
    ]  # fmt: skip


def _table(draft: Draft) -> list[Flowable]:
    columns = draft.style.columns
    rows = [[_text(draft, draft.word(name), 8.5, bold=True) for name in columns]]
    for count, item in enumerate(draft.paper.items, 1):
        rows.append([
            [_text(draft, one, 9, right=name in grids.RIGHT_COLUMNS)
             for one in grids.cell(draft, name, item, count)]
            for name in columns
        ])  # fmt: skip
    table = Table(rows, colWidths=grids.widths_of(columns), repeatRows=1)
    table.setStyle(TableStyle([
        ("GRID", (0, 0), (-1, -1), 0.5, HexColor("#000000")), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), HexColor("#e8e8e8")),
    ]))  # fmt: skip
    return [table]


def _sums(draft: Draft) -> list[Flowable]:
    if draft.paper.form not in PRICED:
        return []
    rows = [
        [
            _text(draft, label, 9.5, bold=bold),
            _text(draft, draft.money(amount), 9.5, bold=bold, right=True),
        ]
        for label, amount, bold in sums.rows_of(draft)
    ]
    table = Table(rows, colWidths=[150, 90], hAlign="RIGHT")
    table.setStyle(TableStyle([("BOX", (0, 0), (-1, -1), 0.5, HexColor("#000000"))]))
    return [Spacer(1, 8), table]


def _end(draft: Draft) -> list[Flowable]:
    closing = draft.word("closing", draft.paper.form)
    return [
        Spacer(1, 14),
        _text(draft, closing, 9.5),
        Spacer(1, 10),
        _text(draft, draft.word("bye")),
    ]
