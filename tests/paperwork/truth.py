"""What must be read from a paper, as the reader's own types."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from parsers.business import Party, Position

from .draft import PRICED, style_of
from .paper import House, Paper

SCORED = PRICED | {"delivery_note"}
XML_ALONE = frozenset({"image", "plain"})


def accepted(paper: Paper) -> frozenset[str]:
    """Return the kinds that are right. A pro forma invoice is treated as an invoice, or as other:
    what matters is that it is no order."""
    return frozenset({paper.kind, "invoice"} if paper.form == "proforma" else {paper.kind})


def cents(amount: Decimal) -> int:
    return int(amount * 100)


def truth_of(paper: Paper) -> Paper:
    """Return the paper as it is to be read: an order stamped over a quote is that order."""
    if not paper.extra.get("over"):
        return paper
    ordered = paper.extra["ordered"]
    return replace(paper, form="order", quotes=(paper.number,), valid_until=None, **ordered)


def party(house: House, siret: bool = True) -> Party:
    return Party(name=house.name, siret=house.siret if siret else "", vat=house.vat)


def positions(paper: Paper) -> tuple[Position, ...]:
    """Return the positions with what the layout prints of them."""
    columns, style = set(style_of(paper).columns), style_of(paper)
    whole = bool(paper.extra.get("xml")) and paper.form in PRICED
    named = whole or "ref" in columns or style.naming != "plain"
    return tuple(
        Position(
            reference=item.reference if named else "",
            description=item.description,
            quantity=item.quantity if whole or "qty" in columns else None,
            unit_price=item.unit_price if whole or "price" in columns else None,
            net_cents=cents(item.net) if whole or "amount" in columns else None,
        )
        for item in paper.items
    )


def has_fields(paper: Paper) -> bool:
    """Tell whether the paper is one whose fields are counted: neither prose nor a mere scan."""
    return paper.form in SCORED and not unreadable(paper) and paper.kind != "other"


def unreadable(paper: Paper) -> bool:
    """Tell whether nothing can be read from the file without OCR."""
    scan = paper.extra.get("scan")
    return bool(scan) and scan != "searchable" and not paper.extra.get("xml")
