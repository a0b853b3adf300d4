"""Room: how much of what people wrote, and of what we list, one message holds.

Gmail shows no more than the first 102 kB of a page, and a mail that is read on a telephone should be
small: everything that can be long takes from one room. Words end in […] and are read in the ticket, rows
end in how many more there are, and a file that is attached has all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, takewhile
from typing import TypeVar

T = TypeVar("T")
Table = tuple[tuple[str, ...], ...]

WHOLE = 59_800  # octets as they travel, of text and page; what is fixed has the rest of 100 kB
LONGEST = 20_000  # octets of one person's words
LEAST = 300  # octets that any words may have: facts are never cut
FEWEST = 5  # rows that are shown however little room there is
CELL, EMPTY, ITEM = 170, 62, 60  # octets around a cell, of an empty one, and around an item


@dataclass(slots=True)
class Room:
    """What is left of a message, and the tables that had none: `files` are (name, rows) to be attached.
    `own` is the file that has all rows of the first table anyhow, "" when there is none."""

    left: int = WHOLE
    own: str = ""
    files: list[tuple[str, Table]] = field(default_factory=list)

    def words(self, said: str) -> str:
        """Return words as far as there is room; what is longer ends in […]."""
        most = max(LEAST, min(LONGEST, self.left // 2))
        weight = travelling(said[: most + 1])
        if weight > most:
            said = f"{_cut(said, most)} […]"
            weight = most
        self.left = max(0, self.left - 2 * weight)
        return said

    def items(self, listed: Sequence[T], weight: Callable[[T], int]) -> int:
        """Return how many of these there is room for, the first FEWEST always, and take it."""
        sums = list(accumulate(map(weight, listed)))
        many = max(sum(1 for _ in takewhile(lambda one: one <= self.left, sums)), FEWEST)
        shown = min(many, len(listed))
        self.left = max(0, self.left - (sums[shown - 1] if shown else 0))
        return shown

    def attach(self, name: str, rows: Table) -> str:
        """Keep a whole table for a file of this name, a number in it for a further one; return the
        name."""
        if self.own:
            named, self.own = self.own, ""
            return named
        stem, dot, ending = name.rpartition(".")
        named = name if not self.files else f"{stem}-{len(self.files) + 1}{dot}{ending}"
        self.files.append((named, rows))
        return named


def travelling(words: str) -> int:
    """Return how many octets words have in quoted-printable, nearly: each octet that is no ASCII is
    written as three."""
    octets = len(words.encode("utf-8", "replace"))
    plain = len(words.encode("ascii", "ignore"))
    return plain + 3 * (octets - plain)


def row_weight(cells: Sequence[str]) -> int:
    """Return what a row of a table takes in text and page together; an empty cell is hardly there."""
    return sum(CELL + 2 * travelling(cell) if cell else EMPTY for cell in cells)


def item_weight(item: str) -> int:
    """Return what an item of a list takes in text and page together."""
    return ITEM + 2 * travelling(item)


def _cut(said: str, most: int) -> str:
    """Return the longest beginning that travels in so many octets."""
    sums = accumulate(map(travelling, said[:most]))
    return said[: sum(1 for _ in takewhile(lambda one: one <= most, sums))]
