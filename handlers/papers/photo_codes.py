"""The codes on a photo: which numbers they can be, and which fields of a ticket they could fill.

They are offered, never taken: a person confirms them.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from urllib.parse import unquote

from handlers.papers.device_numbers import plain
from handlers.papers.paper_fields import barcodes_of
from handlers.process.workflow import FieldRule
from handlers.references import keys_in
from handlers.ticket import Document, Ticket
from parsers.business import Barcode, Photo
from parsers.fields.numbers import ticket_keys
from parsers.fields.serials import serials
from parsers.files.codes import numbers_of, serials_of

_MAIL = "mailto:"


def numbers_on(photo: Photo) -> tuple[str, ...]:
    """Return the numbers on a photo that may be those of a device or a request, upper case."""
    keys = [key for code in photo.barcodes for key in ticket_keys(code.text)]
    keys += keys_of_our_page(photo.barcodes)
    found = (*serials_of(photo.barcodes), *numbers_of(photo.barcodes), *keys)
    return tuple(dict.fromkeys(found))


def shows_our_page(codes: Iterable[Barcode]) -> bool:
    """Tell whether a photo shows the code of a paper of ours, that opens a mail about a request."""
    return any(code.valid and code.text[: len(_MAIL)].lower() == _MAIL for code in codes)


def keys_of_our_page(codes: Iterable[Barcode]) -> tuple[str, ...]:
    """Return the keys of the requests that such codes open a mail about."""
    ours = [code for code in codes if shows_our_page((code,))]
    return tuple(key for code in ours for key in keys_in(unquote(code.text)))


def values_on(
    document: Document, rule: FieldRule, known: Container[str] = frozenset()
) -> tuple[str, ...]:
    """Return the values that a photo offers for a field, each once: those of its codes that have
    the field's pattern; for serial numbers without one those that are `known` (`plain`), else what
    says or looks it, else those among the words that were guessed from its pixels."""
    codes = barcodes_of(document.fields)
    if rule.kept:
        return ()
    if rule.pattern:
        return tuple(v for v in _values(codes, rule) if _fits(rule.pattern, v))
    if rule.type != "serial":
        return ()
    listed = tuple(value for value in _values(codes, rule) if plain(value) in known)
    return listed or serials_of(codes) or serials(document.fields.get("suggested", ""))


def read_for(ticket: Ticket, name: str) -> tuple[tuple[Document, str], ...]:
    """Return what photos of the ticket say for a field: the photo and the value, the first of each
    value alone."""
    found: dict[str, Document] = {}
    for document in ticket.documents:
        if not document.flags & {"replaced", "disabled", "infected", "to_attach"}:
            for value in document.fields.get(f"read_{name}", "").split():
                found.setdefault(value, document)
    return tuple((document, value) for value, document in found.items())


def _values(codes: tuple[Barcode, ...], rule: FieldRule) -> tuple[str, ...]:
    """Return what codes could mean for a field: serial numbers are neither articles nor parcels."""
    if rule.type == "serial":
        return tuple(dict.fromkeys((*serials_of(codes), *numbers_of(codes))))
    return tuple(dict.fromkeys(code.text.strip().upper() for code in codes if code.valid))


def _fits(pattern: str, value: str) -> bool:
    """Tell whether a value is one of the field; values are kept side by side, so it has no spaces."""
    return " " not in value and re.fullmatch(pattern, value, re.IGNORECASE) is not None
