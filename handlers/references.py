"""The numbers under which a ticket can be found (X-1, F-34)."""

from __future__ import annotations

import re

from handlers.ticket import Document, Ticket
from parsers.business import BusinessDocument

KEY = re.compile(r"\b[A-Z]{2,6}-\d{4,}(?:-\d{1,8})?\b|(?<=\[)\d{6,20}(?=\])")

MOST_KEYS = 3  # a form bears that of its request in its head

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


def keys_in(text: str) -> tuple[str, ...]:
    """Return the ticket keys in a text, leftmost first."""
    return tuple(dict.fromkeys(KEY.findall(text.upper())))


def keys_on_form(paper: BusinessDocument) -> tuple[str, ...]:
    """Return what may be the keys of the request a form is about, () for a paper without fields to fill
    in: those of a process need not look like RMA-2026-000412."""
    return keys_in(paper.text)[:MOST_KEYS] if paper.form is not None else ()
