"""Weigh the titles and clues of a paper against one another: how much speaks for each kind.

Orders are weighed with the greatest care. A quote or an invoice taken for an order starts a
repair nobody ordered; an order that a person must confirm costs a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.business import Confidence, DocumentKind
from parsers.files.kind_clues import Clues
from parsers.files.kind_title import Title

ORDER, QUOTE, INVOICE = "order", "quote", "invoice"
_MEANT = {
    "quote_or_order": DocumentKind.QUOTE,
    "proforma": DocumentKind.INVOICE,
    "receipt": DocumentKind.INVOICE,
}
_MOST_CLUES = 5.0
_UNTITLED = 0.7
"""What clues count without a title."""
_FIRST = 1.0
"""What it counts to be the first title of all."""
_CITED = 0.4
"""What our quote still counts below the title of an order that repeats it, and an invoice
beside the title of a credit note."""
_HEAD, _TOP, _HALF = 0.4, 0.2, 0.5
"""How far down the page the head, its top and the upper half reach."""
_AS_LARGE, _READABLE, _NEAR = 0.75, 0.95, 8
_LEAST, _GOOD, _SURE = 3.0, 4.5, 6.0
_CLOSE, _CLEAR = 1.5, 3.0
_PRICED_LETTER = 2.0
_MERE_LABEL = 3.0
"""What a small title weighs that awaits a number: \"Quotation ref.\"."""
_BUYER, _BILLS = 2.0, 4.0
"""What clues weigh that show a buyer, or a bill."""


def kind_of_sort(sort: str) -> DocumentKind:
    """Return the kind that a sort of title stands for; papers we do not act upon are `other`."""
    if sort in _MEANT:
        return _MEANT[sort]
    return DocumentKind(sort) if sort in set(DocumentKind) else DocumentKind.OTHER


@dataclass(kw_only=True, slots=True)
class Scale:
    """What speaks for each sort of paper. `doubts` are sentences that make a sort
    unsure, `remarks` explain how two sorts were weighed against each other, which
    makes those that are `half_sure` likely at most."""

    scores: dict[str, float] = field(default_factory=dict)
    titles: dict[str, Title] = field(default_factory=dict)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    half_sure: set[str] = field(default_factory=set)

    def doubt(self, sort: str, why: str) -> None:
        """Leave a sort to a person, should it be the heaviest."""
        self.doubts.setdefault(sort, []).append(why)

    def top(self) -> str:
        """Return the heaviest sort, "" when nothing weighs enough."""
        best = max(self.scores, key=lambda sort: self.scores[sort], default="")
        return best if self.scores.get(best, 0.0) >= _LEAST else ""

    def margin(self, sort: str) -> float:
        """Return how much heavier a sort is than the heaviest of another kind."""
        kind = kind_of_sort(sort)
        others = (value for other, value in self.scores.items() if kind_of_sort(other) is not kind)
        return self.scores[sort] - max(others, default=0.0)

    def confidence(self, sort: str) -> Confidence:
        """Return how certain the heaviest sort is."""
        score, margin, title = self.scores[sort], self.margin(sort), self.titles.get(sort)
        if sort in self.doubts or score < _GOOD or margin < _CLOSE:
            return Confidence.UNSURE
        if sort in self.half_sure:
            return Confidence.LIKELY
        plain = title is not None and title.heads and (title.strong or score > title.weight + 2.0)
        return (
            Confidence.SURE if plain and score >= _SURE and margin >= _CLEAR else Confidence.LIKELY
        )


def weigh(titles: Sequence[Title], clues: Clues) -> Scale:
    """Put the titles of the first page and the clues of the paper on the scale."""
    scale = Scale()
    for title in titles:
        known = scale.titles.get(title.sort)
        weight = title.weight + (_FIRST if title is titles[0] else 0.0)
        if known is None or weight > scale.scores[title.sort]:
            scale.titles[title.sort], scale.scores[title.sort] = title, weight
    _add_clues(scale, clues)
    _trust_subject(scale, clues)
    _compare_credit_with_invoice(scale)
    _compare_order_with_quote(scale)
    _compare_order_with_the_rest(scale, clues)
    _look_at_the_table(scale, clues)
    return scale


def _add_clues(scale: Scale, clues: Clues) -> None:
    """Add what labels and sentences say; without a title it counts less."""
    for kind in {clue.kind for clue in clues.found} - {"seller"}:
        weight = min(_MOST_CLUES, clues.weight(kind))
        titled = kind in scale.scores
        scale.scores[kind] = scale.scores.get(kind, 0.0) + weight * (1.0 if titled else _UNTITLED)
    if "proforma" in scale.scores and INVOICE in scale.scores:
        scale.scores["proforma"] += scale.scores.pop(INVOICE)


