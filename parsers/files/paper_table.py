"""Find the table of positions of a paper: its head, and the columns under it.

A head is a row that names what a position has ("Réf.", "Désignation", "Qté", "PU HT",
"Montant"), in any order. Where one column ends and the next begins is told by the rows under
the head: at the widest gap between their words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.files.paper_columns import Bounds, Column, by_gutters, cells_of
from parsers.files.paper_labels import Label, labels_in, names_columns, phrases_named, tokens_of
from parsers.files.paper_lines import Line
from parsers.files.paper_roles import roles_by_content
from parsers.files.paper_sums import composed
from parsers.files.rows import Word, box_of
from parsers.folding import fold

_NAMES = frozenset({"reference", "description", "serial"})
_FIGURES = frozenset({"quantity", "price", "amount"})
_ENDS = frozenset({"net", "tax", "gross", "due", "total", "subtotal", "deposit"})
_SAMPLE = 60
FARTHEST = 120.0
"""Points between two rows of one table, at most."""


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
    rows = _sample(lines, below)
    columns = (bounds or by_gutters)(_unique(named), rows)
    if len({column.meaning for column in columns} & (_NAMES | _FIGURES)) < 2:
        return None
    columns = _with_roles(columns, rows)
    meanings = {column.meaning for column in columns}
    if not meanings & _NAMES or not meanings & _FIGURES or len(meanings) < 2:
        return None
    if len(meanings & (_NAMES | _FIGURES)) < 3 and len(lines[index].cells) < 2:
        return None
    return Head(columns=columns, below=below)


def _with_roles(columns: Sequence[Column], rows: Sequence[Line]) -> tuple[Column, ...]:
    """Return the columns, those that their heads name wrong by what stands in them."""
    alone = [replace(column, meaning=str(number)) for number, column in enumerate(columns)]
    full = [cells for row in rows if len(cells := cells_of(row, alone)) > 2]
    texts = [[_text(cells.get(column.meaning, ())) for cells in full] for column in alone]
    meanings = roles_by_content([column.meaning for column in columns], texts)
    return tuple(
        replace(column, meaning=meaning) for column, meaning in zip(columns, meanings, strict=True)
    )


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _sample(lines: Sequence[Line], below: int) -> list[Line]:
    """Return the first rows under a head, as far as the totals or the foot of the page."""
    rows: list[Line] = []
    for line in lines[below : below + _SAMPLE]:
        last = rows[-1] if rows else lines[below - 1]
        far = line.page != last.page or line.top - last.top > FARTHEST
        if far or ends_table(line) or _names_only(line):
            break
        rows.append(line)
    return rows


def _names_only(line: Line) -> bool:
    """Tell another head from a row."""
    return names_columns(line) and not any(map(str.isdigit, line.folded))


def ends_table(line: Line) -> bool:
    """Tell a line of totals. What is carried over a page ends nothing."""
    labels = _sums(line)
    if not labels or is_carried(line):
        return False
    starts = {cell.start for cell in line.cells}
    first = next((label for label in labels if label.start in starts), None)
    return first is not None and first.meaning in _ENDS


def _sums(line: Line) -> list[Label]:
    """Return the labels of sums; words that but may be one count where an amount stands."""
    labels = labels_in(line, phrases_named("totals"))
    priced = any(map(str.isdigit, line.text))
    return composed(line, labels) if priced else list(labels)


def begins_sum(line: Line) -> bool:
    """Tell a line that begins with the label of a sum."""
    labels = _sums(line)
    return bool(labels) and labels[0].start == line.cells[0].start and labels[0].meaning in _ENDS


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
    found: list[tuple[Column, str]] = []
    end = 0
    for label in labels_in(line, phrases_named("columns")):
        words = line.folded[label.start : label.end]
        if words in _QUALIFIERS and label.start != line.cells[line.cell_at(label.start)].start:
            continue
        left, _, right, _ = box_of(line.words(label.start, label.end))
        column = Column(meaning=label.meaning, left=left, right=right)
        if found and _is_same_head(line, found[-1][0], column, end, label.start):
            before, said = found.pop()
            meaning = "description" if column.meaning == "description" else before.meaning
            column = replace(column, left=before.left, meaning=meaning)
            words = f"{said} {words}"
        found.append((column, words))
        end = label.end
    return sorted([*found, *_unknown(line, found)], key=lambda one: one[0].left)


_JOINTS = frozenset({"/", "&", "+", "or", "ou", "et", "and", "und", "oder", "of", "en", "u.", "-"})


def _is_same_head(line: Line, before: Column, column: Column, end: int, start: int) -> bool:
    """Tell two words of one head, "Product / Service", from two heads."""
    within = any(cell.left <= before.left and column.right <= cell.right for cell in line.cells)
    joined = line.folded[end:start].strip() in _JOINTS
    return within and (before.meaning == column.meaning or joined)


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
