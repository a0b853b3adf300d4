"""Read labelled lines and tables as people write them (F-22)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from parsers.fields.cells import cells_of, columns_of, is_header
from parsers.fields.label_names import QUANTITIES, SAME, SERIALS, TOTALS, known_key
from parsers.fields.lines import Line, lines_of
from parsers.fields.pairs import Pair, pairs_of
from parsers.fields.spotting import has_digit
from parsers.folding import fold, key_of

_TOWN = re.compile(
    r"(?:[A-Z]{1,2}-?)?\d{4,5} +[A-Z]|[A-Z][\w .'-]{1,40} [A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$"
)
_RULE = re.compile(r"[-=_:+| \t]+")
_WRAPPED = 60
_MOST_LINES = 30
_MOST_COLUMNS = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A labelled value: the label as written, its key, its value, its line counted from 1.

    `row` numbers the devices of tables from 1; 0 is a line of its own. The value ends with line
    `last`; `heads` says that its line begins with it, or that it is a cell.
    """

    name: str
    key: str
    value: str
    line: int
    row: int = 0
    last: int = 0
    heads: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """The lines of a text with the labels that stand in each."""

    lines: tuple[Line, ...]
    pairs: tuple[tuple[Pair, ...], ...]
    known: frozenset[str]


@lru_cache(maxsize=4)
def labelled(text: str, known: frozenset[str] = frozenset()) -> tuple[Label, ...]:
    """Return the labelled values of a text, in order; an empty value is "".

    "Nature du retour : Hors garantie", "N° de série<tab>ABC", bullets, quoted lines, rows under a
    table header or beside one. A value runs on over indented lines, over lines wrapped by the mail
    program, down to the postcode of an address, and over the lines under a label that has nothing
    behind it. "idem" repeats the value above. With `known` (keys as `key_of` makes them) only those
    labels are given, and their colon may be missing.
    """
    page = _page(lines_of(text), known)
    found: list[Label] = []
    position = row = 0
    while position < len(page.lines):
        rows = _table(page, position, row) or _columns(page, position, row)
        if rows:
            found += rows
            row, position = max(label.row for label in rows), rows[-1].last
            continue
        labels, position = _labels(page, position)
        found += labels
    return _repeating(found)


def _page(lines: tuple[Line, ...], known: frozenset[str]) -> _Page:
    """Find the labels of each line; beside a line with labels more is taken for one."""
    pairs = [pairs_of(line, known) if line.text else () for line in lines]
    certain = [bool(one) for one in pairs]
    for number, line in enumerate(lines if any(certain) and known else ()):
        if line.text and not certain[number] and any(certain[max(0, number - 1) : number + 2]):
            pairs[number] = pairs_of(line, known, beside=True)
    return _Page(lines=lines, pairs=tuple(pairs), known=known)


def _labels(page: _Page, position: int) -> tuple[list[Label], int]:
    """Return the labels of one line and where to read on, the continuation lines passed."""
    pairs = list(page.pairs[position])
    if not pairs:
        return [], position + 1
    more = _continuation(page, position + 1, pairs[-1].value)
    if pairs[-1].key in SERIALS and not has_digit(pairs[-1].value):  # "see the list below"
        below = _continuation(page, position + 1, "")
        if below and all(map(has_digit, below)):
            more, pairs[-1] = below, replace(pairs[-1], value="")
    pairs[-1] = replace(pairs[-1], value="\n".join(filter(None, (pairs[-1].value, *more))))
    line = page.lines[position].number
    last = page.lines[position + len(more)].number
    labels = [
        Label(name=p.name, key=p.key, value=p.value, line=line, last=last, heads=p.heads)
        for p in pairs
    ]
    return labels, position + 1 + len(more)


def _continuation(page: _Page, start: int, value: str) -> list[str]:
    """Return the lines that belong to the value before them: up to a blank line or a label."""
    block: list[Line] = []
    for number, line in enumerate(page.lines[start : start + _MOST_LINES], start):
        if not line.text or page.pairs[number] or is_header(line, page.known):
            break
        block.append(line)
    if not value:
        return [line.text for line in block]
    town = next((n for n, line in enumerate(block[:4], 1) if _TOWN.match(line.text)), 0)
    wrapped, before = town, len(value)
    for line in block[town:]:
        if not line.indented and before < _WRAPPED:
            break
        wrapped, before = wrapped + 1, len(line.text)
    return [line.text for line in block[:wrapped]]


def _table(page: _Page, position: int, row: int) -> list[Label]:
    """Return the cells of the table whose header stands here, each under its column's label."""
    header = page.lines[position]
    columns, commas = columns_of(header, page.known), False
    if not columns and "," in header.text:
        columns, commas = columns_of(header, page.known, commas=True), True
    below = _below(page, position, commas=commas) if columns else ()
    if not below or known_key(below[0], page.known):
        return []
    names = cells_of(header, commas=commas)
    if len(below) < len(names) and not all(names):  # tabs doubled to align the header
        columns = tuple(key for key, name in zip(columns, names, strict=True) if name)
        names = tuple(filter(None, names))
    found: list[Label] = []
    for line in page.lines[position + 1 :]:
        cells = cells_of(line, commas=commas)
        if _RULE.fullmatch(line.text):
            continue
        if len(cells) < 2 or key_of(cells[0]).startswith(TOTALS):
            break
        row += 1
        found += [
            Label(name=name, key=key, value=cell, line=line.number, row=row, last=line.number)
            for name, key, cell in zip(names, columns, cells, strict=False)
            if key and _is_asked(key, page.known)
        ]
    return found


def _below(page: _Page, position: int, *, commas: bool) -> tuple[str, ...]:
    """Return the cells of the first row below a header, () when there is none."""
    rows = page.lines[position + 1 : position + 3]
    first = next((line for line in rows if not _RULE.fullmatch(line.text)), None)
    return cells_of(first, commas=commas) if first and first.text else ()


def _columns(page: _Page, position: int, row: int) -> list[Label]:
    """Return the cells of a table whose labels stand in its first column, a device a column."""
    block: list[tuple[int, str, tuple[str, ...]]] = []
    for line in page.lines[position : position + _MOST_LINES]:
        cells = cells_of(line)
        key = known_key(cells[0], page.known) if len(cells) > 2 and page.known else ""
        if not key or (block and len(block[0][2]) != len(cells)):
            break
        block.append((line.number, key, cells))
    if len(block) < 2:
        return []
    last = block[-1][0]
    return [
        Label(name=cells[0], key=key, value=cell, line=number, row=row + column, last=last)
        for number, key, cells in block
        for column, cell in enumerate(cells[1:_MOST_COLUMNS], 1)
    ]


def _is_asked(key: str, known: frozenset[str]) -> bool:
    return not known or key in known or key in QUANTITIES


def _repeating(labels: Sequence[Label]) -> tuple[Label, ...]:
    """Put the value above in the place of "idem"; the first of all has none above it."""
    above: dict[str, str] = {}
    said: list[Label] = []
    for label in labels:
        again = bool(above.get(label.key)) and _is_same(label.value)
        above[label.key] = above[label.key] if again else label.value
        said.append(replace(label, value=above[label.key]) if again else label)
    return tuple(said)


def _is_same(value: str) -> bool:
    short = len(value) <= 24 and bool(value)
    return short and (
        key_of(value) in SAME or fold(value) in ('"', "''", "〃", "-//-", '-"-', "//")
    )
