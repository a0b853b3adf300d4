"""Read the positions of a paper in several ways and keep the reading that its figures prove.

A table is read by its head; where a quantity times a price makes an amount a position is read
without one. A reading is proven by its products, by a printed sum, and by an article for each
position. Without figures and without a head there are none, rather than wrong ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.files.paper_amounts import numbers_in
from parsers.files.paper_codes import is_code, may_be_code
from parsers.files.paper_columns import by_gutters, by_stacks
from parsers.files.paper_counted import counted_positions
from parsers.files.paper_lines import Line
from parsers.files.paper_listing import listed_positions
from parsers.files.paper_products import HIGHEST, Anchor, Windows
from parsers.files.paper_rows import Found, Positions
from parsers.files.paper_tabled import tabled_positions

_LOWEST, _LONGEST_LETTERS = 0.3, 4
"""A discount takes no more than so much from a price."""


def read_positions(lines: Sequence[Line], mark: str, *, counted: bool = False) -> Positions:
    """Return the positions of a paper. `mark` is its decimal mark, `counted` tells that it may
    name goods without prices. Linear in the lines."""
    best, most = Positions(), 0.0
    for reading in _readings(lines, mark):
        worth = _worth(reading, lines, mark)
        if worth > most:
            best, most = reading, worth
        if most >= _most(reading):
            break
    return counted_positions(lines) if counted and not best.found else best


def _readings(lines: Sequence[Line], mark: str) -> Iterator[Positions]:
    """Give what each way of reading finds, the most trusted first."""
    yield tabled_positions(lines, mark, by_gutters)
    yield tabled_positions(lines, mark, by_stacks)
    windows = Windows(lines, mark)
    seen: list[Anchor] = []
    for most in range(1, HIGHEST + 1):
        anchors = windows.anchors(most)
        if anchors != seen:
            yield listed_positions(lines, anchors)
        seen = anchors


def _most(reading: Positions) -> float:
    """Return what a reading is worth that nothing can better."""
    return 4.0 * len(reading.found) if reading.found else float("inf")


def _worth(reading: Positions, lines: Sequence[Line], mark: str) -> float:
    """Return how well a reading is proven."""
    named = sum(_is_named(one.position.reference) for one in reading.found)
    proven = sum(map(_proof, reading.found))
    summed = len(reading.found) if _is_summed(reading, lines, mark) else 0
    told = sum(bool(one.position.description) for one in reading.found)
    return 2.0 * proven + 0.5 * named + summed + 0.5 * told


def _is_named(reference: str) -> bool:
    """Tell a reference, "LECT-400" or "0 602 114", from a running number or words of a name."""
    words = reference.split()
    if len(words) == 1:
        return may_be_code(reference) or is_code(reference)
    return bool(words) and all(any(map(str.isdigit, one)) or _is_short(one) for one in words)


def _is_short(word: str) -> bool:
    return word.isupper() and len(word) <= _LONGEST_LETTERS


def _proof(found: Found) -> float:
    """Return 1 where quantity and price make the amount, less with a discount, 0 without."""
    position = found.position
    if None in (position.quantity, position.unit_price, position.net_cents):
        return 0.1
    made = abs(position.quantity * position.unit_price * 100)  # type: ignore[operator]
    cents = abs(position.net_cents or 0)
    if abs(made - cents) <= 1:
        return 1.0
    return 0.6 if _LOWEST * float(made) <= cents < made else -0.5


def _is_summed(reading: Positions, lines: Sequence[Line], mark: str) -> bool:
    """Tell whether the sum of the positions is printed elsewhere on the paper."""
    amounts = [one.position.net_cents for one in reading.found]
    if not amounts or None in amounts:
        return False
    total = abs(sum(cents or 0 for cents in amounts))
    return any(
        abs(written.cents) == total and written.is_money
        for index, line in enumerate(lines)
        if index not in reading.lines
        for written in numbers_in(line.text, mark)
    )
