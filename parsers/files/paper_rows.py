"""Rows of a table of positions, and which rows of mere text belong to which position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, TypeVar

from parsers.business import Place, Position
from parsers.files.paper_lines import Line
from parsers.files.rows import Word

_NEAR = 1.75
_CLEARLY = 1.2

Cells = Mapping[str, tuple[Word, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A position, where it stands, and the serial numbers of its column."""

    position: Position
    place: Place
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Positions:
    """The positions of a paper and the indexes of the lines they were read from."""

    found: tuple[Found, ...] = ()
    lines: frozenset[int] = frozenset()


class RowLike(Protocol):
    """A row on a line; `counts` tells one with figures from one of mere text."""

    @property
    def line(self) -> Line:
        """Where it stands."""

    @property
    def counts(self) -> bool:
        """Whether it has the figures of a position."""


R = TypeVar("R", bound=RowLike)


def grouped(rows: Sequence[R]) -> list[list[R]]:
    """Return each row with figures together with the text that belongs to it, top to bottom."""
    anchors = [number for number, row in enumerate(rows) if row.counts]
    if not anchors:
        return []
    groups = [[rows[anchor]] for anchor in anchors]
    groups[0][:0] = _near_above(rows[: anchors[0]], rows[anchors[0]])
    for number, (above, below) in enumerate(pairwise(anchors)):
        cut = _cut(rows[above : below + 1])
        groups[number] += rows[above + 1 : above + cut]
        groups[number + 1][:0] = rows[above + cut : below]
    groups[-1] += _near_below(rows[anchors[-1]], rows[anchors[-1] + 1 :])
    return groups


def _cut(rows: Sequence[R]) -> int:
    """Return where the rows between two positions part: at a gap clearly wider than the others,
    else right above the lower position."""
    if len(rows) == 2:
        return 1
    gaps = [below.line.top - above.line.top for above, below in pairwise(rows)]
    widest = max(range(len(gaps)), key=lambda n: (gaps[n], n))
    if gaps[widest] > _CLEARLY * min(gaps):
        return widest + 1
    return len(rows) - 1


def _near_above(rows: Sequence[R], anchor: R) -> list[R]:
    """Return the rows that stand close above the first position: its description begins there."""
    kept: list[R] = []
    top = anchor.line.top
    for row in reversed(rows):
        if top - row.line.top > _NEAR * row.line.height:
            break
        kept.insert(0, row)
        top = row.line.top
    return kept


def _near_below(anchor: R, rows: Sequence[R]) -> list[R]:
    """Return the rows that stand close below the last position of a page."""
    kept: list[R] = []
    top = anchor.line.top
    for row in rows:
        if row.line.top - top > _NEAR * row.line.height:
            break
        kept.append(row)
        top = row.line.top
    return kept
