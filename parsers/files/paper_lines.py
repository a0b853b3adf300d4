"""The lines of a paper as text that remembers its places.

Between words of one cell stands a space, between cells a tab, so that "2" and "172,00" of two
columns never become one number. What is found in a line's text is found on the page: `place`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsers.business import Place
from parsers.files.layout import Page, pages_of
from parsers.files.rows import Row, Word, box_of
from parsers.folding import fold

LONGEST = 400
LINES = 1_500
CELL, GAP = "\t", " "


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """Words that stand together: their text within the line (`start` to `end`) and their box."""

    start: int
    end: int
    left: float
    right: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A row of a page as text. `folded` has the length of `text`; `starts` is where each word
    begins in it."""

    text: str
    folded: str
    page: int
    row: Row
    starts: tuple[int, ...]
    cells: tuple[Cell, ...]
    page_height: float = 842.0

    @property
    def top(self) -> float:
        """The upper edge of the first word, in points from the page's top."""
        return self.row.words[0].top

    @property
    def height(self) -> float:
        """How high the first word is."""
        word = self.row.words[0]
        return max(word.bottom - word.top, 1.0)

    def words(self, start: int, end: int) -> tuple[Word, ...]:
        """Return the words between two places of the text."""
        first = max(0, bisect_right(self.starts, start) - 1)
        last = max(first + 1, bisect_right(self.starts, max(start, end - 1)))
        return self.row.words[first:last]

    def place(self, start: int, end: int) -> Place:
        """Return where a piece of the text stands on the paper."""
        box = box_of(self.words(start, end))
        rounded = tuple(round(edge, 1) for edge in box)
        return Place(page=self.page, line=self.row.text[:LONGEST], box=rounded)

    def cell_at(self, start: int) -> int:
        """Return the index of the cell a place of the text lies in."""
        return max(0, bisect_right([cell.start for cell in self.cells], start) - 1)


def lines_of(pages: Iterable[Page]) -> tuple[Line, ...]:
    """Return the lines of all pages in order, as many as a paper may have."""
    lines = (_line(row, page) for page in pages for row in page.rows)
    return tuple(line for line, _ in zip(lines, range(LINES), strict=False))


def _line(row: Row, page: Page) -> Line:
    starts: list[int] = []
    cells: list[Cell] = []
    text = ""
    for words in row.cells:
        if len(text) > LONGEST:
            break
        text += CELL if text else ""
        begin = len(text)
        text = _add(text, words, starts)
        last = row.words[len(starts) - 1]
        cells.append(Cell(start=begin, end=len(text), left=words[0].left, right=last.right))
    return Line(
        text=text,
        folded=fold(text),
        page=page.number,
        row=row,
        starts=tuple(starts),
        cells=tuple(cells),
        page_height=page.height,
    )


def line_of(text: str) -> Line | None:
    """Return a text as a line that stands nowhere, None when it is empty."""
    return next(iter(lines_of(pages_of(text))), None)


def _add(text: str, words: Sequence[Word], starts: list[int]) -> str:
    """Append the words of a cell to a text and note where each begins, up to a line's length."""
    for number, word in enumerate(words):
        if len(text) > LONGEST:
            break
        text += GAP if number else ""
        starts.append(len(text))
        text += word.text[:LONGEST]
    return text


def beneath(
    lines: Sequence[Line], index: int, cell: Cell, most: int = 2
) -> Iterator[tuple[Line, Cell]]:
    """Give the cells that stand right under a cell, of the next lines of its page."""
    line = lines[index]
    bottom, found = line.top, 0
    for other in lines[index + 1 : index + 7]:
        if other.page != line.page or not -line.height < other.top - bottom <= 2.6 * line.height:
            return
        for under in other.cells:
            if under.left < cell.right and under.right > cell.left:
                yield other, under
                bottom, found = other.top, found + 1
                break
        if found >= most:
            return
