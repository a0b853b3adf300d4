"""The columns of a table: what they hold, where they end, and the words of a row by column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.files.paper_lines import Line
from parsers.files.rows import Word

TEXTS = frozenset({"reference", "description", "serial", "other", "line", "unit"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: what it holds, and where its head stands. `end` is where the next one begins."""

    meaning: str
    left: float
    right: float
    end: float = 10_000.0


Bounds = Callable[[Sequence[Column], Sequence[Line]], tuple[Column, ...]]
"""Return columns with the place where each ends, seeing the rows under their heads."""


def by_gutters(columns: Sequence[Column], rows: Sequence[Line]) -> tuple[Column, ...]:
    """Return the columns, each ending in the widest gap before the next head."""
    chunks = [chunk for line in rows for chunk in chunks_of(line)]
    ends = [_gutter(one, other, chunks) for one, other in pairwise(columns)]
    return tuple(
        replace(column, end=end) for column, end in zip(columns, [*ends, 10_000.0], strict=True)
    )


def by_stacks(columns: Sequence[Column], rows: Sequence[Line]) -> tuple[Column, ...]:
    """Return the columns as the words under the heads are stacked: the first stack is of the first
    head and so on, when there are as many; else as gutters part them."""
    stacks = _stacks([chunk for line in rows for chunk in chunks_of(line)])
    if len(stacks) != len(columns):
        return by_gutters(columns, rows)
    ends = [(one[1] + other[0]) / 2 for one, other in pairwise(stacks)]
    return tuple(
        replace(column, end=end) for column, end in zip(columns, [*ends, 10_000.0], strict=True)
    )


def _stacks(chunks: Sequence[tuple[Word, ...]]) -> list[tuple[float, float]]:
    """Return from where to where words stand above one another, from left to right."""
    stacks: list[tuple[float, float]] = []
    for left, right in sorted((chunk[0].left, chunk[-1].right) for chunk in chunks):
        if stacks and left < stacks[-1][1]:
            stacks[-1] = (stacks[-1][0], max(right, stacks[-1][1]))
        else:
            stacks.append((left, right))
    return stacks


def _gutter(one: Column, other: Column, chunks: Sequence[tuple[Word, ...]]) -> float:
    """Return where the fewest words stand between two heads, in the middle of the widest gap."""
    low, high = one.left, other.right
    spans = [(chunk[0].left, chunk[-1].right) for chunk in chunks]
    spans = [span for span in spans if span[1] > low and span[0] < high]
    spans += [(one.left, one.right), (other.left, other.right)] * (len(spans) + 1)
    changes: dict[float, int] = {}
    for left, right in spans:
        changes[left] = changes.get(left, 0) + 1
        changes[right] = changes.get(right, 0) - 1
    best, covered = (len(spans) + 1, 0.0, (one.right + other.left) / 2), 0
    places = sorted(changes)
    for place, following in pairwise(places):
        covered += changes[place]
        begin, end = max(place, low), min(following, high)
        if end - begin > 0.2 and (covered, begin - end) < best[:2]:
            best = (covered, begin - end, (begin + end) / 2)
    return best[2]


def chunks_of(line: Line) -> tuple[tuple[Word, ...], ...]:
    """Return the words of a row cut where more than a space parts them."""
    chunks: list[list[Word]] = []
    for word in line.row.words:
        high = word.bottom - word.top
        if chunks and -0.6 * high <= word.left - chunks[-1][-1].right <= 0.5 * high:
            chunks[-1].append(word)
        else:
            chunks.append([word])
    return tuple(tuple(chunk) for chunk in chunks)


def cells_of(line: Line, columns: Sequence[Column]) -> dict[str, tuple[Word, ...]]:
    """Return the words of a row by what their column holds.

    A sentence that runs over several columns of figures belongs to the text it begins in.
    """
    chunks = chunks_of(line)
    if len(chunks) == 1 and len(chunks[0]) > 1:
        first = _column_at(columns, chunks[0][0])
        wide = chunks[0][-1].right > first.end
        if first.meaning in TEXTS:
            return {"" if wide and first.meaning != "description" else first.meaning: chunks[0]}
    cells: dict[str, list[Word]] = {}
    for number, chunk in enumerate(chunks):
        over = any(other[0].left < chunk[-1].right for other in chunks[number + 1 :])
        for word in chunk:
            column = _column_at(columns, chunk[0] if over else word)
            cells.setdefault(column.meaning, []).append(word)
    return {meaning: tuple(words) for meaning, words in cells.items()}


def _column_at(columns: Sequence[Column], word: Word) -> Column:
    middle = (word.left + word.right) / 2
    return next((column for column in columns if middle < column.end), columns[-1])
