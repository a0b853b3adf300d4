"""E-documents written from the standards: CII and Order-X in each profile, ZUGFeRD 1.0, UBL 2.1.

Every builder returns the text of an XML, all parties and goods invented. `packed` puts one into a
PDF as hybrid invoices do.
"""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject

from .papers import text_pdf

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
SELLER_SIRET, BUYER_SIRET = "73282932000074", "55210055400013"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
CII = (
    'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    f'xmlns:ram="{RAM}" xmlns:udt="{UDT}"'
)
ORDER_X = (
    'xmlns:rsm="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100" '
    f'xmlns:ram="{RAM.replace(":100", ":128")}" xmlns:udt="{UDT.replace(":100", ":128")}"'
)
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"

CII_LINES = """
<ram:IncludedSupplyChainTradeLineItem>
 <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
 <ram:SpecifiedTradeProduct><ram:GlobalID schemeID="0160">4006381333931</ram:GlobalID>
  <ram:SellerAssignedID>LECT-400</ram:SellerAssignedID><ram:Name>Lecteur de badges</ram:Name>
 </ram:SpecifiedTradeProduct>
 <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
  <ram:ChargeAmount>172.00</ram:ChargeAmount></ram:NetPriceProductTradePrice>
 </ram:SpecifiedLineTradeAgreement>
 <ram:SpecifiedLineTradeDelivery><ram:{quantity} unitCode="C62">2.0000</ram:{quantity}>
 </ram:SpecifiedLineTradeDelivery>
 <ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>
  <ram:LineTotalAmount>344.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation>
 </ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>"""
CII_SUMS = """
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{line}
 <ram:TaxBasisTotalAmount>344.00</ram:TaxBasisTotalAmount>
 <ram:TaxTotalAmount currencyID="EUR">68.80</ram:TaxTotalAmount>
 <ram:GrandTotalAmount>412.80</ram:GrandTotalAmount>{paid}
 <ram:DuePayableAmount>{due}</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation>"""


def cii(
    profile: str = "EN16931",
    *,
    code: str = "380",
    number: str = "FA-2026-0042",
    lines: str = CII_LINES.format(quantity="BilledQuantity"),
    sums: str = "",
    agreement: str = "",
    notes: str = "",
    settlement: str = "",
) -> str:
    """Return a Factur-X invoice; MINIMUM and BASIC WL have no lines."""
    poor = profile in {"MINIMUM", "BASICWL"}
    paid = (
        "<ram:TotalPrepaidAmount>100.00</ram:TotalPrepaidAmount>" if profile == "EXTENDED" else ""
    )
    line = "" if poor else "<ram:LineTotalAmount>344.00</ram:LineTotalAmount>"
    totals = sums or CII_SUMS.format(line=line, paid=paid, due="312.80" if paid else "412.80")
    note = (
        f"<ram:IncludedNote><ram:Content>{notes}</ram:Content></ram:IncludedNote>" if notes else ""
    )
    return f"""{DECLARATION}<rsm:CrossIndustryInvoice {CII}>
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
 <ram:ID>urn:factur-x.eu:1p0:{profile.lower()}</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{code}</ram:TypeCode>
 <ram:IssueDateTime><udt:DateTimeString format="102">20261105</udt:DateTimeString></ram:IssueDateTime>
 {note}</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{"" if poor else lines}
<ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>SERVICE-7</ram:BuyerReference>
 {_cii_party("SellerTradeParty", "Serrures du Nord", SELLER_SIRET, "FR40303265045")}
 {_cii_party("BuyerTradeParty", "Banque Exemple", BUYER_SIRET, "")}
 <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>bc-4471</ram:IssuerAssignedID>
 </ram:BuyerOrderReferencedDocument>{agreement}
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
{settlement}{totals}</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def _cii_party(role: str, name: str, siret: str, vat: str) -> str:
    tax = (
        '<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">2201</ram:ID></ram:SpecifiedTaxRegistration>'
        f'<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{vat}</ram:ID></ram:SpecifiedTaxRegistration>'
        if vat
        else ""
    )
    return (
        f"<ram:{role}><ram:Name>{name}</ram:Name><ram:SpecifiedLegalOrganization>"
        f'<ram:ID schemeID="0002">{siret}</ram:ID></ram:SpecifiedLegalOrganization>{tax}</ram:{role}>'
    )


def order_x(
    profile: str = "COMFORT",
    *,
    code: str = "220",
    number: str = "BC-4471",
    purpose: str = "9",
    quote: str = "D-2026-118",
    product: str = "",
) -> str:
    """Return an Order-X order; BASIC has neither tax nor the quotation it answers."""
    lines = CII_LINES.format(quantity="RequestedQuantity").replace(
        "</ram:SpecifiedTradeProduct>", f"{product}</ram:SpecifiedTradeProduct>"
    )
    basic = profile == "BASIC"
    quotation = (
        ""
        if basic
        else f"<ram:QuotationReferencedDocument><ram:IssuerAssignedID>{quote}</ram:IssuerAssignedID></ram:QuotationReferencedDocument>"
    )
    totals = "<ram:LineTotalAmount>344.00</ram:LineTotalAmount>" + (
        ""
        if basic
        else "<ram:TaxBasisTotalAmount>344.00</ram:TaxBasisTotalAmount>"
        '<ram:TaxTotalAmount currencyID="EUR">68.80</ram:TaxTotalAmount>'
        "<ram:GrandTotalAmount>412.80</ram:GrandTotalAmount>"
    )
    return f"""{DECLARATION}<rsm:SCRDMCCBDACIOMessageStructure {ORDER_X}>
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
 <ram:ID>urn:order-x.eu:1p0:{profile.lower()}</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{code}</ram:TypeCode>
 <ram:IssueDateTime><udt:DateTimeString format="102">20261105</udt:DateTimeString></ram:IssueDateTime>
 <ram:PurposeCode>{purpose}</ram:PurposeCode></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{lines}
