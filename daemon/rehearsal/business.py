"""Business papers for rehearsals, drawn as firms draw them: letterhead, table, totals. All invented."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from daemon.rehearsal.enclosure import PDF, Enclosure, Given, listed, named
from daemon.rehearsal.pictures import noise, page_picture, photographed

COLUMNS = (50, 150, 350, 400, 480)
LINE = 15
SIGNS = {"EUR": "€", "GBP": "£", "USD": "USD", "CHF": "CHF"}
HEAD = "Référence\tDésignation\tQté\tPU HT\tMontant HT"


def order(given: Given, now: datetime) -> Enclosure:
    """Draw a purchase order of the customer's."""
    number = str(given.get("number", "BC-1"))
    return _enclosed(given, f"{number}.pdf", pdf(_order_lines(given, now)))


def order_x(given: Given, now: datetime) -> Enclosure:
    """Draw an order with its XML inside (Order-X). `drawn_gross` and `drawn_number` are what the page
    says instead: the XML is what counts (X-24)."""
    number = str(given.get("number", "BC-1"))
    drawn = {
        **given,
        **{n: given[f"drawn_{n}"] for n in ("gross", "number") if given.get(f"drawn_{n}")},
    }
    target = PdfWriter(clone_from=PdfReader(BytesIO(pdf(_order_lines(drawn, now)))))
    target.add_attachment("order-x.xml", _order_xml(given, now).encode())
    whole = BytesIO()
    target.write(whole)
    return Enclosure(name=named(given, f"{number}.pdf"), content_type=PDF, data=whole.getvalue())


def quote(given: Given, now: datetime) -> Enclosure:
    """Draw a quote of ours; two drawn alike on one day are the same bytes."""
    return _enclosed(given, f"{_quote_number(given)}.pdf", pdf(_quote_lines(given, now)))


def signed_quote(given: Given, now: datetime) -> Enclosure:
    """Draw a quote of ours with the customer's acceptance under it."""
    lines = [*_quote_lines(given, now), f"Bon pour accord, le {now:%d/%m/%Y}", "Claire Martin"]
    return _enclosed(given, f"{_quote_number(given)} signé.pdf", pdf(lines))


def invoice(given: Given, now: datetime) -> Enclosure:
    """Draw an invoice of some seller's."""
    number = str(given.get("number", "F-2026-118"))
    siret = [f"SIRET : {given['seller_siret']}"] if given.get("seller_siret") else []
    lines = ["Revendeur SARL", "8 quai Vauban", "29200 Brest", *siret, "", f"FACTURE N° {number}"]
    lines += [f"Date : {now:%d/%m/%Y}", f"Client : {_buyer(given)}", "", HEAD, *_rows(given)]
    lines += [*_totals(given), "Net à payer, échéance à 30 jours"]
    return _enclosed(given, f"{number}.pdf", pdf(lines))


def delivery_note(given: Given, now: datetime) -> Enclosure:
    """Draw what travels with a parcel: no prices."""
    number = str(given.get("number", "BL-2026-7"))
    lines = ["Transports Armor", "", f"BON DE LIVRAISON N° {number}", f"Date : {now:%d/%m/%Y}"]
    lines += [f"Destinataire : {_buyer(given)}", *_references(given), ""]
    lines += ["Référence\tDésignation\tQté", *("\t".join(row[:3]) for row in _cells(given))]
    return _enclosed(given, f"{number}.pdf", pdf(lines))


def scan(given: Given, now: datetime) -> Enclosure:
    """Make a page without text: of an order when it has a number, else of nothing."""
    name = named(given, "scan.pdf")
    picture = (
        page_picture(pdf(_order_lines(given, now))) if given.get("number") else noise(name, 120)
    )
    return Enclosure(name=name, content_type=PDF, data=pdf([], picture=picture))


def locked(given: Given, now: datetime) -> Enclosure:
    """Draw a paper that asks for a password."""
    data = pdf(["BON DE COMMANDE N° 7", f"{now:%d/%m/%Y}"], password="secret")  # noqa: S106
    return Enclosure(name=named(given, "commande.pdf"), content_type=PDF, data=data)


def pdf(lines: list[str], *, password: str = "", picture: Image.Image | None = None) -> bytes:
    """Return a page with these lines, cells apart by tabs; the same lines give the same bytes."""
    target = BytesIO()
    lock = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(target, pagesize=A4, encrypt=lock, invariant=1)
    for number, line in enumerate(lines):
        for column, cell in enumerate(line.split("\t")):
            canvas.drawString(COLUMNS[column], A4[1] - 50 - LINE * number, cell)
    if picture is not None:
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    canvas.save()
    return target.getvalue()


def _enclosed(given: Given, usual: str, data: bytes) -> Enclosure:
    """Return the paper as a file, or as what `as: photo` or `as: scan` makes of it."""
    form, name = given.get("as"), named(given, usual)
    if form == "photo":
        return photographed(data, str(given.get("name") or "IMG_2041.jpg"))
    if form == "scan":
        data = pdf([], picture=page_picture(data))
    return Enclosure(name=name, content_type=PDF, data=data)


