"""Papers as XML: Factur-X and Order-X (CII), UBL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .paper import House, Item, Paper

Node = tuple[Any, ...]
CII = {
    "order": ("SCRDMCCBDACIOMessageStructure:100", "SCRDMCCBDACIOMessageStructure", "220"),
    "invoice": ("CrossIndustryInvoice:100", "CrossIndustryInvoice", "380"),
    "credit_note": ("CrossIndustryInvoice:100", "CrossIndustryInvoice", "381"),
}
PROFILES = {"order": "urn:order-x.eu:1p0:comfort", "invoice": "urn:cen.eu:en16931:2017"}
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType"
NAMES = {"order": "order-x.xml", "invoice": "factur-x.xml", "credit_note": "factur-x.xml"}


def written(node: Node) -> str:
    """Write a node: (name, text or nodes, attributes); empty ones are left out."""
    name, content, *rest = node
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in (rest or [{}])[0].items())
    if isinstance(content, list):
        inner = "".join(written(one) for one in content)
    else:
        inner = escape(str(content))
    return f"<{name}{attributes}>{inner}</{name}>" if inner else ""


def cii(paper: Paper) -> bytes:
    """Write the paper as a Cross Industry Invoice or Order."""
    space, root, code = CII[paper.form]
    body = [
        _context(paper),
        ("rsm:ExchangedDocument", [
            ("ram:ID", paper.number), ("ram:TypeCode", code),
            ("ram:IssueDateTime", [_cii_date(paper.dated)]),
        ]),
        ("rsm:SupplyChainTradeTransaction", [
            *(_cii_line(paper, item, count) for count, item in enumerate(paper.items, 1)),
            _agreement(paper), ("ram:ApplicableHeaderTradeDelivery", [("ram:ShipToTradeParty", [("ram:Name", paper.buyer.name)])]),
            _settlement(paper),
        ]),
    ]  # fmt: skip
    version = "128" if paper.form == "order" else "100"
    spaces = {
        "xmlns:rsm": f"urn:un:unece:uncefact:data:{'' if 'SCRDM' in space else 'standard:'}{space}",
        "xmlns:ram": f"{RAM}:{version}",
        "xmlns:udt": f"{UDT}:{version}",
    }
    return _file((f"rsm:{root}", body, spaces))


def _file(node: Node) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + written(node) + "\n").encode()


def _context(paper: Paper) -> Node:
    profile = PROFILES.get(paper.form, PROFILES["invoice"])
    return ("rsm:ExchangedDocumentContext", [
        ("ram:GuidelineSpecifiedDocumentContextParameter", [("ram:ID", profile)]),
    ])  # fmt: skip


def _cii_date(when) -> Node:
    return ("udt:DateTimeString", f"{when:%Y%m%d}" if when else "", {"format": "102"})


def _cii_party(name: str, house: House) -> Node:
    postcode, _, town = house.city.partition(" ")
    siren = [("ram:SpecifiedLegalOrganization", [("ram:ID", house.siret, {"schemeID": "0009"})])]
    return (name, [
        ("ram:Name", house.name), *(siren if house.siret else []),
        ("ram:PostalTradeAddress", [
            ("ram:PostcodeCode", postcode), ("ram:LineOne", house.street),
            ("ram:CityName", town), ("ram:CountryID", house.country),
        ]),
        ("ram:SpecifiedTaxRegistration", [("ram:ID", house.vat, {"schemeID": "VA"})]),
    ])  # fmt: skip


def _agreement(paper: Paper) -> Node:
    def named(name: str, numbers: tuple[str, ...]) -> list[Node]:
        return [(name, [("ram:IssuerAssignedID", number)]) for number in numbers[:1]]

    return ("ram:ApplicableHeaderTradeAgreement", [
        _cii_party("ram:SellerTradeParty", paper.seller),
        _cii_party("ram:BuyerTradeParty", paper.buyer),
        *named("ram:BuyerOrderReferencedDocument", paper.orders),
        *named("ram:QuotationReferencedDocument", paper.quotes),
    ])  # fmt: skip


def _cii_line(paper: Paper, item: Item, count: int) -> Node:
    quantity = "RequestedQuantity" if paper.form == "order" else "BilledQuantity"
    rate = [
        ("ram:TypeCode", "VAT"),
        ("ram:CategoryCode", "S"),
        ("ram:RateApplicablePercent", item.rate),
    ]
    return ("ram:IncludedSupplyChainTradeLineItem", [
        ("ram:AssociatedDocumentLineDocument", [("ram:LineID", count)]),
        ("ram:SpecifiedTradeProduct", [
            ("ram:GlobalID", item.ean, {"schemeID": "0160"}),
            ("ram:SellerAssignedID", item.reference), ("ram:Name", item.description),
        ]),
        ("ram:SpecifiedLineTradeAgreement", [
            ("ram:NetPriceProductTradePrice", [("ram:ChargeAmount", f"{item.unit_price:.4f}")]),
        ]),
        ("ram:SpecifiedLineTradeDelivery", [(f"ram:{quantity}", item.quantity, {"unitCode": "C62"})]),
        ("ram:SpecifiedLineTradeSettlement", [
            ("ram:ApplicableTradeTax", rate),
            ("ram:SpecifiedTradeSettlementLineMonetarySummation", [("ram:LineTotalAmount", item.net)]),
        ]),
    ])  # fmt: skip


def _settlement(paper: Paper) -> Node:
    taxes = [
        ("ram:ApplicableTradeTax", [
            ("ram:CalculatedAmount", tax), ("ram:TypeCode", "VAT"), ("ram:BasisAmount", base),
            ("ram:CategoryCode", "S"), ("ram:RateApplicablePercent", rate),
        ])
        for rate, base, tax in paper.taxes
    ]  # fmt: skip
    deposit = [("ram:TotalPrepaidAmount", paper.deposit)] if paper.deposit else []
    due = [("ram:DuePayableAmount", paper.gross - paper.deposit)] if paper.form != "order" else []
    before = [
        ("ram:InvoiceReferencedDocument", [("ram:IssuerAssignedID", number)])
        for number in paper.invoices
    ]
    return ("ram:ApplicableHeaderTradeSettlement", [
        (f"ram:{'OrderCurrencyCode' if paper.form == 'order' else 'InvoiceCurrencyCode'}", paper.currency),
        *taxes,
        ("ram:SpecifiedTradeSettlementHeaderMonetarySummation", [
            ("ram:LineTotalAmount", paper.lines_net), ("ram:ChargeTotalAmount", paper.shipping),
            ("ram:TaxBasisTotalAmount", paper.net),
            ("ram:TaxTotalAmount", paper.tax, {"currencyID": paper.currency}),
            ("ram:GrandTotalAmount", paper.gross), *deposit, *due,
        ]),
        *before,
    ])  # fmt: skip


def money(name: str, value: Decimal, paper: Paper) -> Node:
    """Return an amount as UBL writes it."""
    return (f"cbc:{name}", value, {"currencyID": paper.currency})