def _trust_subject(scale: Scale, clues: Clues) -> None:
    """Trust the matter of a letter that has a table of goods with prices: it is no letter about
    a paper, unless it says that somebody orders."""
    table = clues.priced and {"quantity", "price"} <= clues.table
    for sort, title in scale.titles.items():
        against = clues.weight("seller" if sort == ORDER else ORDER)
        if title.subject and title.numbered and table and not against:
            scale.scores[sort] += _PRICED_LETTER


def _compare_credit_with_invoice(scale: Scale) -> None:
    """Let a credit note cite the invoice it corrects, however large."""
    credit = scale.titles.get("credit_note")
    if credit and credit.heads and credit.depth < _HEAD and INVOICE in scale.scores:
        scale.scores[INVOICE] *= _CITED


def _compare_order_with_quote(scale: Scale) -> None:
    """Settle an order that repeats our quote: its own title stands above the quote's."""
    order, quote = scale.titles.get(ORDER), scale.titles.get(QUOTE)
    if order is None or quote is None:
        return
    if order.large and order.strong and order.heads and quote.weight <= _MERE_LABEL:
        scale.scores[QUOTE] *= _CITED
        return
    above = (order.row, order.place.box[0]) < (quote.row, quote.place.box[0])
    if above and (_is_title(order, quote) or _is_stamp(order)):
        scale.scores[QUOTE] *= _CITED
        scale.remarks.append("the title of an order stands above that of a quote")
        scale.half_sure.add(ORDER)
    elif order.strong and order.heads and order.numbered and (order.capitals or order.large):
        scale.scores[ORDER] = max(scale.scores[ORDER], scale.scores[QUOTE] + 0.5)
        scale.doubt(ORDER, "a quote bears the title and the number of an order")
    else:
        scale.scores[ORDER] = min(scale.scores[ORDER], scale.scores[QUOTE] - 0.5)
        if order.numbered:
            scale.doubt(QUOTE, "a quote bears the number of an order")


def _is_title(order: Title, quote: Title) -> bool:
    """Say whether the title of an order is set as large as that of the quote below it."""
    return order.heads and order.large and not order.label and order.size >= _AS_LARGE * quote.size


def _is_stamp(order: Title) -> bool:
    """Say whether the title of an order was put in capitals over the head of a quote."""
    plain = order.heads and order.strong and order.capitals and not order.label
    return plain and order.numbered and order.depth < _TOP and order.size >= _READABLE


def _compare_order_with_the_rest(scale: Scale, clues: Clues) -> None:
    """Take from an order what a seller's paper says: invoices and notes cite the order they are
    for, often in large letters."""
    if ORDER not in scale.scores:
        return
    cites = QUOTE in scale.titles and scale.titles.get(ORDER) is not None
    seller, buyer = clues.weight("seller"), clues.weight(ORDER)
    scale.scores[ORDER] -= 0.0 if cites else min(3.0, seller)
    title = scale.titles.get(ORDER)
    if seller and buyer < _BUYER and not cites and not (title and title.strong):
        scale.doubt(ORDER, "an order that speaks as a seller does")
    bills = clues.weight(INVOICE)
    if bills >= _BILLS and bills > buyer:
        scale.scores[ORDER] -= 3.0
        scale.doubt(ORDER, "an order that bills as an invoice does")
    _doubt_bare_order(scale, clues)
    others = [
        s for s in scale.titles if kind_of_sort(s) not in (DocumentKind.ORDER, DocumentKind.QUOTE)
    ]
    for sort in others:
        title, order = scale.titles[sort], scale.titles.get(ORDER)
        if not title.heads or title.depth >= _HALF or sort == "terms":
            continue
        if order is None or _may_precede(title, order):
            scale.scores[ORDER] -= 3.0
            return
        if title.large or title.row - order.row < _NEAR:
            scale.doubt(ORDER, f"the title {title.phrase} stands beside that of an order")


def _doubt_bare_order(scale: Scale, clues: Clues) -> None:
    """Doubt an order that names no goods, no amount and no supplier beside its title."""
    buyer = clues.weight(ORDER)
    if not (clues.priced or buyer > _BUYER or (clues.table and buyer)):
        scale.doubt(ORDER, "nothing but the title speaks of an order")


def _may_precede(title: Title, order: Title) -> bool:
    """Say whether another title is as good as that of an order, or stands before it."""
    return title.row <= order.row or (title.strong and title.weight >= order.weight - 3.0)


def _look_at_the_table(scale: Scale, clues: Clues) -> None:
    """Without prices it is rather a delivery note, never an invoice or a quote."""
    if clues.priced or "price" in clues.table:
        return
    for sort in (INVOICE, QUOTE):
        if sort in scale.scores and "quantity" in clues.table:
            scale.scores[sort] -= 2.0
    if "delivery_note" in scale.titles and "quantity" in clues.table:
        scale.scores["delivery_note"] += 2.0
