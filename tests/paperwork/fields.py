"""Compare one field of a paper with what was read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from parsers.business import BusinessDocument, Party, Position

from .draft import PRICED
from .paper import House, Paper
from .truth import cents, party, positions


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One value: what stands on the paper, what was read. Nothing read is not found, not wrong."""

    right: bool
    found: bool
    truth: str
    read: str


def judged(truth: Any, read: Any, right: bool | None = None) -> Judged:
    right = truth == read if right is None else right
    return Judged(right=right, found=read not in {None, "", ()}, truth=str(truth), read=str(read))


def plain(text: str) -> str:
    """Return a name without case, accents and signs."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]+", "", folded)


def number(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    yield judged(paper.number.upper(), read.number.upper())


def _listed(truth: tuple[str, ...], read: tuple[str, ...]) -> Iterator[Judged]:
    """Judge several numbers together: each one that stands there, nothing that does not."""
    if truth or read:
        truth = tuple(one.upper() for one in truth)
        yield judged(truth, read, sorted(truth) == sorted(one.upper() for one in read))


def quotes(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    yield from _listed(paper.quotes, read.quotes)


def others(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    yield from _listed(paper.orders, read.orders)
    yield from _listed(paper.invoices, read.invoices)
    yield from _listed(paper.rma_numbers, read.rma_numbers)


def dated(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    yield judged(paper.dated, read.dated)


def valid_until(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    if paper.valid_until or read.valid_until:
        yield judged(paper.valid_until, read.valid_until)


def _sum(paper: Paper, truth: int, read: int | None) -> Iterator[Judged]:
    """Judge an amount; credit notes print theirs with or without a minus."""
    if paper.form in PRICED and "xml" not in str(paper.extra.get("totals", "")):
        if paper.form == "credit_note" and read is not None:
            read = abs(read)
        yield judged(truth, read)


def net(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    yield from _sum(paper, cents(paper.net), read.net_cents)


def tax(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    yield from _sum(paper, cents(paper.tax), read.tax_cents)


def gross(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    yield from _sum(paper, cents(paper.gross), read.gross_cents)


def currency(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    if paper.form in PRICED:
        yield judged(paper.currency, read.currency)


def _party(house: House, read: Party) -> Iterator[Judged]:
    """Judge a name, alone or with the street behind it, and that no foreign number was read."""
    truth = party(house)
    name, said = plain(truth.name), plain(read.name)
    same = bool(said) and (said.startswith(name) or (len(said) > 5 and name.startswith(said)))
    foreign = (read.siret and read.siret not in {truth.siret, truth.siret[:9]}) or (
        read.vat and read.vat.replace("MWST", "") != truth.vat
    )
    yield judged(truth.name, f"{read.name} {read.siret} {read.vat}".strip(), same and not foreign)


def seller(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    yield from _party(paper.seller, read.seller)


def buyer(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    yield from _party(paper.buyer, read.buyer)


def _same(paper: Paper, truth: Position, read: Position | None) -> bool:
    if read is None:
        return False
    amount = read.net_cents
    if paper.form == "credit_note" and amount is not None:
        amount = abs(amount)
    quantity = abs(read.quantity) if read.quantity is not None else None
    price = abs(read.unit_price) if read.unit_price is not None else None
    return (truth.reference.upper(), truth.quantity, truth.unit_price, truth.net_cents) == (
        read.reference.upper(), quantity, price, amount,
    )  # fmt: skip


def _shown(position: Position | None) -> str:
    if position is None:
        return ""
    one = position
    return f"{one.reference}|{one.quantity}|{one.unit_price}|{one.net_cents}"


def lines(paper: Paper, read: BusinessDocument) -> Iterator[Judged]:
    """Judge each position, in order; one too many is wrong, too, one lost spoils no other."""
    truth, rest = positions(paper), list(read.positions)
    for position in truth:
        at = next((n for n, one in enumerate(rest) if _same(paper, position, one)), None)
        there = rest[at if at is not None else 0] if rest else None
        yield judged(_shown(position), _shown(there), right=at is not None)
        if at is not None:
            del rest[: at + 1]
    for one in read.positions[len(truth) :]:
        yield judged("", _shown(one), right=False)


FIELDS = {
    "number": number, "quotes": quotes, "other references": others, "date": dated,
    "valid until": valid_until, "net": net, "tax": tax, "gross": gross, "currency": currency,
    "seller": seller, "buyer": buyer, "positions": lines,
}  # fmt: skip
