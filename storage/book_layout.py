"""How a table of the book is kept: its columns, its keys, and the values by which rows are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from handlers.book import value_key
from handlers.tables.table_check import LONGEST_KEY
from storage.columns import dumps, storable

Staged: TypeAlias = "tuple[str, ...]"
BETWEEN = "\x1f"  # between the values of a key; no value holds it


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How a table is kept: its columns, and the keys (lists of columns), of which the first names
    a row: two rows with the same values there are one."""

    columns: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]

    def key_of(self, cells: Sequence[str]) -> str:
        """Return what names a row among the others of its table."""
        return self.value_of(0, cells)

    def value_of(self, nth: int, cells: Sequence[str]) -> str:
        """Return by what a row is found under one key; "" when the first column is empty."""
        places = [self.columns.index(name) for name in self.keys[nth]]
        return joined([cells[place] if place < len(cells) else "" for place in places])


def values_reader(layout: Layout) -> Callable[[Sequence[str]], list[str]]:
    """Return what gives the values of all keys of a row; each cell is folded once."""
    columns = list(dict.fromkeys(name for key in layout.keys for name in key))
    places = [layout.columns.index(name) for name in columns]
    keys = [[columns.index(name) for name in key] for key in layout.keys]

    def read(cells: Sequence[str]) -> list[str]:
        folded = [value_key(cells[place]) for place in places]
        return [_together([folded[n] for n in key]) for key in keys]

    return read


def staged(layout: Layout, rows: Iterable[Sequence[str]]) -> Iterator[Staged]:
    """Yield what the book keeps of each row: its key, its cells as JSON, and the values of its other
    keys."""
    read = values_reader(layout)
    for cells in rows:
        key, *values = read(cells)
        yield (key, dumps(cells), *values)


def in_order(
    layout: Layout, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> Iterator[list[str]]:
    """Yield the cells of rows with these columns in the order of the layout; "" where one lacks."""
    places = [columns.index(name) if name in columns else len(columns) for name in layout.columns]
    for cells in rows:
        padded = (*cells, *[""] * (len(columns) + 1 - len(cells)))
        yield [padded[place] for place in places]


def joined(values: Sequence[str]) -> str:
    """Return values as one, as the book keeps them; "" when the first is empty."""
    return _together([value_key(value) for value in values])


def _together(folded: Sequence[str]) -> str:
    return storable(BETWEEN.join(folded))[:LONGEST_KEY] if folded[0] else ""


def layout_of(row: Any) -> Layout:
    """Return the layout of a row of `book_table`."""
    return Layout(columns=tuple(row.columns), keys=tuple(map(tuple, row.keys)))
