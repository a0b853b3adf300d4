"""The text of a PDF as the eye reads it: pages, rows from top to bottom, words with their places.

Words come from `glyphs`; rows are words whose middles stand at one height, cells are words of a
row with a wide gap between them. A text that never was a page is laid out as if it were one, so
that whoever reads papers reads but one thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2

from parsers.files.glyphs import Box, Glyphs, read_glyphs
from parsers.files.page_shape import shaped
from parsers.files.rows import Row, Word
from parsers.folding import compose

PAGES = 20
CHARACTERS = 200_000
_WORDS_OF_ROW = 200
TROUBLE = (pypdfium2.PdfiumError, ValueError, TypeError, RuntimeError, OSError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page: its number from 1, its size in points, its rows from top to bottom. `guessed`: its
    words are what a scanner read in a picture."""

    number: int
    width: float
    height: float
    rows: tuple[Row, ...] = ()
    guessed: bool = False


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


def pages_of(text: str, top: float = 0.0) -> tuple[Page, ...]:
    """Lay a text out on one page from `top` on: a row for each line, a cell between tabs."""
    lines = enumerate(text[:CHARACTERS].splitlines())
    rows = (_row_of(line, top + 12.0 * number) for number, line in lines if line.strip())
    return (Page(number=1, width=595.0, height=842.0, rows=tuple(rows)),)


def _row_of(line: str, top: float) -> Row:
    """Return a line of text as a row of words; a tab goes on to the next hundred points."""
    words, left = [], 0.0
    for cell in compose(line).split("\t"):
        for text in cell.split():
            right = left + 5.0 * len(text)
            words.append(Word(text=text, left=left, top=top, right=right, bottom=top + 10.0))
            left = right + 3.0
        left = (left // 100 + 1) * 100
    return Row(words=tuple(words[:_WORDS_OF_ROW]))


def _read_page(paper: pypdfium2.PdfDocument, number: int) -> Page:
    """Return one page; a broken one has no rows."""
    try:
        page = paper[number]
        glyphs = read_glyphs(page)
        page.close()
    except TROUBLE:
        return Page(number=number + 1, width=0, height=0)
    return Page(
        number=number + 1,
        width=glyphs.width,
        height=glyphs.height,
        rows=(*shaped(_words(glyphs.words)), *_asides(glyphs)),
        guessed=glyphs.guessed,
    )


def _asides(glyphs: Glyphs) -> Iterator[Row]:
    """Give what is written along the margin as one row behind the others."""
    words = tuple(_words(glyphs.aside))[:_WORDS_OF_ROW]
    if words:
        yield Row(words=words)


def _words(told: Iterable[tuple[str, Box]]) -> Iterator[Word]:
    for text, (left, top, right, bottom) in told:
        yield Word(text=compose(text), left=left, top=top, right=right, bottom=bottom)
