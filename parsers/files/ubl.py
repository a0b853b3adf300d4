"""Read OASIS UBL 2.x: invoices, credit notes, orders, quotations, despatch advices (also Peppol)."""

from __future__ import annotations

from typing import Any

from parsers.business import BusinessDocument, Party, Position
from parsers.files.type_codes import kind_of
from parsers.files.xml_tree import Finder, cents_of, decimal_of, text_of
from parsers.files.xml_values import (
    POSITIONS,
    Charges,
    Numbered,
    characteristics,
    company_number,
    first_text,
    money_doubts,
    price_of_one,
    tax_endpoints,
    tax_number,
    with_told_numbers,
)

_SELLERS = ("AccountingSupplierParty", "SellerSupplierParty", "DespatchSupplierParty")
_BUYERS = (
    "AccountingCustomerParty",
    "BuyerCustomerParty",
    "OriginatorCustomerParty",
    "DeliveryCustomerParty",
)
_TYPES = ("InvoiceTypeCode", "CreditNoteTypeCode", "OrderTypeCode", "DespatchAdviceTypeCode")
_SUMS = ("LegalMonetaryTotal", "AnticipatedMonetaryTotal", "QuotedMonetaryTotal", "RequestedMonetaryTotal")  # fmt: skip
_LINES = (
    "InvoiceLine",
    "CreditNoteLine",
    "DebitNoteLine",
    "OrderLine/LineItem",
    "QuotationLine/LineItem",
    "DespatchLine",
)
_QUANTITIES = ("InvoicedQuantity", "CreditedQuantity", "DebitedQuantity", "Quantity", "DeliveredQuantity")  # fmt: skip


def read_ubl(root: Any) -> BusinessDocument:
    """Return what the document says; `places` hold the paths of the elements."""
    find = Finder(root=root)
    code = find.text("kind", *_TYPES)
    kind, confidence = kind_of(root.tag, code)
    positions, complete = _positions(find)
    document = BusinessDocument(
        kind=kind,
        confidence=confidence,
        reasons=(f"the XML says so: {root.tag}, type code {code or 'none'}",),
        number=find.text("number", "ID").upper(),
        seller=_party(find, "seller", _SELLERS),
        buyer=_party(find, "buyer", _BUYERS),
        positions=positions,
        dated=find.day("dated", "IssueDate"),
        valid_until=find.day("valid_until", "ValidityPeriod/EndDate"),
    )
    return _with_references(_with_sums(document, find, complete=complete), find)


def _with_sums(document: BusinessDocument, find: Finder, *, complete: bool) -> BusinessDocument:
    """Add the totals and what does not add up in them."""
    currency = _currency(find)
    charges = Charges(
        added=find.cents("", currency, *_in_sums("ChargeTotalAmount")),
        taken=find.cents("", currency, *_in_sums("AllowanceTotalAmount")),
    )
    net = find.cents("net", currency, *_in_sums("TaxExclusiveAmount"))
    if net is None and charges.none:
        net = find.cents("net", currency, *_in_sums("LineExtensionAmount"))
    tax = find.cents("tax", currency, "TaxTotal/TaxAmount")
    gross = find.cents("gross", currency, *_in_sums("TaxInclusiveAmount"))
    if gross is None and tax is not None:
        gross = _payable(find, currency)
    return money_doubts(
        document,
        net=net,
        tax=tax,
        gross=gross,
        currency=currency,
        charges=charges if complete else None,
    )


def _payable(find: Finder, currency: str) -> int | None:
    """Return what is to be paid, before it was rounded; None when a part was paid before."""
    payable = find.cents("gross", currency, *_in_sums("PayableAmount"))
    if payable is None or find.cents("", currency, *_in_sums("PrepaidAmount")):
        find.places.pop("gross", None)
        return None
    return payable - (find.cents("", currency, *_in_sums("PayableRoundingAmount")) or 0)


def _in_sums(name: str) -> tuple[str, ...]:
    return tuple(f"{sums}/{name}" for sums in _SUMS)


def _currency(find: Finder) -> str:
    """Return the currency of the document, else that of its total."""
    said = find.text("currency", "DocumentCurrencyCode", "PricingCurrencyCode")
    if said:
        return said.upper()[:3]
    totals = find.elements(*_in_sums("PayableAmount"), *_in_sums("LineExtensionAmount"))
    named = (
        str(total.get("currencyID")).upper()[:3] for total in totals if total.get("currencyID")
    )
    return next(named, "")


