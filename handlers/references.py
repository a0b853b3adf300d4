"""The numbers under which a ticket can be found (X-1, F-34)."""

from __future__ import annotations

from handlers.ticket import Document, Ticket

NUMBERED = (
    "serial",
    "quote_number",
    "quote_replaced",
    "invoice_number",
    "claim_id",
    "support_number",
)


def references_of(ticket: Ticket) -> tuple[str, ...]:
    """Return every business reference of a ticket, upper case: keys, serial, quotes."""
    named = [ticket.key, ticket.draft_key, *(ticket.fields.get(name, "") for name in NUMBERED)]
    named += [d.fields.get("number", "") for d in ticket.documents if _is_quote(d)]
    return tuple(dict.fromkeys(name.upper() for name in named if name))


def _is_quote(document: Document) -> bool:
    return document.kind == "quote" and "disabled" not in document.flags
