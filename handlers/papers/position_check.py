"""The positions of an order beside those of the quote: same, changed, missing, in addition (F-34)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from handlers.papers.comparison import Agreement, Check, judged
from handlers.papers.paper_fields import positions_of
from handlers.papers.quotes import currencies_of, quote_of
from handlers.ticket import Document, Ticket
from parsers.business import Position
from parsers.folding import key_of

SHORT = 40
MOST_POSITIONS = 15


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


def check_positions(ticket: Ticket, order: Document) -> tuple[Check, ...]:
    """Return one line when all positions agree or one side has none, else one for each that does
    not."""
    quote = quote_of(ticket)
    quoted = positions_of(quote.fields) if quote is not None else ()
    ordered = positions_of(order.fields)
    if not quoted and not ordered:
        return ()
    pairs = pair_positions(quoted, ordered, partly=bool(order.fields.get("together")))
    odd = [pair for pair in pairs if not pair.agrees]
    if not quoted or not ordered or not odd:
        verdict = judged(True if quoted and ordered else None)
        sides = (str(len(side)) if side else "" for side in (quoted, ordered))
        ours, theirs = sides
        return (Check(name="positions", quote=ours, order=theirs, verdict=verdict),)
    return tuple(_of_pair(pair, ticket, order) for pair in odd[:MOST_POSITIONS])


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


def _of_pair(pair: Pair, ticket: Ticket, order: Document) -> Check:
    verdict = judged(pair.agrees)
    if pair.ordered is None:
        verdict = Agreement.MISSING
    elif pair.quoted is None:
        verdict = Agreement.ADDED
    return Check(
        name="position",
        about=pair.name,
        quote=_written(pair.quoted),
        order=_written(pair.ordered),
        verdict=verdict,
        shown="position",
        currencies=currencies_of(ticket, order),
    )


def _written(position: Position | None) -> str:
    """Return quantity and price as "2 172.00", what is not known as "?"."""
    if position is None:
        return ""
    price = position.unit_price
    if price is None and position.net_cents is not None and position.quantity:
        price = round(Decimal(position.net_cents) / 100 / position.quantity, 2)
    told = ("?" if one is None else format(one, "f") for one in (position.quantity, price))
    return " ".join(told)
