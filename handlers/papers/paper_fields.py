"""What is kept of a paper or a photo on its document: short text by name, and back (X-24, F-34).

`Document.fields` maps names to text. What is a list of things (positions, barcodes) is kept as JSON,
numbers of papers are separated by spaces because none contains one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from parsers.business import Barcode, BusinessDocument, Party, Photo, Position, Source

PLAIN = (Source.TEXT, Source.NONE)
MOST_POSITIONS = 200
MOST_NUMBERS = 50
MOST_BARCODES = 20
MOST_ADDRESSES = 5
LONGEST = 300  # characters of a description, of a name
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
FROM, BELOW = Decimal("0.000001"), Decimal(10**12)  # what a quantity or a price can be


def fields_of(paper: BusinessDocument | None, photo: Photo | None = None) -> dict[str, str]:
    """Return what a document keeps of what was read in its file: only what the file says."""
    kept: dict[str, str] = {}
    if paper is not None:
        kept |= _numbers(paper) | _amounts(paper) | _buyer(paper.buyer)
        kept["seller_siret"] = paper.seller.siret
        kept["dated"] = paper.dated.isoformat() if paper.dated else ""
        kept["valid_until"] = paper.valid_until.isoformat() if paper.valid_until else ""
        kept["doubts"] = " ".join(paper.doubts)
        kept["signs"] = "\n".join(paper.signs[:MOST_NUMBERS])
        kept["source"] = "" if paper.source in PLAIN else paper.source.value
        kept["positions"] = _written_positions(paper.positions)
        kept["addresses"] = " ".join(_addresses(paper.text))
    if photo is not None:
        kept["barcodes"] = _written_barcodes(photo.barcodes)
        kept["suggested"] = photo.suggested[: 10 * LONGEST]
    return {name: value for name, value in kept.items() if value}


def _addresses(text: str) -> tuple[str, ...]:
    """Return the mail addresses that a paper names, in the order of the page."""
    found = (one.lower().rstrip(".") for one in _ADDRESS.findall(text)) if "@" in text else ()
    return tuple(dict.fromkeys(found))[:MOST_ADDRESSES]


def positions_of(fields: Mapping[str, str]) -> tuple[Position, ...]:
    """Return the positions kept on a document, () for none or for what cannot be understood."""
    return tuple(
        Position(
            reference=str(reference),
            description=str(description),
            quantity=_decimal(quantity),
            unit_price=_decimal(price),
            net_cents=net if isinstance(net, int) and abs(net) < BELOW * 100 else None,
        )
        for reference, description, quantity, price, net in _rows(fields.get("positions", ""), 5)
    )


def barcodes_of(fields: Mapping[str, str]) -> tuple[Barcode, ...]:
    """Return the codes read in a photo, () for none."""
    return tuple(
        Barcode(symbology=str(symbology), text=str(text), valid=bool(valid))
        for symbology, text, valid in _rows(fields.get("barcodes", ""), 3)
    )


def amount_text(cents: int | None) -> str:
    """Return cents as fields keep amounts: "412.80", "" for None."""
    if cents is None:
        return ""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _numbers(paper: BusinessDocument) -> dict[str, str]:
    return {
        "number": paper.number,
        "quotes": " ".join(paper.quotes[:MOST_NUMBERS]),
        "orders": " ".join(paper.orders[:MOST_NUMBERS]),
        "invoices": " ".join(paper.invoices[:MOST_NUMBERS]),
        "rma_numbers": " ".join(paper.rma_numbers[:MOST_NUMBERS]),
        "serials": " ".join(paper.serials[:MOST_NUMBERS]),
    }


def _amounts(paper: BusinessDocument) -> dict[str, str]:
    return {
        "net": amount_text(paper.net_cents),
        "tax": amount_text(paper.tax_cents),
        "gross": amount_text(paper.gross_cents),
        "currency": paper.currency,
    }


def _buyer(party: Party) -> dict[str, str]:
    return {"buyer": party.name[:LONGEST], "buyer_siret": party.siret, "buyer_vat": party.vat}


def _written_positions(positions: tuple[Position, ...]) -> str:
    rows = [
        [
            one.reference[:LONGEST],
            one.description[:LONGEST],
            _text(one.quantity),
            _text(one.unit_price),
            one.net_cents,
        ]
        for one in positions[:MOST_POSITIONS]
    ]
    return _written(rows)


def _written_barcodes(barcodes: tuple[Barcode, ...]) -> str:
    return _written([[one.symbology, one.text, one.valid] for one in barcodes[:MOST_BARCODES]])


def _written(rows: Sequence[Sequence[object]]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else ""


def _rows(written: str, width: int) -> list[list[object]]:
    """Return the rows of a JSON table, only those of that width; [] for anything else."""
    try:
        rows = json.loads(written) if written else []
    except ValueError:
        return []
    if not isinstance(rows, list):
        return []
    return [row for row in rows if isinstance(row, list) and len(row) == width]


def _text(number: Decimal | None) -> str:
    if number is None or not _is_likely(number):
        return ""
    return format(number, "f") if number else "0"


def _decimal(written: object) -> Decimal | None:
    """Return a number as it was kept, None for none and for what no paper of anybody says."""
    try:
        number = Decimal(str(written)) if written else None
    except InvalidOperation:
        return None
    return number if number is not None and _is_likely(number) else None


def _is_likely(number: Decimal) -> bool:
    return number == 0 or (number.is_finite() and FROM <= abs(number) < BELOW)
