"""Find the table of positions of a paper: its head, and the columns under it.

A head is a row that names what a position has ("Réf.", "Désignation", "Qté", "PU HT",
"Montant"), in any order. Where one column ends and the next begins is told by the rows under
the head: at the widest gap between their words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.files.paper_labels import labels_in, phrases_named, tokens_of
from parsers.files.paper_lines import Line
from parsers.files.rows import Word, box_of
from parsers.folding import fold

TEXTS = frozenset({"reference", "description", "serial", "other", "line", "unit"})
_NAMES = frozenset({"reference", "description", "serial"})
_FIGURES = frozenset({"quantity", "price", "amount"})
_ENDS = frozenset({"net", "tax", "gross", "due", "total", "subtotal", "deposit"})
_SAMPLE = 60
FARTHEST = 120.0
"""Points between two rows of one table, at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: what it holds, and where its head stands. `end` is where the next one begins."""

    meaning: str
    left: float
    right: float
    end: float = 10_000.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The columns of a table and the index of the first line under its head."""

    columns: tuple[Column, ...]
    below: int

    @property
    def meanings(self) -> frozenset[str]:
        """What the columns hold."""
        return frozenset(column.meaning for column in self.columns)


def head_at(lines: Sequence[Line], index: int, bounds: Bounds | None = None) -> Head | None:
    """Return the head of a table that begins with this line, None when it is none. `bounds` tells
    where its columns end, `by_gutters` unless told."""
    named = _columns_of(lines[index])
    if len(named) < 2 or not _is_headish(lines[index]):
        return None
    below = index + 1
    while below < min(index + 3, len(lines)) and _continues_head(lines[below - 1], lines[below]):
        named = _with_second_line(named, lines[below])
        below += 1
    columns = _unique(named)
    meanings = {column.meaning for column in columns}
    if not meanings & _NAMES or not meanings & _FIGURES or len(meanings) < 2:
        return None
    if len(meanings & (_NAMES | _FIGURES)) < 3 and len(lines[index].cells) < 2:
        return None
    return Head(columns=(bounds or by_gutters)(columns, _sample(lines, below)), below=below)


def _sample(lines: Sequence[Line], below: int) -> list[Line]:
    """Return the first rows under a head, as far as the totals or the foot of the page."""
    rows: list[Line] = []
    for line in lines[below : below + _SAMPLE]:
        last = rows[-1] if rows else lines[below - 1]
        if line.page != last.page or ends_table(line) or line.top - last.top > FARTHEST:
            break
        rows.append(line)
    return rows


def ends_table(line: Line) -> bool:
    """Tell a line of totals. What is carried over a page ends nothing."""
    labels = labels_in(line, phrases_named("totals"))
    if not labels or is_carried(line):
        return False
    starts = {cell.start for cell in line.cells}
    first = next((label for label in labels if label.start in starts), None)
    return first is not None and first.meaning in _ENDS


def is_carried(line: Line) -> bool:
    """Tell a sum carried over a page."""
    labels = labels_in(line, phrases_named("totals"))
    return any(one.meaning == "carried" for one in labels)


def _is_headish(line: Line) -> bool:
    """Tell a row of names from a sentence or a row of values."""
    letters = sum(token.text.isalpha() for token in tokens_of(line.folded))
    digits = sum(character.isdigit() for character in line.folded)
    known = sum(
        len(tokens_of(line.folded[label.start : label.end]))
        for label in labels_in(line, phrases_named("columns"))
    )
    return digits <= 2 and 2 * known >= letters


def _columns_of(line: Line) -> list[tuple[Column, str]]:
    """Return the columns a row names, each with its words, from left to right."""
    found = []
    for label in labels_in(line, phrases_named("columns")):
        words = line.folded[label.start : label.end]
        if words in _QUALIFIERS and label.start != line.cells[line.cell_at(label.start)].start:
            continue
        left, _, right, _ = box_of(line.words(label.start, label.end))
        column = Column(meaning=label.meaning, left=left, right=right)
        found.append((column, words))
    return sorted([*found, *_unknown(line, found)], key=lambda one: one[0].left)


def _unknown(line: Line, found: Sequence[tuple[Column, str]]) -> Iterator[tuple[Column, str]]:
    """Give the cells of a head that no word list knows: their columns hold something else."""
    for cell in line.cells if found else ():
        known = any(cell.left <= column.left <= cell.right for column, _ in found)
        words = line.folded[cell.start : cell.end]
        if not known and any(map(str.isalpha, words)) and len(words) <= _LONGEST_HEAD:
            yield Column(meaning="other", left=cell.left, right=cell.right), words


_LONGEST_HEAD = 24
_QUALIFIERS = frozenset({"netto", "net", "brutto", "ht", "ttc"})


def _continues_head(above: Line, line: Line) -> bool:
    """Tell the second line of a head: "unitaire HT" under "Prix", close, without a figure."""
    near = line.page == above.page and line.top - above.top <= 1.7 * above.height
    plain = not any(character.isdigit() for character in line.folded)
    known = labels_in(line, phrases_named("columns"))
    said = [token for token in tokens_of(line.folded) if token.text not in _UNITS]
    covered = sum(len(tokens_of(line.folded[one.start : one.end])) for one in known)
    return near and plain and (not said or covered * 2 >= len(said) or len(said) <= 2)


_UNITS = frozenset({"ht", "h", "t", "eur", "chf", "gbp", "net", "excl", "vat", "btw", "mwst", "unit", "unitaire", "netto", "%", "tva"})  # fmt: skip


def _with_second_line(
    columns: Sequence[tuple[Column, str]], line: Line
) -> list[tuple[Column, str]]:
    """Read a head again with the words that stand under its own."""
    found, used = [], set()
    for column, words in columns:
        both, wide = words, column
        for number, cell in enumerate(line.cells):
            if cell.left < column.right and cell.right > column.left:
                both, meaning = _both(both, line.folded[cell.start : cell.end], wide.meaning)
                wide = replace(wide, meaning=meaning, right=max(wide.right, cell.right))
                used.add(number)
        found.append((wide, both))
    for column, words in _columns_of(line):
        middle = (column.left + column.right) / 2
        if not any(c.left <= middle <= c.right for n, c in enumerate(line.cells) if n in used):
            found.append((column, words))
    return sorted(found, key=lambda one: one[0].left)


def _both(words: str, under: str, meaning: str) -> tuple[str, str]:
    """Return the words of a cell of two lines and what they mean together."""
    said = tuple(token.text for token in tokens_of(fold(f"{words} {under}")))
    _, meanings = phrases_named("columns").get(said[0] if said else "", (0, {}))
    return " ".join(said), meanings.get(said, meaning)


def _unique(columns: Iterable[tuple[Column, str]]) -> list[Column]:
    """Return the columns with one of each meaning; the second of a meaning holds something else.

    The last amount is the amount of the line. Of two descriptions the first names the article; an
    "item" beside a reference counts the lines.
    """
    named = list(columns)
    meanings = [column.meaning for column, _ in named]
    for number, (_, words) in enumerate(named):
        if words == "item" and meanings.count("reference") > 1:
            meanings[number] = "line"
    if "reference" not in meanings and meanings.count("description") > 1:
        meanings[meanings.index("description")] = "reference"
    kept = []
    for number, (column, _) in enumerate(named):
        meaning = meanings[number]
        again = meanings[number + 1 :] if meaning == "amount" else meanings[:number]
        kept.append(replace(column, meaning="other" if meaning in again else meaning))
    return kept


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