def _order_lines(given: Given, now: datetime) -> list[str]:
    number, quotes = str(given.get("number", "BC-1")), listed(given.get("quotes"))
    lines = [_buyer(given), "4 place du Marché", "75011 Paris"]
    lines += [f"SIRET : {given['siret']}"] if given.get("siret") else []
    lines += ["", f"BON DE COMMANDE N° {number}", f"Date : {now:%d/%m/%Y}"]
    lines += ["Fournisseur : SAV Exemple", "1 rue des Ateliers, 75000 Paris"]
    lines += [f"Selon votre devis n° {', '.join(quotes)}"] if quotes else []
    return [*lines, *_references(given), "", HEAD, *_rows(given), "", *_totals(given)]


def _quote_lines(given: Given, now: datetime) -> list[str]:
    lines = [
        "SAV Exemple",
        "1 rue des Ateliers",
        "75000 Paris",
        "",
        f"DEVIS N° {_quote_number(given)}",
    ]
    lines += [f"Date : {now:%d/%m/%Y}", f"Client : {_buyer(given)}", "", HEAD, *_rows(given)]
    lines += ["", *_totals(given)]
    lines += [f"Devis valable jusqu'au {given['valid']}"] if given.get("valid") else []
    return [*lines, "", "Bon pour accord, date, cachet et signature :"]


def _quote_number(given: Given) -> str:
    return str(given.get("number", "D-2026-118"))


def _buyer(given: Given) -> str:
    return str(given.get("buyer") or "Dupont SA")


def _references(given: Given) -> list[str]:
    return [f"Votre référence {key}" for key in listed(given.get("rma"))]


def _rows(given: Given) -> list[str]:
    return ["\t".join(row) for row in _cells(given)]


def _cells(given: Given) -> list[list[str]]:
    """Return the rows of the table: those of the script ("LECT-400; Lecteur; 2; 172.00"), else one
    for each serial number or quote, which share the net amount."""
    told = [[part.strip() for part in one.split(";")] for one in listed(given.get("positions"))]
    if told:
        return [_priced(reference, name, count, price) for reference, name, count, price in told]
    serials = [f"Lecteur, n° de série {one}" for one in listed(given.get("serials"))]
    quotes = [f"Réparation devis {one}" for one in listed(given.get("quotes"))]
    names = serials or (quotes if len(quotes) > 1 else []) or ["Lecteur de badges"]
    if not given.get("net"):
        return [["LECT-400", name, "1"] for name in names]
    share = str(round(Decimal(str(given["net"])) / len(names), 2))
    return [_priced("LECT-400", name, "1", share) for name in names]


def _priced(reference: str, name: str, count: str, price: str) -> list[str]:
    amount = str(round(Decimal(count) * Decimal(price), 2))
    return [reference, name, _comma(count), _comma(price), _comma(amount)]


def _totals(given: Given) -> list[str]:
    """Return the total lines; amounts are written the French way, as they are printed."""
    net, gross = given.get("net"), given.get("gross")
    tax = Decimal(str(gross)) - Decimal(str(net)) if net and gross else None
    named = (("Total HT", net), ("TVA 20 %", tax), ("Total TTC", gross))
    sign = SIGNS[str(given.get("currency") or "EUR")]
    return [f"\t\t\t{label}\t{_comma(value)} {sign}" for label, value in named if value is not None]


def _comma(amount: object) -> str:
    return str(amount).replace(".", ",")


def _order_xml(given: Given, now: datetime) -> str:
    """Return an order as Order-X writes it (UN/CEFACT SCRDM CIO), the elements that matter."""
    told = {"currency": "EUR"} | {name: escape(str(value)) for name, value in given.items()}
    net, gross = Decimal(told["net"]), Decimal(told["gross"])
    quotes = "".join(
        f"<ram:QuotationReferencedDocument><ram:IssuerAssignedID>{escape(one)}</ram:IssuerAssignedID>"
        "</ram:QuotationReferencedDocument>"
        for one in listed(given.get("quotes"))
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:SCRDMCCBDACIOMessageStructure
 xmlns:rsm="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:128"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:128">
<rsm:ExchangedDocument><ram:ID>{told["number"]}</ram:ID><ram:TypeCode>220</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">{now:%Y%m%d}</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{_xml_lines(given)}<ram:ApplicableHeaderTradeAgreement>
<ram:SellerTradeParty><ram:Name>SAV Exemple</ram:Name></ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:Name>{escape(_buyer(given))}</ram:Name></ram:BuyerTradeParty>{quotes}
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:OrderCurrencyCode>{told["currency"]}</ram:OrderCurrencyCode>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:LineTotalAmount>{net}</ram:LineTotalAmount><ram:TaxBasisTotalAmount>{net}</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="{told["currency"]}">{gross - net}</ram:TaxTotalAmount>
<ram:GrandTotalAmount>{gross}</ram:GrandTotalAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:SCRDMCCBDACIOMessageStructure>
"""


def _xml_lines(given: Given) -> str:
    """Return the rows of the table as Order-X writes them."""
    rows = (row for row in _cells(given) if len(row) > 3)
    return "".join(
        f"""
<ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineID>{n}</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:SellerAssignedID>{escape(reference)}</ram:SellerAssignedID>
<ram:Name>{escape(name)}</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
<ram:ChargeAmount>{_point(price)}</ram:ChargeAmount>
</ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery>
<ram:RequestedQuantity unitCode="C62">{_point(count)}</ram:RequestedQuantity>
</ram:SpecifiedLineTradeDelivery>
<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation>
<ram:LineTotalAmount>{_point(amount)}</ram:LineTotalAmount>
</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>"""
        for n, (reference, name, count, price, amount) in enumerate(rows, start=1)
    )


def _point(amount: str) -> str:
    return amount.replace(",", ".")
