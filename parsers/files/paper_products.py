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
from itertools import islice

from parsers.files.paper_amounts import Written, numbers_in
from parsers.files.paper_labels import words_named
from parsers.files.paper_lines import Line
from parsers.files.paper_table import begins_sum
from parsers.files.rows import box_of

HIGHEST = 4
"""Lines of one position among which its figures may stand."""
_MOST, _MOST_OF_WINDOW, _MOST_PRODUCTS = 14, 16, 12
_NEAR = 2.4
_BUCKET = 7.0
GLUED = re.compile(r"(?<![\w.,/-])(\d{1,5}(?:[.,]\d{1,3})?)(?:[a-z]{1,8}\.?|×)(?![\w/.-])")
"""A count with its unit stuck to it, in folded text: "2ST", "25pieces"."""
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
        Written(value=Decimal(found[1].replace(",", ".")), start=found.start(1), end=found.end(1))
        for found in GLUED.finditer(line.folded)
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


class Windows:
    """The numbers of a paper's lines, and the products found among those that stand together.

    Each window of lines is looked at once, however often it is asked for.
    """

    def __init__(self, lines: Sequence[Line], mark: str) -> None:
        """Read the numbers of all lines. `mark` is the decimal mark of the paper."""
        self._lines = lines
        self._rows = [figures_of(line, index, mark) for index, line in enumerate(lines)]
        self._ends = [begins_sum(line) for line in lines]
        self._known: dict[tuple[int, int], tuple[Product, ...]] = {}

    def anchors(self, most: int) -> list[Anchor]:
        """Return the positions whose figures stand within so many lines of one another, `most` at
        the highest, from top to bottom. Linear in the lines."""
        found: list[tuple[int, int, tuple[Product, ...]]] = []
        index = 0
        while index < len(self._lines):
            high, products = self._lowest(index, most)
            if products:
                found.append((index, index + high - 1, products))
            index += max(high, 1)
        return _settled(found)

    def _lowest(self, index: int, most: int) -> tuple[int, tuple[Product, ...]]:
        """Return the lowest window from a line on that holds a product, and its products."""
        for high in range(1, most + 1):
            end = index + high
            if end > len(self._lines):
                break
            if high > 1 and not _are_near(self._lines[end - 2], self._lines[end - 1]):
                break
            products = self._products(index, end)
            if products:
                return high, products
        return 0, ()

    def _products(self, index: int, end: int) -> tuple[Product, ...]:
        """Return the products of a window that stand on its first and on its last line."""
        if not self._rows[index] or not self._rows[end - 1]:
            return ()
        if end - index > 1 and any(self._ends[index:end]):
            return ()
        if (index, end) not in self._known:
            figures = [figure for row in self._rows[index:end] for figure in row]
            told = products_in(figures[:_MOST_OF_WINDOW])
            touching = (one for one in told if _touches(one, index, end - 1))
            self._known[index, end] = tuple(islice(touching, _MOST_PRODUCTS))
        return self._known[index, end]


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
    if len({one.index for one in plain}) == 1 and len(plain) <= _FEW:
        changes += [(one, 1 / one.value) for one in plain if one.value in _BUNDLES]
        small = (one for one in plain if one.value < _WHOLE and not one.signed)
        changes += [(one, 1 - one.value / 100) for one in small]
    priced = [one for one in plain if one.money]
    for change, factor in changes[:_MOST_CHANGES]:
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


_MOST_CHANGES, _WHOLE, _FEW = 6, 60, 9
_BUNDLES = (Decimal(10), Decimal(100), Decimal(1000))


def _settled(found: Sequence[tuple[int, int, tuple[Product, ...]]]) -> list[Anchor]:
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
