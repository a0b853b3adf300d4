"""The quote of a ticket, and which quotes a paper is about (F-48, F-51)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from handlers.ticket import Document, Ticket
from parsers.business import BusinessDocument, Source

ORDER_KINDS = ("order", "signed_quote")
QUOTE_KINDS = ("quote", "signed_quote")
CURRENCY = "EUR"


def quote_of(ticket: Ticket) -> Document | None:
    """Return the document of the current quote, None when there is none."""
    return ticket.latest("quote")


def currency_of(ticket: Ticket) -> str:
    """Return the currency of the ticket's quote: as it was told, else what its document says, else
    euros."""
    quote = quote_of(ticket)
    read = quote.fields.get("currency", "") if quote is not None else ""
    return ticket.fields.get("quote_currency") or read or CURRENCY


def currencies_of(ticket: Ticket, order: Document) -> tuple[str, str]:
    """Return the currency of the quote and that of the order: the same when it says none."""
    ours = currency_of(ticket)
    return ours, order.fields.get("currency") or ours


def amount_of(text: str) -> Decimal | None:
    """Return an amount as fields keep it ("412.80"), None for anything else."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def quotes_of(read: BusinessDocument, kind: str) -> tuple[str, ...]:
    """Return the quotes a paper is about, upper case: those it cites, and itself when it is one."""
    own = (read.number,) if kind in QUOTE_KINDS and read.number else ()
    return tuple(dict.fromkeys(number.upper() for number in (*own, *read.quotes)))


def cited_in(order: Document) -> tuple[str, ...]:
    """Return the quotes an order is about; a signed quote is one itself."""
    own = (order.fields.get("number", ""),) if order.kind in QUOTE_KINDS else ()
    cited = (*own, *order.fields.get("quotes", "").split())
    return tuple(dict.fromkeys(number.upper() for number in cited if number))


def cites_replaced_quote(ticket: Ticket, order: Document) -> bool:
    """Tell whether an order names an older version of the quote and not the current one (F-51)."""
    cited = cited_in(order)
    if is_guessed(order):
        return False
    current = ticket.fields.get("quote_number", "").upper()
    old = {d.fields.get("number", "").upper() for d in ticket.documents if "replaced" in d.flags}
    old.update(ticket.fields.get("quote_replaced", "").upper().split())
    return current not in cited and bool(old.intersection(cited) - {""})


def is_guessed(order: Document) -> bool:
    """Tell whether it was read from a picture: what it says is shown, and decides nothing."""
    return order.fields.get("source") == Source.GUESS.value