def _party(find: Finder, name: str, roles: tuple[str, ...]) -> Party:
    """Return the party in the first of these roles: its name, SIRET or SIREN, VAT number."""
    role = next((role for role in roles if find.root.find(f"{role}/Party") is not None), roles[0])
    path = f"{role}/Party"
    ids = [
        Numbered(scheme=element.get("schemeID", ""), number=text_of(element))
        for element in find.elements(
            f"{path}/PartyLegalEntity/CompanyID", f"{path}/PartyIdentification/ID", f"{path}/EndpointID"
        )
    ]  # fmt: skip
    taxes = [
        text_of(scheme.find("CompanyID"))
        for scheme in find.elements(f"{path}/PartyTaxScheme")
        if text_of(scheme.find("TaxScheme/ID")).upper() in {"", "VAT", "VA"}
    ]
    taxes += tax_endpoints(ids)
    said = find.text(name, f"{path}/PartyLegalEntity/RegistrationName", f"{path}/PartyName/Name")
    return Party(name=said, siret=company_number(ids), vat=tax_number(taxes))


def _positions(find: Finder) -> tuple[tuple[Position, ...], bool]:
    """Return the lines, and whether these are all."""
    found: list[Position] = []
    for line in find.elements(*_LINES):
        if len(found) >= POSITIONS:
            return tuple(found), False
        find.mark(f"positions.{len(found)}", line)
        found.append(_position(line))
    return tuple(found), True


def _position(line: Any) -> Position:
    """Return a line: item, quantity, price of one, amount."""
    ids = ("SellersItemIdentification/ID", "BuyersItemIdentification/ID", "StandardItemIdentification/ID")  # fmt: skip
    return Position(
        reference=first_text(line, *(f"Item/{name}" for name in ids)),
        description=first_text(line, "Item/Name", "Item/Description"),
        quantity=decimal_of(first_text(line, *_QUANTITIES)),
        unit_price=price_of_one(
            first_text(line, "Price/PriceAmount"), first_text(line, "Price/BaseQuantity")
        ),
        net_cents=cents_of(first_text(line, "LineExtensionAmount")),
    )


def _with_references(document: BusinessDocument, find: Finder) -> BusinessDocument:
    """Add the numbers of other papers, given as such or told in notes and descriptions."""
    lines = tuple(line.split("/")[0] for line in _LINES)
    quotes = ("QuotationDocumentReference/ID", "AdditionalDocumentReference[DocumentTypeCode='310']/ID")  # fmt: skip
    return with_told_numbers(
        document,
        find,
        quotes=(*quotes, *(f"{line}/QuotationLineReference/DocumentReference/ID" for line in lines)),
        orders=(
            "OrderReference/ID", "OrderDocumentReference/ID",
            *(f"{line}/OrderLineReference/OrderReference/ID" for line in lines),
        ),
        invoices=("BillingReference/InvoiceDocumentReference/ID", "InvoiceDocumentReference/ID"),
        serials=tuple(f"{line}/Item/ItemInstance/SerialID" for line in _LINES),
        notes=_note_paths(),
        said=_properties(find),
    )  # fmt: skip


def _properties(find: Finder) -> list[str]:
    """Return what is said of goods and of other papers by a name and a value."""
    said = [
        sentence
        for line in _LINES
        for sentence in characteristics(
            find, f"{line}/Item/AdditionalItemProperty", "Name", "Value"
        )
    ]
    other = "AdditionalDocumentReference"
    for name in ("DocumentType", "DocumentDescription"):
        said += characteristics(find, other, name, "ID")
    return said


def _note_paths() -> tuple[str, ...]:
    """Return where people write sentences, or anything that nothing else holds."""
    heads = (
        "Note", "BuyerReference", "CustomerReference", "OrderReference/CustomerReference",
        "OriginatorDocumentReference/ID", "ContractDocumentReference/ID",
    )  # fmt: skip
    lines = tuple(
        f"{line}/{name}"
        for line in _LINES
        for name in ("Note", "Item/Name", "Item/Description", "AccountingCost")
    )
    return (*heads, *lines, "OrderLine/Note")
