"""Read the rows of a table out of a paper or a CSV file that came with a mail (R-27).

A paper says them as labels with values behind ("N° de garantie : RW-100201"): each label of the
first column begins a row. Labels are the names that the table's columns go by.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from handlers.process.table_rules import TableRule
from parsers.folding import key_of
from parsers.mail import Attachment

MOST_ROWS = 500
_LABEL = re.compile(r"^\s*([^:=\t]{2,40}?)\s*(?:[:=]|\t| {3,})\s*(\S.*)$")
_SIZES = re.compile(
    r"(\d[\d ]{0,6}(?:[.,]\d+)?)\s*(?:mm|cm|m)?\s*[x×*]\s*(\d[\d ]{0,6}(?:[.,]\d+)?)"
)
_LINES = re.compile(r"\t| - | – | — |;")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """How a paper says a table: `pairs` are labels whose value fills two columns ("2400 x 1800"), and
    what stands behind them on the same line fills the columns after."""

    rule: TableRule
    first: str
    pairs: Mapping[str, tuple[str, ...]]


def rows_in(file: Attachment, shape: Shape) -> tuple[dict[str, str], ...]:
    """Return the rows that a file says, () when it says none."""
    if file.refusal:
        return ()
    if file.table or file.filename.lower().endswith((".csv", ".tsv")):
        return _of_table(file.table or file.data.decode("utf-8-sig", "replace"), shape)
    text = file.document.text if file.document is not None else ""
    return _of_labels(text.splitlines(), shape) or _of_table(text, shape)


def _of_table(text: str, shape: Shape) -> tuple[dict[str, str], ...]:
    head = text.lstrip().partition("\n")[0]
    mark = max(";,\t", key=head.count)
    lines = csv.reader(io.StringIO(text), delimiter=mark)
    try:
        names = [shape.rule.column_named(cell) for cell in next(lines, [])]
        cells = [line for _, line in zip(range(MOST_ROWS), lines, strict=False)]
    except csv.Error:
        return ()
    if shape.first not in names:
        return ()
    rows = [dict(zip(names, map(str.strip, line), strict=False)) for line in cells]
    return tuple(_plain(row) for row in rows if row.get(shape.first))


def _of_labels(lines: Iterable[str], shape: Shape) -> tuple[dict[str, str], ...]:
    rows: list[dict[str, str]] = []
    for line in lines:
        for name, value in _said(line, shape):
            if name == shape.first:
                rows.append({})
            if rows and len(rows) <= MOST_ROWS:
                rows[-1].setdefault(name, value)
    return tuple(_plain(row) for row in rows)


def _said(line: str, shape: Shape) -> Iterator[tuple[str, str]]:
    """Yield the columns that a line of a paper fills."""
    match = _LABEL.match(line)
    if match is None:
        return
    label, value = match[1], match[2].strip()
    for pair, columns in shape.pairs.items():
        if key_of(label).startswith(key_of(pair)):
            yield from _paired(value, columns)
            return
    name = shape.rule.column_named(label)
    if name in shape.rule.columns:
        yield name, value


def _paired(value: str, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    sizes = _SIZES.search(value)
    if sizes is None:
        return
    yield from zip(columns, (sizes[1].strip(), sizes[2].strip()), strict=False)
    behind = [part.strip() for part in _LINES.split(value[sizes.end() :])]
    rest = [part.removeprefix("mm").strip(" -–—,") for part in behind]
    yield from zip(columns[2:], filter(None, rest), strict=False)


def _plain(row: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if name and value}
