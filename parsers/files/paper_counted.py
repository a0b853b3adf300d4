"""Read positions without prices and without a head: how many of which article.

Lists of delivery notes and short orders say "2 x LECT-400 …". A count alone proves little, so
each position must name an article by its code, and the counts must stand above one another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from parsers.files.paper_codes import is_code
from parsers.files.paper_labels import words_named
from parsers.files.paper_lines import Cell, Line
from parsers.files.paper_listing import listed_positions
from parsers.files.paper_products import Anchor, Figure, Product
from parsers.files.paper_rows import Positions

_UNITS = "|".join(map(re.escape, sorted(words_named("pieces"), key=len, reverse=True)))
_COUNT = re.compile(
    rf"[-–•*· ]*(\d{{1,4}}(?:[.,]\d{{1,3}})?)(?: ?(×|(?:{_UNITS})(?!\w)\.?))?(?= |$)"
)
_BUCKET = 6.0
_MOST = 0.6
_SHORT = 12


def counted_positions(lines: Sequence[Line]) -> Positions:
    """Return the positions of a list of counts and articles; none unless most have a code."""
    anchors = _level([anchor for index in range(len(lines)) for anchor in _counts(lines, index)])
    read = listed_positions(lines, anchors)
    named = sum(bool(one.position.reference) for one in read.found)
    return read if named and named >= _MOST * len(read.found) else Positions()


def _counts(lines: Sequence[Line], index: int) -> Iterator[Anchor]:
    """Give the count of a line that names something beside it; the first one."""
    line = lines[index]
    for cell in line.cells:
        figure = _count(line, index, cell)
        if figure and _says_more(line, cell):
            yield Anchor(first=index, last=index, product=Product(quantity=figure))
            return


def _says_more(line: Line, count: Cell) -> bool:
    """Tell whether a line names something beside its count."""
    rest = f"{line.text[: count.start]} {line.text[count.end :]}"
    if count.end - count.start > _SHORT:
        rest = line.text
    return sum(map(str.isalpha, rest)) > 2 or any(map(is_code, rest.split()))


def _count(line: Line, index: int, cell: Cell) -> Figure | None:
    """Return the count a cell consists of or begins with: "2", "2 x", "2 x LECT-400 Reader"."""
    match = _COUNT.match(line.folded, cell.start, cell.end)
    if (
        match is None
        or (match.end() < cell.end and not match[2])
        or not any(map(int, re.findall(r"\d+", match[1])))
    ):
        return None
    return Figure(
        value=Decimal(match[1].replace(",", ".")), index=index, start=match.start(1), end=match.end(),
        left=cell.left, right=cell.right, counted=bool(match[2]),
    )  # fmt: skip


def _level(anchors: Sequence[Anchor]) -> list[Anchor]:
    """Return the counts that stand above one another, of the side where most do."""
    sides: Counter[tuple[str, int]] = Counter()
    for anchor in anchors:
        sides.update(_sides(anchor))
    if not sides:
        return []
    best = max(sides, key=lambda side: sides[side])
    return [anchor for anchor in anchors if best in _sides(anchor)]


def _sides(anchor: Anchor) -> tuple[tuple[str, int], tuple[str, int]]:
    quantity = anchor.product.quantity
    return ("left", round(quantity.left / _BUCKET)), ("right", round(quantity.right / _BUCKET))