<ram:ApplicableHeaderTradeAgreement>
 {_cii_party("SellerTradeParty", "Serrures du Nord", SELLER_SIRET, "")}
 {_cii_party("BuyerTradeParty", "Banque Exemple", BUYER_SIRET, "")}{quotation}
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:OrderCurrencyCode>EUR</ram:OrderCurrencyCode>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>{totals}
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:SCRDMCCBDACIOMessageStructure>"""


def zugferd_1() -> str:
    """Return an invoice of 2014: other names for nearly everything, notes written as lines."""
    party = "<ram:{0}><ram:Name>{1}</ram:Name>{2}</ram:{0}>"
    tax = '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE136695976</ram:ID></ram:SpecifiedTaxRegistration>'
    return f"""{DECLARATION}<rsm:CrossIndustryDocument xmlns:rsm="urn:ferd:CrossIndustryDocument:invoice:1p0"
 xmlns:ram="{RAM.replace(":100", ":12")}" xmlns:udt="{UDT.replace(":100", ":15")}">
<rsm:SpecifiedExchangedDocumentContext/>
<rsm:HeaderExchangedDocument><ram:ID>RE-2026-77</ram:ID><ram:Name>RECHNUNG</ram:Name>
 <ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>
 <udt:DateTimeString format="102">20261105</udt:DateTimeString></ram:IssueDateTime></rsm:HeaderExchangedDocument>
<rsm:SpecifiedSupplyChainTradeTransaction>
<ram:ApplicableSupplyChainTradeAgreement>
 {party.format("SellerTradeParty", "Schlossbau GmbH", tax)}{party.format("BuyerTradeParty", "Kunde AG", "")}
 <ram:BuyerOrderReferencedDocument><ram:ID>4500123</ram:ID></ram:BuyerOrderReferencedDocument>
</ram:ApplicableSupplyChainTradeAgreement>
<ram:ApplicableSupplyChainTradeDelivery/>
<ram:ApplicableSupplyChainTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementMonetarySummation>
 <ram:LineTotalAmount currencyID="EUR">100.00</ram:LineTotalAmount>
 <ram:ChargeTotalAmount currencyID="EUR">0.00</ram:ChargeTotalAmount>
 <ram:AllowanceTotalAmount currencyID="EUR">0.00</ram:AllowanceTotalAmount>
 <ram:TaxBasisTotalAmount currencyID="EUR">100.00</ram:TaxBasisTotalAmount>
 <ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount>
 <ram:GrandTotalAmount currencyID="EUR">119.00</ram:GrandTotalAmount>
</ram:SpecifiedTradeSettlementMonetarySummation></ram:ApplicableSupplyChainTradeSettlement>
<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:IncludedNote>
 <ram:Content>Vielen Dank</ram:Content></ram:IncludedNote></ram:AssociatedDocumentLineDocument>
</ram:IncludedSupplyChainTradeLineItem>
<ram:IncludedSupplyChainTradeLineItem>
 <ram:SpecifiedSupplyChainTradeAgreement><ram:NetPriceProductTradePrice>
 <ram:ChargeAmount currencyID="EUR">25.0000</ram:ChargeAmount></ram:NetPriceProductTradePrice>
 </ram:SpecifiedSupplyChainTradeAgreement>
 <ram:SpecifiedSupplyChainTradeDelivery><ram:BilledQuantity unitCode="C62">4.0000</ram:BilledQuantity>
 </ram:SpecifiedSupplyChainTradeDelivery>
 <ram:SpecifiedSupplyChainTradeSettlement><ram:SpecifiedTradeSettlementMonetarySummation>
 <ram:LineTotalAmount currencyID="EUR">100.00</ram:LineTotalAmount>
 </ram:SpecifiedTradeSettlementMonetarySummation></ram:SpecifiedSupplyChainTradeSettlement>
 <ram:SpecifiedTradeProduct><ram:SellerAssignedID>ZYL-30</ram:SellerAssignedID>
 <ram:Name>Schließzylinder</ram:Name></ram:SpecifiedTradeProduct>
