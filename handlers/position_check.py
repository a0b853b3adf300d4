"""The lines of an order beside those of the quote: same, changed, missing, in addition (F-34)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parsers.business import Position
from parsers.folding import key_of

SHORT = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A position of the quote and the one of the order that is about the same; None on the side
    where there is none."""

    quoted: Position | None
    ordered: Position | None

    @property
    def name(self) -> str:
        """What people call it: its reference, else the head of its description."""
        one = self.quoted or self.ordered or Position()
        return one.reference or one.description[:SHORT].strip()

    @property
    def agrees(self) -> bool | None:
        """Whether quantity and price are the same as far as both sides say them; None when they
        have nothing to compare."""
        if self.quoted is None or self.ordered is None:
            return False
        pairs = (
            (self.quoted.quantity, self.ordered.quantity),
            (self.quoted.unit_price, self.ordered.unit_price),
            (self.quoted.net_cents, self.ordered.net_cents),
        )
        said = [one == other for one, other in pairs if one is not None and other is not None]
        return all(said) if said else None


def pair_positions(
    quoted: tuple[Position, ...], ordered: tuple[Position, ...], *, partly: bool = False
) -> tuple[Pair, ...]:
    """Return the positions in pairs, the quote's order first, then what the order has in addition;
    with `partly` the order answers other quotes too, and what it has in addition is theirs."""
    left = list(ordered)
    pairs: list[Pair] = []
    for position in quoted:
        found = next(_same(position, left), None)
        if found is not None:
            left.remove(found)
        pairs.append(Pair(quoted=position, ordered=found))
    if not partly:
        pairs += [Pair(quoted=None, ordered=position) for position in left]
    return tuple(pairs)


def _same(quoted: Position, left: list[Position]) -> Iterator[Position]:
    """Yield positions about the same thing: first those that agree as well, so that two lines of
    one reference find each their own."""
    about = [one for one in left if _about(quoted, one)]
    yield from (one for one in about if Pair(quoted=quoted, ordered=one).agrees)
    yield from about


def _about(quoted: Position, ordered: Position) -> bool:
    """Tell whether two positions are about the same thing: by our reference, which customers put
    into their description when they have their own, else by the description."""
    reference = key_of(quoted.reference)
    if reference:
        told = f" {key_of(ordered.reference)} {key_of(ordered.description)} "
        return f" {reference} " in told
    description = key_of(quoted.description)
    return bool(description) and description == key_of(ordered.description)
