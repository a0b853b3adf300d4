"""The codes on a photo: which numbers they can be, and which fields of a ticket they could fill.

They are offered, never taken: a person confirms them.
"""

from __future__ import annotations

import re

from handlers.paper_fields import barcodes_of
from handlers.ticket import Document, Ticket
from handlers.workflow import FieldRule
from parsers.business import Barcode, Photo
from parsers.fields.numbers import ticket_keys
from parsers.fields.serials import serials
from parsers.mail import Attachment, ParsedMail

MOST_CODES = 20
_SERIAL = re.compile(r"(?=[^0-9]{0,29}[0-9])[A-Z0-9][A-Z0-9._/-]{3,29}")
_GS1_SERIAL = re.compile(r"\(21\)([A-Z0-9._/-]{1,20})")  # GS1 General Specifications, AI (21)
_PARCEL = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")  # UPU S10
_ARTICLE = ("EAN", "UPC", "ISBN", "ITF")


def fingerprint_of(file: Attachment) -> str:
    """Return what a picture is recognised by: of its pixels, else of its bytes; "" for no picture."""
    return (file.photo.fingerprint or file.sha256) if file.photo is not None else ""


def fingerprints_in(mail: ParsedMail) -> tuple[str, ...]:
    """Return what the pictures of a mail are recognised by."""
    found = (fingerprint_of(file) for file in mail.attachments if not file.decor)
    return tuple(dict.fromkeys(one for one in found if one))


def numbers_on(photo: Photo) -> tuple[str, ...]:
    """Return the numbers on a photo that may be those of a device or a request, upper case."""
    found = [number for code in photo.barcodes[:MOST_CODES] for number in _serials_in(code)]
    found += [key for code in photo.barcodes[:MOST_CODES] for key in ticket_keys(code.text)]
    return tuple(dict.fromkeys(number.upper() for number in found))


def values_on(document: Document, rule: FieldRule) -> tuple[str, ...]:
    """Return the values that the codes on a photo offer for a field, each once; without codes the
    serial numbers among the words that were guessed from its pixels."""
    found = [value for code in barcodes_of(document.fields) for value in _values(code, rule)]
    if not found and rule.type == "serial":
        found += serials(document.fields.get("suggested", ""))
    return tuple(dict.fromkeys(found))


def read_for(ticket: Ticket, name: str) -> tuple[tuple[Document, str], ...]:
    """Return what photos of the ticket say for a field: the photo and the value, the first of each
    value alone."""
    found: dict[str, Document] = {}
    for document in ticket.documents:
        if not document.flags & {"replaced", "disabled", "to_attach"}:
            for value in document.fields.get(f"read_{name}", "").split():
                found.setdefault(value, document)
    return tuple((document, value) for value, document in found.items())


def _values(code: Barcode, rule: FieldRule) -> tuple[str, ...]:
    if rule.kept or not code.valid:
        return ()
    found = _serials_in(code) if rule.type == "serial" else (code.text.strip().upper(),)
    if rule.pattern:
        return tuple(
            v for v in found if re.fullmatch(rule.pattern, v, re.IGNORECASE) and " " not in v
        )
    return found if rule.type == "serial" else ()


def _serials_in(code: Barcode) -> tuple[str, ...]:
    """Return the serial numbers that a code can be: itself, or what it names among other things. An
    article number, a parcel's, a request's or an address on the web is none."""
    text = code.text.strip().upper()
    if not code.valid or code.symbology.upper().startswith(_ARTICLE) or "://" in text:
        return ()
    if _PARCEL.fullmatch(text) or ticket_keys(text):
        return ()
    tagged = _GS1_SERIAL.search(text)
    if tagged:
        return (tagged[1],)
    return (text,) if _SERIAL.fullmatch(text) else serials(code.text)
