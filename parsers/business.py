"""What a file of a mail means to the business, read from it (X-24, X-25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DocumentKind(StrEnum):
    """What a file means to the business (X-25). Order of certainty is in `BusinessDocument`."""

    ORDER = "order"
    QUOTE = "quote"
    SIGNED_QUOTE = "signed_quote"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DELIVERY_NOTE = "delivery_note"
    PHOTO = "photo"
    RETURN_SHEET = "return_sheet"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class BusinessDocument:
    """What was read from a file. Amounts are cents of `currency`, None when not found.

    `readable` is False for a scan or a broken file: it still counts as received (X-24).
    `quotes` and `rma_numbers` are the numbers the file names, upper case, in order of appearance.
    """

    kind: DocumentKind = DocumentKind.OTHER
    readable: bool = True
    number: str = ""
    quotes: tuple[str, ...] = ()
    rma_numbers: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    net_cents: int | None = None
    gross_cents: int | None = None
    currency: str = ""
    dated: date | None = None
    valid_until: date | None = None
    text: str = ""
