"""Papers as UBL 2.1: Order, Quotation, Invoice, CreditNote."""

from __future__ import annotations

from .einvoices import Node, _file, money
from .paper import House, Item, Paper

ROOTS = {"order": "Order", "quote": "Quotation", "invoice": "Invoice", "credit_note": "CreditNote"}
SPACE = "urn:oasis:names:specification:ubl:schema:xsd"
QUANTITIES = {"Invoice": "InvoicedQuantity", "CreditNote": "CreditedQuantity"}
BILLED = frozenset({"Invoice", "CreditNote"})


def ubl(paper: Paper) -> bytes:
    """Write the paper as UBL."""
    root = ROOTS[paper.form]
    code = {"Invoice": "InvoiceTypeCode", "CreditNote": "CreditNoteTypeCode"}.get(root, "")
    numbers = {"Invoice": "380", "CreditNote": "381"}
    body: list[Node] = [
        ("cbc:UBLVersionID", "2.1"),
        ("cbc:ID", paper.number),
        ("cbc:IssueDate", paper.dated),
        *([(f"cbc:{code}", numbers[root])] if code else []),
        ("cbc:DocumentCurrencyCode", paper.currency),
        *_validity(paper),
        *_references(paper),
        _party("Accounting" if root in BILLED else "", "Supplier", "Seller", paper.seller),
        _party("Accounting" if root in BILLED else "", "Customer", "Buyer", paper.buyer),
        _taxes(paper),
        _totals(paper, root),
        *(_line(paper, root, item, count) for count, item in enumerate(paper.items, 1)),
    ]
    spaces = {
        "xmlns": f"{SPACE}:{root}-2",
        "xmlns:cac": f"{SPACE}:CommonAggregateComponents-2",
        "xmlns:cbc": f"{SPACE}:CommonBasicComponents-2",
    }
    return _file((root, body, spaces))


def _validity(paper: Paper) -> list[Node]:
    if not paper.valid_until:
        return []
    return [("cac:ValidityPeriod", [("cbc:EndDate", paper.valid_until)])]


def _references(paper: Paper) -> list[Node]:
    found: list[Node] = []
    found += [("cac:QuotationDocumentReference", [("cbc:ID", one)]) for one in paper.quotes]
    found += [("cac:OrderReference", [("cbc:ID", one)]) for one in paper.orders]
    found += [
        ("cac:BillingReference", [("cac:InvoiceDocumentReference", [("cbc:ID", one)])])
        for one in paper.invoices
    ]
    return found


def _party(before: str, role: str, plain: str, house: House) -> Node:
    name = f"cac:{before}{role}Party" if before else f"cac:{plain}{role}Party"
    postcode, _, town = house.city.partition(" ")
    legal = [("cbc:RegistrationName", house.name)]
    if house.siret:
        legal.append(("cbc:CompanyID", house.siret))
    return (name, [("cac:Party", [
        ("cac:PartyName", [("cbc:Name", house.name)]),
        ("cac:PostalAddress", [
            ("cbc:StreetName", house.street), ("cbc:CityName", town), ("cbc:PostalZone", postcode),
            ("cac:Country", [("cbc:IdentificationCode", house.country)]),
        ]),
        ("cac:PartyTaxScheme", [
            ("cbc:CompanyID", house.vat), ("cac:TaxScheme", [("cbc:ID", "VAT")]),
        ]),
        ("cac:PartyLegalEntity", legal),
    ])])  # fmt: skip


def _taxes(paper: Paper) -> Node:
    parts = [
        ("cac:TaxSubtotal", [
            money("TaxableAmount", base, paper), money("TaxAmount", tax, paper),
            ("cac:TaxCategory", [("cbc:ID", "S"), ("cbc:Percent", rate)]),
        ])
        for rate, base, tax in paper.taxes
    ]  # fmt: skip
    return ("cac:TaxTotal", [money("TaxAmount", paper.tax, paper), *parts])


def _totals(paper: Paper, root: str) -> Node:
    name = {"Order": "AnticipatedMonetaryTotal", "Quotation": "QuotedMonetaryTotal"}
    return (f"cac:{name.get(root, 'LegalMonetaryTotal')}", [
        money("LineExtensionAmount", paper.lines_net, paper),
        money("TaxExclusiveAmount", paper.net, paper),
        money("TaxInclusiveAmount", paper.gross, paper),
        money("ChargeTotalAmount", paper.shipping, paper),
        money("PayableAmount", paper.gross - paper.deposit, paper),
    ])  # fmt: skip


def _line(paper: Paper, root: str, item: Item, count: int) -> Node:
    quantity = QUANTITIES.get(root, "Quantity")
    inner: list[Node] = [
        ("cbc:ID", count),
        (f"cbc:{quantity}", item.quantity, {"unitCode": "C62"}),
        money("LineExtensionAmount", item.net, paper),
        ("cac:Item", [
            ("cbc:Name", item.description),
            ("cac:SellersItemIdentification", [("cbc:ID", item.reference)]),
            ("cac:StandardItemIdentification", [("cbc:ID", item.ean, {"schemeID": "0160"})]),
        ]),
        ("cac:Price", [money("PriceAmount", item.unit_price, paper)]),
    ]  # fmt: skip
    if root in BILLED:
        return (f"cac:{root}Line", inner)
    return (f"cac:{root}Line", [("cac:LineItem", inner)])
