"""The pre-check of an order against the quote it answers (F-34, F-46, F-47, F-51).

It never decides: it lays the differences before the person who does.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from handlers.ticket import Document, Ticket

ORDER_KINDS = ("order", "signed_quote")
CURRENCY = "EUR"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One line of the comparison. `agrees` is None when one side says nothing."""

    name: str
    quote: str
    order: str
    agrees: bool | None


def check_order(ticket: Ticket) -> tuple[Check, ...]:
    """Compare the newest order of the ticket with its current quote, line by line."""
    order = ticket.latest(*ORDER_KINDS)
    if order is None:
        return ()
    amounts = (
        _check_amount(name, ticket.fields.get(f"quote_{name}", ""), order)
        for name in ("net", "gross")
    )
    return (_check_number(ticket, order), *amounts, _check_dates(ticket, order))


def early_order(ticket: Ticket) -> Document | None:
    """Return an order received before the quote whose amount is the quote's, or None (F-46)."""
    order = ticket.latest("order")
    if order is None:
        return None
    amounts = [
        _check_amount(n, ticket.fields.get(f"quote_{n}", ""), order) for n in ("net", "gross")
    ]
    verdicts = [check.agrees for check in amounts if check.agrees is not None]
    return order if verdicts and all(verdicts) else None


def cites_replaced_quote(ticket: Ticket, order: Document) -> bool:
    """Tell whether an order names an older version of the quote and not the current one (F-51)."""
    cited = order.fields.get("quotes", "").split()
    current = ticket.fields.get("quote_number", "").upper()
    old = {d.fields.get("number", "").upper() for d in ticket.documents if "replaced" in d.flags}
    old.update(ticket.fields.get("quote_replaced", "").upper().split())
    return current not in cited and bool(old.intersection(cited) - {""})


def _check_number(ticket: Ticket, order: Document) -> Check:
    quote = ticket.fields.get("quote_number", "").upper()
    cited = order.fields.get("quotes", "")
    agrees = quote in cited.split() if quote and cited else None
    return Check(name="quote_number", quote=quote, order=cited, agrees=agrees)


def _check_amount(name: str, quoted: str, order: Document) -> Check:
    ordered = order.fields.get(name, "")
    ours, theirs = _amount(quoted), _amount(ordered)
    currency = order.fields.get("currency", CURRENCY)
    agrees = None if ours is None or theirs is None else ours == theirs and currency == CURRENCY
    told = f"{ordered} {currency}" if ordered and currency != CURRENCY else ordered
    return Check(name=f"quote_{name}", quote=quoted, order=told, agrees=agrees)


def _check_dates(ticket: Ticket, order: Document) -> Check:
    valid, came = ticket.fields.get("quote_valid_until", ""), order.at.date().isoformat()
    return Check(
        name="quote_valid_until", quote=valid, order=came, agrees=came <= valid if valid else None
    )


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
