"""Read UN/CEFACT XML: Factur-X, ZUGFeRD and XRechnung invoices (CII D16B, and ZUGFeRD 1.0), Order-X.

Business terms (BT-…) are those of EN 16931, whatever profile was chosen: what a profile leaves
out stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    """What the elements of one generation are called."""

    document: str = "ExchangedDocument"
    trade: str = "SupplyChainTradeTransaction"
    agreement: str = "ApplicableHeaderTradeAgreement"
    delivery: str = "ApplicableHeaderTradeDelivery"
    settlement: str = "ApplicableHeaderTradeSettlement"
    sums: str = "SpecifiedTradeSettlementHeaderMonetarySummation"
    line_agreement: str = "SpecifiedLineTradeAgreement"
    line_delivery: str = "SpecifiedLineTradeDelivery"
    line_settlement: str = "SpecifiedLineTradeSettlement"
    line_sums: str = "SpecifiedTradeSettlementLineMonetarySummation"
    line: str = "IncludedSupplyChainTradeLineItem"


_NEW = _Names()
_OLD = _Names(  # ZUGFeRD 1.0 (2014)
    document="HeaderExchangedDocument",
    trade="SpecifiedSupplyChainTradeTransaction",
    agreement="ApplicableSupplyChainTradeAgreement",
    delivery="ApplicableSupplyChainTradeDelivery",
    settlement="ApplicableSupplyChainTradeSettlement",
    sums="SpecifiedTradeSettlementMonetarySummation",
    line_agreement="SpecifiedSupplyChainTradeAgreement",
    line_delivery="SpecifiedSupplyChainTradeDelivery",
    line_settlement="SpecifiedSupplyChainTradeSettlement",
    line_sums="SpecifiedTradeSettlementMonetarySummation",
)
_NUMBER = ("IssuerAssignedID", "ID")
_CHANGING = frozenset("12345")  # UN/EDIFACT 1225, the purpose of an order; 9 is the original


def read_cii(root: Any) -> BusinessDocument:
    """Return what the document says; `places` hold the paths of the elements."""
    names = _OLD if root.find(_OLD.trade) is not None else _NEW
    find = Finder(root=root)
    code = find.text("kind", f"{names.document}/TypeCode")
    purpose = find.text("", f"{names.document}/PurposeCode")
    kind, confidence = kind_of(root.tag, "230" if purpose in _CHANGING else code)
    positions, complete = _positions(find, names)
    document = BusinessDocument(
        kind=kind,
        confidence=confidence,
        reasons=(f"the XML says so: {root.tag}, type code {code or 'none'}",),
        number=find.text("number", f"{names.document}/ID").upper(),
        seller=_party(find, f"{names.trade}/{names.agreement}/SellerTradeParty", "seller"),
        buyer=_party(find, f"{names.trade}/{names.agreement}/BuyerTradeParty", "buyer"),
        positions=positions,
        dated=find.day("dated", f"{names.document}/IssueDateTime"),
        valid_until=find.day(
            "valid_until", f"{names.document}/EffectiveSpecifiedPeriod/EndDateTime"
        ),
    )
    return _with_references(_with_sums(document, find, names, complete=complete), find, names)


def _with_sums(
    document: BusinessDocument, find: Finder, names: _Names, *, complete: bool
) -> BusinessDocument:
    """Add the totals (BG-22) and what does not add up in them."""
    settlement = f"{names.trade}/{names.settlement}"
    sums = f"{settlement}/{names.sums}"
    currency = _currency(find, settlement, sums)
    charges = Charges(
        added=find.cents("", currency, f"{sums}/ChargeTotalAmount"),
        taken=find.cents("", currency, f"{sums}/AllowanceTotalAmount"),
    )
    net = find.cents("net", currency, f"{sums}/TaxBasisTotalAmount")
    if net is None and charges.none:
        net = find.cents("net", currency, f"{sums}/LineTotalAmount")
    return money_doubts(
        document,
        net=net,
        tax=find.cents("tax", currency, f"{sums}/TaxTotalAmount"),
        gross=find.cents("gross", currency, f"{sums}/GrandTotalAmount"),
        currency=currency,
        charges=charges if complete else None,
    )


def _currency(find: Finder, settlement: str, sums: str) -> str:
    """Return the currency of the document (BT-5), else that of its total."""
    said = find.text(
        "currency", f"{settlement}/InvoiceCurrencyCode", f"{settlement}/OrderCurrencyCode"
    )
    if said:
        return said.upper()[:3]
    totals = find.elements(f"{sums}/GrandTotalAmount", f"{sums}/LineTotalAmount")
    return next((str(total.get("currencyID")).upper()[:3] for total in totals if total.get("currencyID")), "")  # fmt: skip


def _party(find: Finder, path: str, name: str) -> Party:
    """Return a party (BG-4, BG-7): its name, its SIRET or SIREN, its VAT number."""
    ids = [
        Numbered(scheme=element.get("schemeID", ""), number=text_of(element))
        for element in find.elements(
            f"{path}/SpecifiedLegalOrganization/ID", f"{path}/GlobalID", f"{path}/ID",
            f"{path}/URIUniversalCommunication/URIID",
        )
    ]  # fmt: skip
    taxes = [
        text_of(element)
        for element in find.elements(f"{path}/SpecifiedTaxRegistration/ID")
        if element.get("schemeID", "VA").upper() in {"VA", "VAT"}
    ]
    taxes += tax_endpoints(ids)
    trading = f"{path}/SpecifiedLegalOrganization/TradingBusinessName"
    said = find.text(name, f"{path}/Name", trading)
    return Party(name=said, siret=company_number(ids), vat=tax_number(taxes))


def _positions(find: Finder, names: _Names) -> tuple[tuple[Position, ...], bool]:
    """Return the lines that count (BG-25), and whether these are all."""
    found: list[Position] = []
    for line in find.elements(f"{names.trade}/{names.line}"):
        status = text_of(line.find("AssociatedDocumentLineDocument/LineStatusReasonCode"))
        if status in {"GROUP", "INFORMATION"}:  # they repeat or say what others count
            continue
        position = _position(line, names)
        if position == Position(description=position.description) and not _has_product(line):
            continue  # ZUGFeRD 1.0 writes notes as lines
        if len(found) >= POSITIONS:
            return tuple(found), False
        find.mark(f"positions.{len(found)}", line)
        found.append(position)
    return tuple(found), True


def _has_product(line: Any) -> bool:
    """Tell a line of goods from a line of words."""
    return line.find("SpecifiedTradeProduct") is not None


def _position(line: Any, names: _Names) -> Position:
    """Return a line: product, quantity, price of one, amount."""
    delivery, product = names.line_delivery, "SpecifiedTradeProduct"
    price = f"{names.line_agreement}/NetPriceProductTradePrice"
    amount = f"{names.line_settlement}/{names.line_sums}/LineTotalAmount"
    quantities = ("BilledQuantity", "RequestedQuantity", "AgreedQuantity", "DespatchedQuantity")
    return Position(
        reference=first_text(line, f"{product}/SellerAssignedID", f"{product}/BuyerAssignedID", f"{product}/GlobalID"),
        description=first_text(line, f"{product}/Name", f"{product}/Description"),
        quantity=decimal_of(first_text(line, *(f"{delivery}/{name}" for name in quantities))),
        unit_price=price_of_one(
            first_text(line, f"{price}/ChargeAmount"), first_text(line, f"{price}/BasisQuantity")
        ),
        net_cents=cents_of(first_text(line, amount)),
    )  # fmt: skip


def _with_references(document: BusinessDocument, find: Finder, names: _Names) -> BusinessDocument:
    """Add the numbers of other papers, given as such or told in notes and descriptions."""
    heads = (
        f"{names.trade}/{names.agreement}",
        f"{names.trade}/{names.line}/{names.line_agreement}",
    )
    bills = (f"{names.trade}/{names.settlement}", f"{names.trade}/{names.line}/{names.line_settlement}")  # fmt: skip
    additional = "AdditionalReferencedDocument[TypeCode='310']"
    return with_told_numbers(
        document,
        find,
        quotes=_references(heads, "QuotationReferencedDocument", additional),
        orders=_references(heads, "BuyerOrderReferencedDocument", "PreviousOrderReferencedDocument"),
        invoices=_references(bills, "InvoiceReferencedDocument"),
        serials=_serial_paths(names),
        notes=_note_paths(names),
        said=_properties(find, names),
    )  # fmt: skip


def _properties(find: Finder, names: _Names) -> list[str]:
    """Return what is said of goods and of other papers by a name and a value."""
    product = f"{names.trade}/{names.line}/SpecifiedTradeProduct"
    other = f"{names.trade}/{names.agreement}/AdditionalReferencedDocument"
    return [
        *characteristics(
            find, f"{product}/ApplicableProductCharacteristic", "Description", "Value"
        ),
        *characteristics(find, other, "Name", "IssuerAssignedID"),
    ]


def _references(heads: tuple[str, ...], *documents: str) -> tuple[str, ...]:
    """Return the paths of the numbers of referenced documents, those of the head first."""
    return tuple(
        f"{head}/{name}/{leaf}" for head in heads for name in documents for leaf in _NUMBER
    )


def _serial_paths(names: _Names) -> tuple[str, ...]:
    """Return where devices of a line are named one by one."""
    product = f"{names.trade}/{names.line}/SpecifiedTradeProduct"
    instance = f"{product}/IndividualTradeProductInstance"
    return (f"{instance}/SerialID", f"{instance}/SupplierAssignedSerialID")


def _note_paths(names: _Names) -> tuple[str, ...]:
    """Return where people write sentences, or anything that nothing else holds."""
    line, agreement = f"{names.trade}/{names.line}", f"{names.trade}/{names.agreement}"
    return (
        f"{names.document}/Name", f"{names.document}/IncludedNote/Content",
        f"{agreement}/BuyerReference", f"{agreement}/ContractReferencedDocument/IssuerAssignedID",
        f"{agreement}/SpecifiedProcuringProject/Name",
        f"{line}/AssociatedDocumentLineDocument/IncludedNote/Content",
        f"{line}/SpecifiedTradeProduct/Name", f"{line}/SpecifiedTradeProduct/Description",
    )  # fmt: skip
