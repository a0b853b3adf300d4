"""How a table of the book is kept: its columns, its keys, and the values by which rows are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.book import value_key
from handlers.table_check import LONGEST_KEY
from storage.columns import storable

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


def joined(values: Sequence[str]) -> str:
    """Return values as one, as the book keeps them; "" when the first is empty."""
    keys = [value_key(value) for value in values]
    return storable(BETWEEN.join(keys))[:LONGEST_KEY] if keys[0] else ""


def layout_of(row: Any) -> Layout:
    """Return the layout of a row of `book_table`."""
    return Layout(columns=tuple(row.columns), keys=tuple(map(tuple, row.keys)))