</ram:IncludedSupplyChainTradeLineItem>
</rsm:SpecifiedSupplyChainTradeTransaction></rsm:CrossIndustryDocument>"""


UBL_ROLES = {
    "Invoice": ("AccountingSupplierParty", "AccountingCustomerParty"),
    "CreditNote": ("AccountingSupplierParty", "AccountingCustomerParty"),
    "Order": ("SellerSupplierParty", "BuyerCustomerParty"),
    "Quotation": ("SellerSupplierParty", "OriginatorCustomerParty"),
    "DespatchAdvice": ("DespatchSupplierParty", "DeliveryCustomerParty"),
}
UBL_LINES = {
    "Invoice": ("InvoiceLine", "InvoicedQuantity", "LegalMonetaryTotal"),
    "CreditNote": ("CreditNoteLine", "CreditedQuantity", "LegalMonetaryTotal"),
    "Order": ("OrderLine", "Quantity", "AnticipatedMonetaryTotal"),
    "Quotation": ("QuotationLine", "Quantity", "QuotedMonetaryTotal"),
    "DespatchAdvice": ("DespatchLine", "DeliveredQuantity", ""),
}


def ubl(
    root: str = "Invoice", *, number: str = "FA-2026-0042", head: str = "", sums: str = ""
) -> str:
    """Return a document of Peppol's shape; a despatch advice has no money."""
    seller, buyer = UBL_ROLES.get(root, UBL_ROLES["Order"])
    line, quantity, total = UBL_LINES.get(root, UBL_LINES["Order"])
    code = {"Invoice": "380", "CreditNote": "381"}.get(root)
    typed = f"<cbc:{root}TypeCode>{code}</cbc:{root}TypeCode>" if code else ""
    amounts = sums or (
        '<cbc:LineExtensionAmount currencyID="EUR">344.00</cbc:LineExtensionAmount>'
        '<cbc:TaxExclusiveAmount currencyID="EUR">344.00</cbc:TaxExclusiveAmount>'
        '<cbc:TaxInclusiveAmount currencyID="EUR">412.80</cbc:TaxInclusiveAmount>'
        '<cbc:PrepaidAmount currencyID="EUR">100.00</cbc:PrepaidAmount>'
        '<cbc:PayableAmount currencyID="EUR">312.80</cbc:PayableAmount>'
    )
    money = (
        f'<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">68.80</cbc:TaxAmount></cac:TaxTotal>'
        f"<cac:{total}>{amounts}</cac:{total}>"
        if total
        else ""
    )
    net = (
        '<cbc:LineExtensionAmount currencyID="EUR">344.00</cbc:LineExtensionAmount>'
        if total
        else ""
    )
    inner = f"""<cbc:ID>1</cbc:ID><cbc:{quantity} unitCode="C62">2</cbc:{quantity}>{net}
 <cac:Item><cbc:Name>Lecteur de badges</cbc:Name><cac:SellersItemIdentification>
 <cbc:ID>LECT-400</cbc:ID></cac:SellersItemIdentification></cac:Item>
 <cac:Price><cbc:PriceAmount currencyID="EUR">344.00</cbc:PriceAmount>
 <cbc:BaseQuantity unitCode="C62">2</cbc:BaseQuantity></cac:Price>"""
    wrapped = (
        f"<cac:LineItem>{inner}</cac:LineItem>" if line in {"OrderLine", "QuotationLine"} else inner
    )
    return f"""{DECLARATION}<{root} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
 xmlns:cac="{CAC}" xmlns:cbc="{CBC}">
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-11-05</cbc:IssueDate>{typed}
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>{head}
{_ubl_party(seller, "Serrures du Nord", SELLER_SIRET, "FR40303265045")}
{_ubl_party(buyer, "Banque Exemple", BUYER_SIRET, "")}
{money}<cac:{line}>{wrapped}</cac:{line}></{root}>"""


def _ubl_party(role: str, name: str, siret: str, vat: str) -> str:
    tax = (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
        "</cac:TaxScheme></cac:PartyTaxScheme>"
        if vat
        else ""
    )
    return (
        f"<cac:{role}><cac:Party>{tax}<cac:PartyLegalEntity><cbc:RegistrationName>{name}"
        f'</cbc:RegistrationName><cbc:CompanyID schemeID="0009">{siret}</cbc:CompanyID>'
        f"</cac:PartyLegalEntity></cac:Party></cac:{role}>"
    )


def packed(*files: tuple[str, bytes | str], pdf: bytes = b"", associated: bool = False) -> bytes:
    """Return a PDF that carries files by name; `associated`: only /AF of the catalogue names them."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf or text_pdf(["FACTURE"]))))
    for name, content in files:
        writer.add_attachment(name, content if isinstance(content, bytes) else content.encode())
    if associated:
        root = writer.root_object
        names = root["/Names"]["/EmbeddedFiles"]["/Names"]
        root[NameObject("/AF")] = ArrayObject(names[1::2])
        del root["/Names"]
    target = BytesIO()
    writer.write(target)
    return target.getvalue()
