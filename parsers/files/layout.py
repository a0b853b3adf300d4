"""The text of a PDF as the eye reads it: pages, rows from top to bottom, words with their places.

PDFium finds the words; rows are words whose middles stand at one height, cells are words of a row
with a wide gap between them. Tables whose lines are drawn or whose cells wrap are cut by
pdfplumber, forty times slower, and only where that is needed (`text_by_position`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pdfplumber
import pypdfium2

PAGES = 20
CHARACTERS = 200_000
_PAGES_BY_POSITION = 4
_WORD = re.compile(r"\S+")
TROUBLE = (pypdfium2.PdfiumError, ValueError, TypeError, RuntimeError, OSError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A word and its place: points from the page's top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Words of one height, from left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def cells(self) -> tuple[tuple[Word, ...], ...]:
        """The words cut where the gap is wider than a letter and a half is high."""
        cells: list[list[Word]] = [[self.words[0]]]
        for before, after in pairwise(self.words):
            if after.left - before.right > 1.0 * (before.bottom - before.top):
                cells.append([])
            cells[-1].append(after)
        return tuple(tuple(cell) for cell in cells)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all its words."""
        words = self.words
        return (
            min(w.left for w in words),
            min(w.top for w in words),
            max(w.right for w in words),
            max(w.bottom for w in words),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page: its number from 1, its size in points, its rows from top to bottom."""

    number: int
    width: float
    height: float
    rows: tuple[Row, ...] = ()


def read_pages(data: bytes) -> tuple[Page, ...]:
    """Return the first pages of a PDF with their words, () when it cannot be opened. Raises
    nothing; PDFium may end the process when memory runs out."""
    try:
        paper = pypdfium2.PdfDocument(data)
    except TROUBLE:
        return ()
    try:
        return tuple(_read_page(paper, number) for number in range(min(len(paper), PAGES)))
    finally:
        paper.close()


def text_of(pages: Iterable[Page]) -> str:
    """Return the text of pages, a line for each row."""
    return "\n".join(row.text for page in pages for row in page.rows)[:CHARACTERS]


def rows_of(words: Iterable[Word]) -> tuple[Row, ...]:
    """Return words as rows: those whose middle stands within the height of the row before."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.top + w.bottom, w.left)):
        middle = (word.top + word.bottom) / 2
        if rows and rows[-1][0].top <= middle <= rows[-1][0].bottom:
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(Row(words=tuple(sorted(row, key=lambda w: w.left))) for row in rows)


def _read_page(paper: pypdfium2.PdfDocument, number: int) -> Page:
    """Return one page; a broken one has no rows."""
    try:
        page = paper[number]
        width, height = page.get_size()
        layer = page.get_textpage()
        words = tuple(_words(layer, height))
        layer.close()
        page.close()
    except TROUBLE:
        return Page(number=number + 1, width=0, height=0)
    return Page(number=number + 1, width=width, height=height, rows=rows_of(words))


def _words(layer: pypdfium2.PdfTextPage, height: float) -> Iterator[Word]:
    """Yield the words in the order they were drawn."""
    text = layer.get_text_range(0, min(layer.count_chars(), CHARACTERS))
    for found in _WORD.finditer(text):
        boxes = [layer.get_charbox(n) for n in (found.start(), found.end() - 1)]
        yield _word(found[0], boxes, height)


def _word(text: str, boxes: Sequence[tuple[float, float, float, float]], height: float) -> Word:
    return Word(
        text=text,
        left=min(box[0] for box in boxes),
        top=height - max(box[3] for box in boxes),
        right=max(box[2] for box in boxes),
        bottom=height - min(box[1] for box in boxes),
    )


def text_by_position(data: bytes) -> str:
    """Return the text of the first pages line by line as printed, "" when it cannot be read."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as paper:
            pages = paper.pages[:_PAGES_BY_POSITION]
            return "\n".join(page.extract_text() or "" for page in pages)
    except Exception:  # noqa: BLE001 - pdfminer raises whatever it stumbles over in a broken file
        return ""
