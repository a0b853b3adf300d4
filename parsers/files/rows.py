"""Words of a page as rows: what stands at one height, from left to right, and the cells of a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.files.glyphs import Box

_LETTERS_APART = 4


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
        """The words cut where the gap is as wide as a letter is high."""
        cells: list[list[Word]] = [[self.words[0]]]
        for before, after in pairwise(self.words):
            if _parts(before, after):
                cells.append([])
            cells[-1].append(after)
        return tuple(tuple(cell) for cell in cells)

    @property
    def box(self) -> Box:
        """Left, top, right and bottom of all its words."""
        return box_of(self.words)


def box_of(words: Sequence[Word]) -> Box:
    """Return left, top, right and bottom of some words."""
    return (
        min(w.left for w in words),
        min(w.top for w in words),
        max(w.right for w in words),
        max(w.bottom for w in words),
    )


def rows_of(words: Iterable[Word]) -> tuple[Row, ...]:
    """Return words as rows: those whose middles stand closer than half of either is high."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.top + w.bottom):
        if rows and _is_level(rows[-1][0], word):
            rows[-1].append(word)
        else:
            rows.append([word])
    return tuple(Row(words=tuple(_joined(row))) for row in rows)


def _is_level(first: Word, word: Word) -> bool:
    """Tell whether two words stand on one line."""
    high = min(first.bottom - first.top, word.bottom - word.top)
    return abs((first.top + first.bottom) - (word.top + word.bottom)) < high


def _joined(row: Iterable[Word]) -> Iterator[Word]:
    """Give the words of a row from left to right: what was drawn twice once, what was drawn
    letter by letter as words."""
    words: list[Word] = []
    for word in _in_order(row):
        if words and _is_shadow(words[-1], word):
            continue
        if words and _touches(words[-1], word):
            words[-1] = _one([words[-1], word])
        else:
            words.append(word)
    yield from _spelled(words)


def _in_order(row: Iterable[Word]) -> Iterator[Word]:
    """Give words from left to right; what was drawn as one text stays together, also where the
    text of the next column is drawn over it."""
    texts: list[list[Word]] = []
    for word in row:
        high = word.bottom - word.top
        if texts and -0.1 * high <= word.left - texts[-1][-1].right <= 0.4 * high:
            texts[-1].append(word)
        else:
            texts.append([word])
    for text in sorted(texts, key=lambda words: words[0].left):
        yield from text


def _is_shadow(before: Word, word: Word) -> bool:
    """Tell a word drawn twice, a trifle apart, to look bold."""
    return before.text == word.text and abs(before.left - word.left) < 1.5


def _touches(before: Word, word: Word) -> bool:
    """Tell two halves of one word: nothing between them."""
    high = min(word.bottom - word.top, before.bottom - before.top)
    return -0.05 * high <= word.left - before.right <= 0.08 * high


def _one(words: Sequence[Word], text: str = "") -> Word:
    left, top, right, bottom = box_of(words)
    told = text or "".join(word.text for word in words)
    return Word(text=told, left=left, top=top, right=right, bottom=bottom)


def _spelled(words: Sequence[Word]) -> Iterator[Word]:
    """Join what is spaced out, "F A C T U R E", to words."""
    run: list[Word] = []
    for word in words:
        near = not run or word.left - run[-1].right <= _wide(run[-1], word)
        if len(word.text) == 1 and near:
            run.append(word)
            continue
        yield from _spelled_words(run)
        run = [word] if len(word.text) == 1 else []
        if not run:
            yield word
    yield from _spelled_words(run)


def _spelled_words(run: Sequence[Word]) -> Iterator[Word]:
    """Give the words of single letters: one where they stand evenly, cut at wider gaps."""
    letters_of, digits = (
        sum(map(test, (w.text for w in run))) for test in (str.isalpha, str.isdigit)
    )
    if len(run) < _LETTERS_APART or max(letters_of, digits) * 2 <= len(run):
        yield from run
        return
    gaps = [after.left - before.right for before, after in pairwise(run)]
    usual = sorted(gaps)[len(gaps) // 2]
    letters = [run[0]]
    for gap, word in zip(gaps, run[1:], strict=True):
        if gap > 1.7 * max(usual, 0.5):
            yield _one(letters)
            letters = []
        letters.append(word)
    yield _one(letters)


def _parts(before: Word, after: Word) -> bool:
    """Tell whether two words stand in two cells: a wide gap between them, or a jump back."""
    return (
        not -0.6 * (before.bottom - before.top) <= after.left - before.right <= _wide(before, after)
    )


def _wide(before: Word, after: Word) -> float:
    """Return the gap that parts two cells."""
    return 0.9 * min(before.bottom - before.top, after.bottom - after.top)
