"""Filters of paper sources: what values look like on paper. Those that notices have, too, mean the same.

`rows` is a recapitulation, `table` rows under a header, `lines` an address, `bullets` a list; `form` has
fields to be filled in on a screen or by pen, `blanks` lines to write on, `frame` a place for a
signature, `scan` a code that opens a mail on a telephone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from jinja2.runtime import Context
from jinja2.utils import pass_context
from reportlab.platypus import Flowable, Paragraph, Table

from templates import filters
from templates.answering import Telephone
from templates.lists import filled, joined, listed
from templates.markdown import slot
from templates.papers.flow import TEXT, Piece
from templates.papers.places import Blank, Field, Frame, Scan
from templates.papers.typeface import Setting, markup, mm, shortened

LABEL = 0.3  # of the width
SMALL, LARGE = 9, 15
GUTTER = 6 * mm
HAIR = 0.4
ROW = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 2 * mm),
    ("TOPPADDING", (0, 0), (-1, -1), 1.2 * mm),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6 * mm),
    ("LINEBELOW", (0, 0), (-1, -1), HAIR, "#000000"),
]


@pass_context
def put(context: Context, value: object) -> str:
    """Keep a value for later and return the slot that stands for it."""
    made = (
        value if isinstance(value, Piece) else Piece(text="" if value is None else shortened(value))
    )
    pieces: list[Piece] = context["slots"]
    pieces.append(made)
    return slot(len(pieces) - 1, block=made.draw is not None)


def rows(pairs: Iterable[Sequence[object]]) -> Piece:
    """Return (label, value) pairs as a recapitulation."""
    read = [(label, shortened(value)) for label, value in pairs]

    def draw(setting: Setting) -> list[Flowable]:
        label, value = setting.style(SMALL + 0.5), setting.style(TEXT, bold=True)
        cells = [[Paragraph(markup(a), label), Paragraph(markup(b), value)] for a, b in read]
        widths = [LABEL * setting.width, (1 - LABEL) * setting.width]
        return [Table(cells, colWidths=widths, style=ROW)] if cells else []

    return Piece(draw=draw)


def table(lines: Iterable[Sequence[object]], header: Sequence[object] = ()) -> Piece:
    """Return rows under a header that each page repeats; columns are as wide as their words ask for."""
    body = [[shortened(cell) for cell in line] for line in lines]
    head = [[str(cell) for cell in header]] if header else []

    def draw(setting: Setting) -> list[Flowable]:
        plain, bold = setting.style(SMALL), setting.style(SMALL, bold=True)
        cells = [[Paragraph(markup(one), bold) for one in line] for line in head]
        cells += [[Paragraph(markup(one), plain) for one in line] for line in body]
        widths = _widths([*head, *body], setting.width)
        under = [("LINEBELOW", (0, 0), (-1, 0), 1, "#000000")] if head else []
        style = [*ROW, *under]
        return [Table(cells, colWidths=widths, style=style, repeatRows=len(head))] if cells else []

    return Piece(draw=draw)


def _widths(cells: Sequence[Sequence[str]], width: float) -> list[float]:
    """Return the widths of columns: by their longest word first, then by all that they say."""
    columns = list(zip(*cells, strict=False))
    words = [max(max(map(len, one.split()), default=1) for one in column) for column in columns]
    wanted = [
        max(most, min(30, max(map(len, column))))
        for most, column in zip(words, columns, strict=True)
    ]
    return [width * (one + 2) / (sum(wanted) + 2 * len(wanted)) for one in wanted]


def lines(items: Iterable[object]) -> Piece:
    """Return lines that stay lines, large, as in an address."""
    read = [shortened(one) for one in items]

    def draw(setting: Setting) -> list[Flowable]:
        size = LARGE if len(read) <= 6 else LARGE * 6 / len(read)
        return [Paragraph("<br/>".join(map(markup, read)), setting.style(size, bold=True))]

    return Piece(draw=draw)


def bullets(items: Iterable[object]) -> Piece:
    """Return a list of items."""
    read = [shortened(one) for one in items]

    def draw(setting: Setting) -> list[Flowable]:
        style = setting.style(TEXT)
        style.leftIndent = 5 * mm
        return [Paragraph(markup(one), style, bulletText="•") for one in read]

    return Piece(draw=draw)


def form(pairs: Iterable[Sequence[object]], columns: int = 1) -> Piece:
    """Return fields to fill in, (label, value) or (label, value, hint) each, so many side by side. A
    field is named by its label, so that it is read as the labelled lines of a mail are."""
    read = [(str(one[0]), str(one[1] or ""), str(one[2] if len(one) > 2 else "")) for one in pairs]

    def draw(setting: Setting) -> list[Flowable]:
        return _beside([Field(*one, setting) for one in read], columns, setting)

    return Piece(draw=draw)


def blanks(labels: Iterable[object], columns: int = 1) -> Piece:
    """Return lines to write on by pen, each behind its label, so many side by side."""
    read = [str(one) for one in labels]

    def draw(setting: Setting) -> list[Flowable]:
        return _beside([Blank(one, setting) for one in read], columns, setting)

    return Piece(draw=draw)


def frame(label: object, height: float = 32) -> Piece:
    """Return an empty frame with a label, as high as so many millimetres."""
    return Piece(draw=lambda setting: [Frame(str(label), height * mm, setting)])


def scan(telephone: Telephone, words: str) -> Piece:
    """Return a code that opens a mail to the ticket on a telephone, with words beside it."""
    return Piece(draw=lambda setting: [Scan(telephone.link, words, telephone.address, setting)])


def _beside(made: Sequence[Flowable], columns: int, setting: Setting) -> list[Flowable]:
    """Return flowables in rows of so many columns, with a gutter between them."""
    each = (setting.width - GUTTER * (columns - 1)) / columns
    widths = [each, *([GUTTER, each] * (columns - 1))]
    style = [("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    style += [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("TOP", "BOTTOM", "RIGHT")]
    found = []
    for start in range(0, len(made), columns):
        line: list[object] = [""] * len(widths)
        line[::2] = [*made[start : start + columns], *[""] * (start + columns - len(made))]
        found.append(Table([line], colWidths=widths, style=style))
    return found


_SAME: Mapping[str, Callable[..., Any]] = {
    name: filters.FILTERS[name] for name in ("amount", "columns", "date", "moment")
}
_OWN = (rows, table, lines, bullets, form, blanks, frame, scan, filled, joined, listed)
FILTERS: dict[str, Callable[..., Any]] = {one.__name__: one for one in _OWN} | dict(_SAME)
