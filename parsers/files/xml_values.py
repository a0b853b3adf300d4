"""What e-documents of every vocabulary share: parties' numbers, prices, told numbers, sums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from parsers.business import BusinessDocument, Source
from parsers.fields.check_digits import company_doubts, siret_holds, vat_holds
from parsers.fields.imei import imeis
from parsers.fields.numbers import numbers, ticket_keys
from parsers.fields.serials import serials as told_serials
from parsers.files.xml_tree import Finder, decimal_of, text_of, tidy

POSITIONS = 1_000
_TEXT = 100_000
_SIRENE = frozenset({"0002", "0009", "SIRET", "SIREN", "FR:SIRET", "FR:SIREN", "FR:SIRENE"})
_GAPS = re.compile(r"[\s.\-\u00a0]")
_VAT = re.compile(r"[A-Z]{2,3}[A-Z0-9+*]{2,14}")
_FINEST = Decimal("0.000001")


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbered:
    """A number of a party and the scheme it belongs to (ISO/IEC 6523: 0002, 0009), "" unsaid."""

    scheme: str
    number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Charges:
    """What the head of a document adds to its lines and takes off, cents; None is not said."""

    added: int | None
    taken: int | None

    @property
    def none(self) -> bool:
        """Nothing is added or taken."""
        return not self.added and not self.taken


def company_number(ids: Iterable[Numbered]) -> str:
    """Return the SIRET among these, else the SIREN, "" when neither is there."""
    found = [(one.scheme.upper(), _GAPS.sub("", one.number)) for one in ids]
    digits = [(scheme, n) for scheme, n in found if n.isascii() and n.isdigit()]
    named = [n for scheme, n in digits if scheme in _SIRENE and len(n) in {9, 14}]
    unnamed = [n for scheme, n in digits if not scheme and len(n) == 14 and siret_holds(n)]
    return max([*named, *unnamed], key=len, default="")


def tax_number(taxes: Iterable[str]) -> str:
    """Return the first VAT number with its country, without gaps, "" when there is none."""
    bare = (_GAPS.sub("", tax).upper() for tax in taxes)
    return next((tax for tax in bare if _VAT.fullmatch(tax)), "")


def tax_endpoints(ids: Iterable[Numbered]) -> list[str]:
    """Return the addresses of a party that are VAT numbers (Peppol's schemes 99…) and hold."""
    return [one.number for one in ids if one.scheme.startswith("99") and vat_holds(one.number)]


def first_text(line: Any, *paths: str) -> str:
    """Return the first text of these paths that is not empty."""
    return next((said for path in paths if (said := text_of(line.find(path)))), "")


def price_of_one(price: str, basis: str) -> Decimal | None:
    """Return the price of one, when it is given for several (BT-149): 350 for 100 is 3.5. None
    when it is no number, or larger than a price can be."""
    amount, several = decimal_of(price), decimal_of(basis)
    if amount is None or not several or several == 1:
        return amount
    try:
        return tidy((amount / several).quantize(_FINEST))
    except InvalidOperation:
        return None


def characteristics(find: Finder, path: str, name: str, value: str) -> list[str]:
    """Return the properties of goods as a person would write them: "Serial number: AX-1"."""
    return [f"{text_of(one.find(name))}: {text_of(one.find(value))}" for one in find.elements(path)]


def with_told_numbers(
    document: BusinessDocument,
    find: Finder,
    *,
    quotes: Sequence[str],
    orders: Sequence[str],
    invoices: Sequence[str],
    serials: Sequence[str],
    notes: Sequence[str],
    said: Iterable[str],
) -> BusinessDocument:
    """Add the numbers that stand in their own elements, then those told in words."""
    text = "\n".join((*find.texts(notes), *said))[:_TEXT]
    own = frozenset({document.number})
    given = find.numbers("serials", *serials)
    references = find.numbers("quotes", *quotes), find.numbers("orders", *orders)
    return replace(
        document,
        source=Source.XML,
        quotes=_without(own, (*references[0], *numbers(text, "quote"))),
        orders=_without(own, (*references[1], *numbers(text, "order"))),
        invoices=_without(own, (*find.numbers("invoices", *invoices), *numbers(text, "invoice"))),
        rma_numbers=ticket_keys("\n".join((text, *references[0], *references[1]))),
        serials=_without(frozenset(), (*given, *told_serials(text), *imeis(text))),
        places=dict(find.places),
        text=text,
    )


def _without(own: frozenset[str], found: Iterable[str]) -> tuple[str, ...]:
    """Return these numbers, each once, without the document's own."""
    return tuple(number for number in dict.fromkeys(found) if number not in own)


def money_doubts(
    document: BusinessDocument,
    *,
    net: int | None,
    tax: int | None,
    gross: int | None,
    currency: str,
    charges: Charges | None,
) -> BusinessDocument:
    """Add the totals, and name as doubts what contradicts itself: "totals", "siret", "vat".

    `charges` are those of the head, None when not all lines are there to be added.
    """
    document = replace(document, net_cents=net, tax_cents=tax, gross_cents=gross, currency=currency)
    wrong = not _totals_hold(document) or (
        charges is not None and not _lines_hold(document, charges)
    )
    parties = (document.seller, document.buyer)
    told = {code for one in parties for code in company_doubts(one.siret, one.vat)}
    return replace(document, doubts=(*(("totals",) if wrong else ()), *sorted(told)))


def _totals_hold(document: BusinessDocument) -> bool:
    """Tell whether net and tax make gross, to the cent, as far as all are said."""
    net, tax, gross = document.net_cents, document.tax_cents, document.gross_cents
    if net is None or gross is None:
        return True
    return abs(net + (tax or 0) - gross) <= 1 if tax is not None else abs(gross) >= abs(net)


def _lines_hold(document: BusinessDocument, charges: Charges) -> bool:
    """Tell whether the lines make the net amount; each may be half a cent off."""
    amounts = [position.net_cents for position in document.positions]
    said = [amount for amount in amounts if amount is not None]
    if not said or len(said) < len(amounts) or document.net_cents is None:
        return True
    total = sum(said) + (charges.added or 0) - (charges.taken or 0)
    return abs(total - document.net_cents) <= 1 + len(said) // 2
