"""Read positions without a table: where a quantity times a price makes an amount, the words
around are what it is for.

So are read rows without heads, cards, lists, sentences, rolls of paper, columns in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from parsers.business import Place, Position
from parsers.files.paper_amounts import SIGNS
from parsers.files.paper_codes import Segment, codes_of, without
from parsers.files.paper_labels import labels_in, phrases_named, tokens_of, words_named
from parsers.files.paper_lines import LONGEST, Cell, Line
from parsers.files.paper_products import Anchor, Figure
from parsers.files.paper_rows import Found, Positions
from parsers.files.paper_table import ends_table, is_carried
from parsers.files.rows import box_of
from parsers.folding import fold

_NEAR, _CLEARLY = 1.9, 1.2
_MOST_LINES = 5
_LEAST_DIGITS = 4
"""So many digits alone are a code, not a count."""
_FIGURES = frozenset({"quantity", "price", "amount", "discount", "tax", "unit", "gross"})
_EDGES = " \t:;,.|·•*=-–—×/"
_COUNT = re.compile(r"(?:[a-z]{1,9}\.? ?)?(?:\d{1,2}\.){0,2}0{0,4}(\d{1,4})[.):]{0,2}(?= |$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group:
    """A position: the indexes of its lines, its figures."""

    anchor: Anchor
    lines: tuple[int, ...]


def listed_positions(lines: Sequence[Line], anchors: Sequence[Anchor]) -> Positions:
    """Return the positions whose figures stand at these anchors."""
    groups = _groups(lines, anchors)
    segments = [_segments(lines, group, number) for number, group in enumerate(groups, 1)]
    codes = codes_of(segments)
    found = tuple(
        _found(lines, group, code.code if code else "", without(said, code))
        for group, said, code in zip(groups, segments, codes, strict=True)
    )
    used = {index for group in groups for index in group.lines}
    return Positions(found=found, lines=frozenset(used))


def _found(lines: Sequence[Line], group: _Group, code: str, description: str) -> Found:
    product = group.anchor.product
    line = lines[product.quantity.index]
    words = [word for index in group.lines for word in lines[index].row.words]
    box = tuple(round(edge, 1) for edge in box_of(words))
    bundle = next((one.value for one in product.used if not one.percent), Decimal(1))
    position = Position(
        reference=code,
        description=description,
        quantity=product.quantity.value,
        unit_price=product.price.value / bundle if product.price else None,
        net_cents=product.amount.cents if product.amount else None,
    )
    place = Place(page=line.page, line=line.row.text[:LONGEST], box=box)
    return Found(position=position, place=place)


def _groups(lines: Sequence[Line], anchors: Sequence[Anchor]) -> list[_Group]:
    """Return the anchors with the lines of text that belong to them."""
    named = sum(_names(lines, anchor) for anchor in anchors) * 2 > len(anchors)
    belong = [list(range(anchor.first, anchor.last + 1)) for anchor in anchors]
    for number, (above, below) in enumerate(pairwise(anchors)):
        between = _texts(lines, above.last + 1, below.first)
        cut = _cut(lines, above.last, between, below.first, named=named)
        belong[number] += between[:cut]
        belong[number + 1][:0] = between[cut:]
    if anchors:
        most = max((len(one) for one in belong[1:]), default=_MOST_LINES) - len(belong[0])
        room = 1 if named and len(anchors) == 1 else most
        if not (named and _names(lines, anchors[0])) or len(anchors) > 1:
            belong[0][:0] = _above(lines, anchors[0].first)[-max(room, 0) :] if room > 0 else []
        if named:
            belong[-1] += _below(lines, anchors[-1].last)
    return [
        _Group(anchor=anchor, lines=tuple(indexes))
        for anchor, indexes in zip(anchors, belong, strict=True)
    ]


def _names(lines: Sequence[Line], anchor: Anchor) -> bool:
    """Tell whether the lines of the figures say what they are for, too."""
    group = _Group(anchor=anchor, lines=tuple(range(anchor.first, anchor.last + 1)))
    return any(sum(map(str.isalpha, segment.text)) > 2 for segment in _segments(lines, group, 0))


def _texts(lines: Sequence[Line], begin: int, end: int) -> list[int]:
    """Return the lines between two positions that may name either."""
    kept = []
    for index in range(begin, end):
        if _is_apart(lines[index]):
            continue
        kept.append(index)
    return kept if len(kept) <= 3 * _MOST_LINES else kept[:_MOST_LINES]


def _is_apart(line: Line) -> bool:
    """Tell a head, a total, a sum carried over: no text of a position."""
    heads = {label.meaning for label in labels_in(line, phrases_named("columns"))}
    head = len(heads & {*_FIGURES, "description", "reference"}) > 2
    return ends_table(line) or is_carried(line) or (head and not _digits(line))


def _digits(line: Line) -> int:
    return sum(map(str.isdigit, line.text))


def _cut(
    lines: Sequence[Line], above: int, between: Sequence[int], below: int, *, named: bool
) -> int:
    """Return how many lines between two positions belong to the upper one: they part at a gap
    clearly wider than the others; else all go where the figures do not name anything."""
    page = lines[above].page
    same = [index for index in between if lines[index].page == page]
    if lines[below].page != page:
        return len(same)
    tops = [lines[index].top for index in (above, *between, below)]
    gaps = [low - high for high, low in pairwise(tops)]
    if len(gaps) < 2:
        return 0
    widest = max(range(len(gaps)), key=lambda number: (gaps[number], number))
    if gaps[widest] > _CLEARLY * min(gaps):
        return widest
    return len(between) if named else 0


def _above(lines: Sequence[Line], first: int) -> list[int]:
    """Return the lines that stand close above the first position."""
    kept: list[int] = []
    last = lines[first]
    for index in range(first - 1, max(-1, first - 1 - _MOST_LINES), -1):
        line = lines[index]
        near = -line.height < last.top - line.top <= _NEAR * line.height
        far = line.page != last.page or not near
        if far or _is_apart(line) or _is_head(line) or line.text.rstrip().endswith(":"):
            break
        kept.insert(0, index)
        last = line
    return kept


def _is_head(line: Line) -> bool:
    """Tell a row that names columns."""
    return len(labels_in(line, phrases_named("columns"))) > 1 and not _digits(line)


def _below(lines: Sequence[Line], last: int) -> list[int]:
    """Return the lines that stand close below the last position."""
    kept: list[int] = []
    above = lines[last]
    for index in range(last + 1, min(len(lines), last + 1 + _MOST_LINES)):
        line = lines[index]
        near = -above.height < line.top - above.top <= _NEAR * above.height
        far = line.page != above.page or not near
        if far or _is_apart(line):
            break
        kept.append(index)
        above = line
    return kept


def _segments(lines: Sequence[Line], group: _Group, number: int) -> list[Segment]:
    """Return the words of a position, without its figures, their labels and units."""
    figures = group.anchor.product.figures
    found: list[Segment] = []
    for index in group.lines:
        line = lines[index]
        own = sorted((one for one in figures if one.index == index), key=lambda one: one.start)
        for cell in line.cells:
            found += _of_cell(line, cell, own, group.anchor.product.quantity)
    return _uncounted(found, number)


def _of_cell(
    line: Line, cell: Cell, figures: Sequence[Figure], quantity: Figure
) -> Iterator[Segment]:
    """Give what a cell says between its figures."""
    begin = cell.start
    inside = [one for one in figures if cell.start <= one.start < cell.end]
    for figure in (*inside, None):
        end = figure.start if figure else cell.end
        behind = bool(inside) and begin == quantity.end and quantity in inside
        text = _said(line.text[begin:end], behind_count=behind, before=figure is not None)
        if text:
            left = line.words(begin, end)[0].left if begin > cell.start else cell.left
            yield Segment(text=text, left=left)
        begin = figure.end if figure else end


def _said(text: str, *, behind_count: bool, before: bool) -> str:
    """Return a text without signs at its ends; "" when it but labels a figure or is its unit.
    `before` tells that a figure follows, `behind_count` that a quantity stands before."""
    text = text.strip(_EDGES).lstrip(") ").rstrip("( ")
    words = text.split()
    if words and behind_count and fold(words[0]).strip(".") in _units():
        words = words[1:]
    while words and fold(words[-1]).strip(_EDGES) in SIGNS:
        words = words[:-1]
    while words and fold(words[0]).strip(_EDGES) in SIGNS:
        words = words[1:]
    text = " ".join(words)
    if _is_label(fold(text)):
        return ""
    return _balanced(_unlabelled(text) if before else text)


def _balanced(text: str) -> str:
    """Close a bracket that was opened, drop one that was not."""
    if text.count("(") > text.count(")"):
        return f"{text})"
    return text


def _unlabelled(text: str) -> str:
    """Drop the label of a figure from the end of a text: "… LECT-400, à" , "Menge"."""
    words = text.split()
    while words and any(map(str.isalpha, words[-1])) and _is_label(fold(words[-1]).strip(_EDGES)):
        words.pop()
    return " ".join(words).strip(_EDGES).rstrip("( ")


def _is_label(folded: str) -> bool:
    """Tell words that but name a figure: "Einzelpreis", "qty", "zu je", "Stk."."""
    said = [token.text for token in tokens_of(folded) if not token.text.isdigit()]
    if not said:
        return sum(map(str.isdigit, folded)) < _LEAST_DIGITS
    if all(word in _joints() or word in _units() for word in said):
        return True
    _, meanings = phrases_named("columns").get(said[0] if said else "", (0, {}))
    return meanings.get(tuple(said), "") in _FIGURES


@lru_cache(maxsize=1)
def _units() -> frozenset[str]:
    """Return the units of quantities."""
    return frozenset(words_named("pieces"))


@lru_cache(maxsize=1)
def _joints() -> frozenset[str]:
    """Return what stands between a quantity, a price and their product."""
    return frozenset(words_named("times"))


def _uncounted(segments: Sequence[Segment], number: int) -> list[Segment]:
    """Leave the running number of a position out of its words."""
    kept = list(segments)
    for place, segment in enumerate(kept[:2]):
        match = _COUNT.match(fold(segment.text))
        if match and int(match[1]) in (number, 10 * number) and (match.end() < 9 or number):
            rest = segment.text[match.end() :].strip(_EDGES)
            kept[place : place + 1] = [Segment(text=rest, left=segment.left)] if rest else []
            break
    return kept
