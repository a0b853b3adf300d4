"""The cells of a paper with what the eye sees of them: how large, how high on the page, how alone.

A title is recognised by that as much as by its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median_low

from parsers.business import Place
from parsers.files.layout import Page
from parsers.files.rows import Row, Word
from parsers.folding import key_of

_LONGEST, _LINE = 60, 400
"""Words of a cell that are looked at, and letters of a line that are kept."""
_CAPITAL, _LOWER, _DESCENT = 0.72, 0.53, 0.21
"""What letters take of the size of their type: capitals, the low ones, and below the line."""
_TALL, _DEEP, _FLAT = "bdfhiklt", "gjpqy,;()Q", ".,:;-_*·"
_WIDE, _COLUMN, _APART, _LARGE = 2.2, 1.5, 0.85, 1.22
"""Gaps: so many usual ones part cells; so many sizes are a column, not a usual gap.
Letters take less than so much of their size, unless they are set apart."""
_SPACED = 4
"""So many single letters in a row are one word, drawn with spaces: F A C T U R E."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """Words of a row that stand together.

    `tokens` are its words as `key_of` gives them, `words` the printed word each comes from. `size`
    is its height against the usual row of the page (1.0), `depth` how far down the page it stands
    (0.0 to 1.0). `alone` tells that its row has no other, `behind` that a label ending in a colon
    stands before it in the row. `row` counts the rows of the paper.
    """

    page: int
    row: int
    text: str
    line: str
    tokens: tuple[str, ...]
    words: tuple[str, ...]
    box: tuple[float, float, float, float]
    size: float = 1.0
    depth: float = 0.0
    alone: bool = True
    behind: bool = False

    @property
    def place(self) -> Place:
        """Where it stands, with the whole printed line."""
        return Place(page=self.page, line=self.line, box=self.box)


def cells_of(pages: Sequence[Page]) -> tuple[Cell, ...]:
    """Return the cells of pages in reading order. Linear in the words."""
    cells: list[Cell] = []
    first = 0
    for page in pages:
        usual = _usual_height(page)
        gap = _usual_gap(page, usual)
        for number, row in enumerate(page.rows):
            parts = _parts(_joined(row.words), gap, usual)
            cells.extend(_cells_of_row(page, row, parts, usual, first + number))
        first += len(page.rows)
    return tuple(cells)


def cells_typed(texts: Iterable[str]) -> tuple[Cell, ...]:
    """Return the lines of texts that somebody put on a paper, on page 0: where is not known."""
    lines = (line.strip() for text in texts for line in text.splitlines())
    return tuple(
        Cell(
            page=0,
            row=row,
            text=line[:_LINE],
            line=line[:_LINE],
            tokens=tuple(token for word in line.split()[:_LONGEST] for token in _tokens(word)),
            words=tuple(word for word in line.split()[:_LONGEST] for _ in _tokens(word)),
            box=(0.0, 0.0, 0.0, 0.0),
        )
        for row, line in enumerate(filter(None, lines))
    )


def _tokens(word: str) -> list[str]:
    """Return the folded words of a printed one."""
    return key_of(word[:_LINE]).split()


def _usual_height(page: Page) -> float:
    """Return the size of the usual word of a page, 1.0 on a page without any."""
    return _size([word for row in page.rows for word in row.words]) or 1.0


def _usual_gap(page: Page, usual: float) -> float:
    """Return the gap between two words of a page, columns not counted."""
    pairs = (pair for row in page.rows for pair in pairwise(row.words))
    gaps = [after.left - before.right for before, after in pairs]
    gaps = [gap for gap in gaps if gap < _COLUMN * usual]
    return median_low(gaps) if gaps else 0.0


def _parts(words: Sequence[Word], gap: float, usual: float) -> list[tuple[Word, ...]]:
    """Cut a row where a gap is wider than the row is high, and than typewriters leave."""
    wide = max(_CAPITAL * _size(words), _WIDE * gap)
    parts: list[list[Word]] = []
    for before, word in zip((None, *words), words, strict=False):
        if before is None or word.left - before.right > max(wide, _tracking(before, usual)):
            parts.append([])
        parts[-1].append(word)
    return [tuple(part) for part in parts]


def _tracking(word: Word, usual: float) -> float:
    """Return the widest gap after a word whose letters are set apart or large, 0.0 after another."""
    pitch, size = (word.right - word.left) / max(len(word.text), 1), _size_of(word)
    apart = _WIDE * pitch if pitch > _APART * size else 0.0
    return max(apart, size if size > _LARGE * usual else 0.0)


def _size(words: Sequence[Word]) -> float:
    """Return the size at which most of some words are set, 0.0 without letters and digits."""
    sizes = [_size_of(word) for word in words if any(map(str.isalnum, word.text))]
    return median_low(sizes) if sizes else 0.0


def _size_of(word: Word) -> float:
    """Return the size of a word from its box, which is as high as its first and last letters."""
    ends = f"{word.text[:1]}{word.text[-1:]}"
    high = any(not (end.islower() or end in _FLAT) or end in _TALL for end in ends)
    deep = any(end in _DEEP for end in ends)
    return (word.bottom - word.top) / ((_CAPITAL if high else _LOWER) + (_DESCENT if deep else 0.0))


def _cells_of_row(
    page: Page, row: Row, parts: Sequence[tuple[Word, ...]], usual: float, counted: int
) -> Iterator[Cell]:
    """Give the cells of one row."""
    line = row.text[:_LINE]
    top = row.box[1] if row.words else 0.0
    behind = False
    for words in parts:
        spoken = _spoken(words[:_LONGEST])[:_LONGEST]
        text = " ".join(word.text for word in words[:_LONGEST])[:_LINE]
        yield Cell(
            page=page.number,
            row=counted,
            text=text,
            line=line,
            tokens=tuple(token for token, _ in spoken),
            words=tuple(word for _, word in spoken),
            box=Row(words=words).box,
            size=(_size(words) or usual) / usual,
            depth=top / page.height if page.height else 0.0,
            alone=len(parts) == 1,
            behind=behind,
        )
        behind = text.endswith(":")


def _spoken(words: Sequence[Word]) -> list[tuple[str, str]]:
    """Return the folded words of a cell, each with the word it was printed in."""
    return [(token, word.text) for word in words for token in _tokens(word.text)]


def _joined(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words of a row, those drawn letter by letter in one piece."""
    joined: list[Word] = []
    for lone, group in groupby(words, key=lambda w: len(w.text) == 1 and w.text.isalpha()):
        letters = list(group)
        if lone and len(letters) >= _SPACED:
            left, top, right, bottom = Row(words=tuple(letters)).box
            text = "".join(letter.text for letter in letters)
            letters = [Word(text=text, left=left, top=top, right=right, bottom=bottom)]
        joined.extend(letters)
    return tuple(joined)
