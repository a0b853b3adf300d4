"""Show what was read in a file: JSON for programs, lines for people who ask why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from parsers.business import BusinessDocument, Confidence, Party, Photo, Place, Position
from parsers.mail import Attachment

Json = dict[str, object]
BYTES = ("copy", "thumbnail")
NOT_SHOWN = ("kind", "confidence", "reasons", "source", "places", "text", "form")


def file_as_json(file: Attachment) -> Json:
    """Give a file with what it says: only JSON types. `refusal` tells why it cannot be used."""
    return {
        "filename": file.filename,
        "content_type": file.content_type,
        "size": file.size,
        "kind": file.kind.value,
        "sha256": file.sha256,
        "inline": file.inline,
        "decor": file.decor,
        "refusal": file.refusal,
        "document": paper_as_json(file.document) if file.document else None,
        "photo": photo_as_json(file.photo) if file.photo else None,
    }


def paper_as_json(paper: BusinessDocument) -> Json:
    """Give every field of a paper. Amounts are cents, quantities and prices text as exact as read."""
    return {one.name: _json(getattr(paper, one.name)) for one in fields(paper)}


def photo_as_json(photo: Photo) -> Json:
    """Give what a photo shows, without its copies."""
    return {
        one.name: _json(getattr(photo, one.name)) for one in fields(photo) if one.name not in BYTES
    }


def _json(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple | list):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    if is_dataclass(value):
        return {one.name: _json(getattr(value, one.name)) for one in fields(value)}
    return value


def file_as_lines(file: Attachment) -> list[str]:
    """Give what a person wants to know of a file: what it was taken for, why, and from which line
    of it each value came."""
    name = file.filename or "(no name)"
    if file.refusal:
        return [f"{name}: refused, {file.refusal}"]
    if file.decor:
        return [f"{name}: decor, no document"]
    told = list(_of_paper(file.document)) if file.document else []
    told += list(_of_photo(file.photo)) if file.photo else []
    head = _taken_for(file) if told else f"{file.kind.value}, not opened"
    return [f"{name}: {head}", *(f"  {line}" for line in told)]


def _taken_for(file: Attachment) -> str:
    paper = file.document
    if paper is None:
        return file.kind.value
    sure = "" if paper.confidence is Confidence.SURE else f" ({paper.confidence.value})"
    return f"{paper.kind.value}{sure}"


def _of_paper(paper: BusinessDocument) -> Iterator[str]:
    for reason in paper.reasons:
        yield f"because {reason}"
    if not paper.readable:
        yield "cannot be read automatically"
    for one in fields(paper):
        if one.name not in NOT_SHOWN:
            yield from _lines_of(one.name, getattr(paper, one.name), paper)
    for entry in paper.form.entries if paper.form else ():
        yield _line("form", f"{entry.label}: {' '.join(entry.value.split())}", entry.place)


def _lines_of(name: str, value: object, paper: BusinessDocument) -> Iterator[str]:
    if value in (None, "", (), Party()) or isinstance(value, bool):
        return
    if isinstance(value, tuple):
        for number, one in enumerate(value):
            yield _line(name, _text(one), paper.places.get(f"{name}.{number}"))
        return
    yield _line(name, _amount(name, value, paper), paper.places.get(name.removesuffix("_cents")))


def _line(name: str, value: str, place: Place | None) -> str:
    label = name.removesuffix("_cents")
    if place is None:
        return f"{label:12} {value}"
    where = f"page {place.page}" if place.page else "embedded XML"
    return f"{label:12} {value}   <- {where}: {place.line}"


def _amount(name: str, value: object, paper: BusinessDocument) -> str:
    if name.endswith("_cents") and isinstance(value, int):
        return f"{Decimal(value) / 100:.2f} {paper.currency}".strip()
    return _text(value)


def _text(value: object) -> str:
    if isinstance(value, Party):
        return ", ".join(filter(None, (value.name, value.siret, value.vat)))
    if isinstance(value, Position):
        cents = "" if value.net_cents is None else f"= {Decimal(value.net_cents) / 100:.2f}"
        price = "" if value.unit_price is None else f"x {value.unit_price}"
        parts = (str(value.quantity or ""), value.reference, value.description, price, cents)
        return " ".join(filter(None, parts))
    return str(value)


def _of_photo(photo: Photo) -> Iterator[str]:
    yield f"{photo.width} x {photo.height} pixels"
    for code in photo.barcodes:
        wrong = "" if code.valid else " (its check digit is wrong)"
        yield f"{code.symbology:12} {code.text}{wrong}"
    if photo.located:
        yield "says where it was taken: no copy that leaves does"
    if photo.suggested:
        yield f"perhaps reads {photo.suggested!r}"
