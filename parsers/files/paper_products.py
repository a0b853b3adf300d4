"""Find where a quantity times a price makes an amount: there stands a position, whatever the
paper looks like.

Numbers of one line are tried, then of lines that stand close together. Of several ways to read a
row the one counts that the other rows are printed in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from parsers.files.paper_amounts import Written, numbers_in
from parsers.files.paper_labels import words_named
from parsers.files.paper_lines import Line
from parsers.files.rows import box_of

WINDOWS = 4
"""Lines of one position among which its figures may stand."""
_MOST, _MOST_OF_WINDOW = 14, 16
_NEAR = 2.4
_BUCKET = 7.0
_GLUED = re.compile(r"(?<![\w.,/-])(\d{1,5})(?:[a-zA-Z]{1,5}\.?|×)(?![\w/.-])")
_UNIT = re.compile(
    rf" ?(?:×|\*|(?:{'|'.join(map(re.escape, sorted(words_named('pieces'), key=len, reverse=True)))})(?!\w))"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A number of a line: the line's index, its place in the text and on the page."""

    value: Decimal
    index: int
    start: int
    end: int
    left: float
    right: float
    money: bool = False
    signed: bool = False
    percent: bool = False
    counted: bool = False

    @property
    def cents(self) -> int:
        """The value in hundredths, rounded half up."""
        return int((self.value * 100).to_integral_value("ROUND_HALF_UP"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """A quantity, a price and the amount they make, None on a paper without prices; `used` are
    the other numbers it took."""

    quantity: Figure
    price: Figure | None = None
    amount: Figure | None = None
    used: tuple[Figure, ...] = ()

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All its numbers."""
        all_of_them = (self.quantity, self.price, self.amount, *self.used)
        return tuple(one for one in all_of_them if one)


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """The lines `first` to `last` of a position and its figures."""

    first: int
    last: int
    product: Product


def figures_of(line: Line, index: int, mark: str) -> tuple[Figure, ...]:
    """Return the numbers of a line, those with a unit stuck to them at the end."""
    written = numbers_in(line.text, mark)
    glued = (
        Written(value=Decimal(found[1]), start=found.start(1), end=found.end(1))
        for found in _GLUED.finditer(line.text)
    )
    found = [_figure(line, index, one) for one in written]
    found += [_figure(line, index, one, glued=True) for one in glued]
    return tuple(found[:_MOST])


def _figure(line: Line, index: int, one: Written, *, glued: bool = False) -> Figure:
    left, _, right, _ = box_of(line.words(one.start, one.end))
    counted = glued or bool(_UNIT.match(line.folded, one.end))
    return Figure(
        value=abs(one.value) if not one.percent else one.value,
        index=index, start=one.start, end=one.end, left=left, right=right,
        money=one.is_money, signed=bool(one.currency), percent=one.percent, counted=counted,
    )  # fmt: skip


def anchors_of(lines: Sequence[Line], mark: str, most: int) -> list[Anchor]:
    """Return the positions whose figures stand within so many lines of one another, `most` at the
    highest, from top to bottom. Linear in the lines."""
    rows = [figures_of(line, index, mark) for index, line in enumerate(lines)]
    found: list[tuple[int, int, list[Product]]] = []
    index = 0
    while index < len(lines):
        high, products = _window(lines, rows, index, most)
        if products:
            found.append((index, index + high - 1, products))
        index += max(high, 1)
    return _settled(found)


def _window(
    lines: Sequence[Line], rows: Sequence[tuple[Figure, ...]], index: int, most: int
) -> tuple[int, list[Product]]:
    """Return the lowest window from a line on that holds a product, and its products."""
    for high in range(1, most + 1):
        end = index + high
        if end > len(lines) or (high > 1 and not _are_near(lines[end - 2], lines[end - 1])):
            return 0, []
        if not rows[index] or not rows[end - 1]:
            continue
        figures = [figure for row in rows[index:end] for figure in row]
        products = [
            p for p in products_in(figures[:_MOST_OF_WINDOW]) if _touches(p, index, end - 1)
        ]
        if products:
            return high, products
    return 0, []


def _are_near(above: Line, line: Line) -> bool:
    far = _NEAR * max(above.height, line.height)
    return above.page == line.page and -far < line.top - above.top <= far


def _touches(product: Product, first: int, last: int) -> bool:
    lines = [figure.index for figure in product.figures]
    return min(lines) == first and max(lines) == last


def products_in(figures: Sequence[Figure]) -> Iterator[Product]:
    """Give every way to read a quantity, a price and their product among some numbers."""
    plain = [one for one in figures if not one.percent and one.value]
    amounts: dict[int, list[Figure]] = {}
    for one in plain:
        if one.money and not one.counted:
            amounts.setdefault(one.cents, []).append(one)
    found = False
    for quantity in plain:
        for price in plain:
            if quantity is price or not _may_count(quantity, price):
                continue
            cents = int((quantity.value * price.value * 100).to_integral_value("ROUND_HALF_UP"))
            for amount in amounts.get(cents, ()):
                if amount is not quantity and amount is not price:
                    found = True
                    yield Product(quantity=quantity, price=price, amount=amount)
    if not found:
        yield from _reduced(plain, figures, amounts)


def _may_count(quantity: Figure, price: Figure) -> bool:
    """Tell whether two numbers may be a quantity and a price: a price is money."""
    return price.money and not price.counted and (not quantity.money or not quantity.signed)


def _reduced(
    plain: Sequence[Figure], figures: Sequence[Figure], amounts: dict[int, list[Figure]]
) -> Iterator[Product]:
    """Give products less a discount, or of a price for ten, a hundred, a thousand."""
    changes = [(one, 1 - abs(one.value) / 100) for one in figures if one.percent]
    changes += [(one, 1 / one.value) for one in plain if one.value in _BUNDLES]
    priced = [one for one in plain if one.money]
    for change, factor in changes[:3]:
        for quantity in plain:
            for price in priced:
                if len({id(change), id(quantity), id(price)}) < 3 or not _may_count(
                    quantity, price
                ):
                    continue
                worth = quantity.value * price.value * factor * 100
                cents = int(worth.to_integral_value("ROUND_HALF_UP"))
                for amount in amounts.get(cents, ()):
                    if amount not in (quantity, price, change):
                        yield Product(quantity=quantity, price=price, amount=amount, used=(change,))


_BUNDLES = (Decimal(10), Decimal(100), Decimal(1000))


def _settled(found: Sequence[tuple[int, int, list[Product]]]) -> list[Anchor]:
    """Return for each row the way to read it that most rows are printed in."""
    votes: Counter[tuple[object, ...]] = Counter()
    for _, _, products in found:
        votes.update({place for product in products for place in _places(product)})
    return [
        Anchor(first=first, last=last, product=max(products, key=lambda one: _rank(one, votes)))
        for first, last, products in found
    ]


def _rank(product: Product, votes: Counter[tuple[object, ...]]) -> tuple[float | Decimal, ...]:
    quantity, price = product.quantity, product.price
    whole = quantity.value == quantity.value.to_integral_value()
    likely = 2 * quantity.counted + (not quantity.money) + whole
    level = price is not None and quantity.index == price.index
    between = abs(quantity.left - price.left) if price and level else 0.0
    return sum(votes[place] for place in _places(product)), likely, -between, -quantity.value


def _places(product: Product) -> Iterator[tuple[object, ...]]:
    """Give where the figures of a product stand, as other rows may have it."""
    for name in ("quantity", "price", "amount"):
        figure: Figure | None = getattr(product, name)
        if figure:
            yield name, "left", round(figure.left / _BUCKET)
            yield name, "right", round(figure.right / _BUCKET)
