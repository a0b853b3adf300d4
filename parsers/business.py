"""What a file of a mail means to the business, read from it (X-20…X-25).

A paper (`BusinessDocument`) and a photo (`Photo`) say where each value was read, so that a person
can look at the very line. Values that contradict one another are kept and named in `doubts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

WRITER = "savd"
"""What our own papers name as the program that wrote them."""


class DocumentKind(StrEnum):
    """What a file means to the business (X-25). Photos: general, then of what they show."""

    ORDER = "order"
    QUOTE = "quote"
    SIGNED_QUOTE = "signed_quote"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DELIVERY_NOTE = "delivery_note"
    WARRANTY = "warranty"
    RETURN_SHEET = "return_sheet"
    SIGNED_AGREEMENT = "signed_agreement"
    PHOTO = "photo"
    PHOTO_DAMAGE = "photo_damage"
    PHOTO_PARCEL = "photo_parcel"
    PHOTO_LABEL = "photo_label"
    PHOTO_NAMEPLATE = "photo_nameplate"
    OTHER = "other"


class Confidence(StrEnum):
    """How certain a kind is. `unsure` is for a person to decide."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


class Source(StrEnum):
    """What a paper was read from, most trusted first; `guess` is a scan read by OCR: it suggests,
    it never decides. `none`: nothing could be read."""

    XML = "xml"
    TEXT = "text"
    GUESS = "guess"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a value was read. `page` counts from 1, 0 is the embedded XML. `line` is the printed
    line, or the path of the element. `box` is left, top, right, bottom in points from the page's
    top left corner, () when unknown."""

    page: int
    line: str
    box: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Party:
    """Who sells or buys. `siret` has 14 digits (or 9: SIREN), `vat` no spaces, upper case."""

    name: str = ""
    siret: str = ""
    vat: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """A line of an order, quote, invoice or delivery note. Prices are without tax, in the paper's
    currency; None is what the paper does not say. `net_cents` is the amount of the whole line."""

    reference: str = ""
    description: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    net_cents: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FormEntry:
    """What somebody put into a field of a form on a screen: the name of the field, which is its label,
    and what was typed, ticked or chosen."""

    label: str
    value: str
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """The fields of a paper that can be filled in on a screen: the labels of all that can be seen, the
    entries of those that hold something else than what they were handed out with, and of those that were
    `left` as they were."""

    labels: tuple[str, ...] = ()
    entries: tuple[FormEntry, ...] = ()
    left: tuple[FormEntry, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class BusinessDocument:
    """What was read from a paper. Amounts are cents of `currency`, None when not found.

    `readable` is False for a scan or a broken file: it still counts as received (X-24).
    `reasons` are sentences: why this kind. `quotes`, `orders`, `invoices` and `rma_numbers` are
    numbers the paper refers to, upper case, in order of appearance; its own is `number`.
    `signs` are what shows that somebody signed ("digital signature", "words: bon pour accord",
    "ink"). `doubts` are codes of what does not fit: "totals", "siret", "vat". `places` tells by the
    name of a field ("gross", "quotes.0", "positions.2") where it was read. `form` are its own fields to
    fill in, None when it has none. `untouched`: a paper of ours, and nobody has changed it on a screen.
    """

    kind: DocumentKind = DocumentKind.OTHER
    confidence: Confidence = Confidence.SURE
    reasons: tuple[str, ...] = ()
    source: Source = Source.TEXT
    readable: bool = True
    number: str = ""
    quotes: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    invoices: tuple[str, ...] = ()
    rma_numbers: tuple[str, ...] = ()
    serials: tuple[str, ...] = ()
    seller: Party = Party()
    buyer: Party = Party()
    positions: tuple[Position, ...] = ()
    net_cents: int | None = None
    tax_cents: int | None = None
    gross_cents: int | None = None
    currency: str = ""
    dated: date | None = None
    valid_until: date | None = None
    signs: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    text: str = ""
    form: Form | None = None
    untouched: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Barcode:
    """A code read in a picture: its symbology as zxing names it ("QRCode", "Code128") and what it
    says. `valid` is False when its own check digit (EAN, ISBN, S10) is wrong."""

    symbology: str
    text: str
    valid: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Photo:
    """What a picture shows as far as we can tell, and the copies that may leave the house.

    Width and height are those of the picture the right way up. `fingerprint` are 16 hex digits
    that hardly change when the picture is packed anew or made smaller. `copy` is a JPEG without
    place, camera or comment, at most 2560 pixels long; `thumbnail` one of at most 320. `located`
    tells that the original says where it was taken. `suggested` is text read by OCR.
    """

    width: int
    height: int
    fingerprint: str = ""
    barcodes: tuple[Barcode, ...] = ()
    copy: bytes = field(default=b"", repr=False)
    thumbnail: bytes = field(default=b"", repr=False)
    located: bool = False
    suggested: str = ""
