"""E-documents as programs really write them: what the standards do not say and do not allow."""

import base64
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from parsers.business import Confidence, DocumentKind
from parsers.files.einvoice import read_embedded, read_xml
from parsers.files.opening import with_opened_files
from parsers.files.xml_values import price_of_one
from parsers.read import read as read_mail

from .einvoices import DECLARATION, SELLER_SIRET, cii, order_x, packed, ubl

QUOTATION = (
    "<cac:QuotationDocumentReference><cbc:ID>D-2026-118</cbc:ID></cac:QuotationDocumentReference>"
)
ORDER = ubl("Order", number="4500123", head=QUOTATION)
BARE_ORDER = ORDER.replace(DECLARATION, "")


def read(text):
    return read_xml(text.encode())


def test_an_envelope_around_an_order_is_taken_off():
    header = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
    document = read(
        f'{DECLARATION}<StandardBusinessDocument xmlns="{header}"><StandardBusinessDocumentHeader>'
        "<HeaderVersion>1.0</HeaderVersion></StandardBusinessDocumentHeader>"
        f"{BARE_ORDER}</StandardBusinessDocument>"
    )
    assert (document.kind, document.quotes) == (DocumentKind.ORDER, ("D-2026-118",))
    assert document.places["number"].line == "Order/ID"


def test_a_plan_of_eight_megabytes_packed_into_an_invoice_does_no_harm():
    plan = base64.b64encode(b"x" * 6_000_000).decode()
    head = (
        "<cac:AdditionalDocumentReference><cbc:ID>plan</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf">{plan}'
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
    )
    assert read(ubl(head=head)).gross_cents == 41_280


def test_a_comma_between_thousands_is_not_taken_for_one_between_cents():
    total = "412.80</ram:Grand"
    assert read(cii().replace(total, "1,234</ram:Grand")).gross_cents is None
    assert read(cii().replace(total, "1,234.50</ram:Grand")).gross_cents is None


def test_a_credit_note_written_as_an_invoice_is_a_credit_note():
    document = read(ubl().replace("<cbc:InvoiceTypeCode>380", "<cbc:InvoiceTypeCode> 381\n"))
    assert (document.kind, document.confidence) == (DocumentKind.CREDIT_NOTE, Confidence.SURE)


def test_a_quotation_that_only_a_line_names_counts():
    reference = (
        "<ram:SpecifiedLineTradeAgreement><ram:QuotationReferencedDocument><ram:IssuerAssignedID>"
        "D-2026-118</ram:IssuerAssignedID></ram:QuotationReferencedDocument>"
    )
    document = read(order_x("BASIC").replace("<ram:SpecifiedLineTradeAgreement>", reference))
    assert document.quotes == ("D-2026-118",)


def test_the_establishment_goes_before_the_company():
    text = cii().replace(f'"0002">{SELLER_SIRET}', '"0002">732829320')
    name = "<ram:Name>Serrures du Nord</ram:Name>"
    assert read(text).seller.siret == "732829320"
    text = text.replace(
        name, f'<ram:GlobalID schemeID="0009">732 829 320 00074</ram:GlobalID>{name}'
    )
    assert read(text).seller.siret == SELLER_SIRET


def test_a_vat_number_that_is_only_an_address_counts():
    text = ubl().replace("<cac:PartyTaxScheme>", '<cbc:EndpointID schemeID="9957">FR40303265045</cbc:EndpointID><cac:Other>').replace("</cac:PartyTaxScheme>", "</cac:Other>")  # fmt: skip
    assert read(text).seller.vat == "FR40303265045"


def test_a_day_may_bear_a_zone_and_must_be_written_as_a_day():
    assert read(ubl().replace("2026-11-05", "2026-11-05+01:00")).dated == date(2026, 11, 5)
    assert read(ubl().replace("2026-11-05", "05.11.2026")).dated is None
    assert read(ubl().replace("2026-11-05", "2026-02-30")).dated is None


def test_the_currency_may_be_small_or_stand_at_the_amounts_alone():
    named = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    for text in (ubl().replace('"EUR"', '"eur"'), ubl().replace(named, "")):
        assert (read(text).gross_cents, read(text).currency) == (41_280, "EUR")


def test_a_quotation_given_as_another_document_with_its_name_counts():
    additional = (
        "<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>D-2026-118</ram:IssuerAssignedID>"
        "<ram:TypeCode>916</ram:TypeCode><ram:Name>Devis</ram:Name>"
        "</ram:AdditionalReferencedDocument>"
    )
    assert read(cii(agreement=additional)).quotes == ("D-2026-118",)
    other = (
        "<cac:AdditionalDocumentReference><cbc:ID>D-2026-118</cbc:ID>"
        "<cbc:DocumentType>Angebot</cbc:DocumentType></cac:AdditionalDocumentReference>"
    )
    assert read(ubl("Order", head=other)).quotes == ("D-2026-118",)


@pytest.mark.parametrize("purpose", ["1", "4", "5"])
def test_an_order_that_changes_or_takes_back_another_is_for_a_person(purpose):
    assert read(order_x(purpose=purpose)).confidence is Confidence.UNSURE


def test_zeros_behind_the_end_and_control_characters_do_no_harm():
    data = cii(notes="a\x0bb\x02c").encode() + b"\x00\x00\r\n\x00"
    assert read_embedded(packed(("factur-x.xml", data))).number == "FA-2026-0042"


def test_a_bare_ampersand_does_no_harm():
    text = cii(notes="Nuts & Bolts").replace("Banque Exemple", "Dupont &amp; Fils")
    assert read(text).buyer.name == "Dupont & Fils"
    assert "Nuts & Bolts" in read(text).text


def test_a_number_broken_over_two_lines_is_one():
    assert read(cii(number="FA 2026\n   0042")).number == "FA 2026 0042"


def test_of_a_pdf_saved_twice_the_newer_xml_counts():
    writer = PdfWriter(BytesIO(packed(("factur-x.xml", cii(number="OLD-1")))), incremental=True)
    specification = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()
    specification["/EF"]["/F"].get_object().set_data(cii(number="NEW-2").encode())
    target = BytesIO()
    writer.write(target)
    assert b"OLD-1" in target.getvalue()
    assert read_embedded(target.getvalue()).number == "NEW-2"
    assert PdfReader(target).pages


def test_a_well_known_name_in_capitals_and_with_a_folder_is_known():
    other = ("a.xml", cii(number="X-1"))
    document = read_embedded(packed(other, (r"C:\tmp\FACTUR-X.XML", cii())))
    assert (document.number, document.doubts) == ("FA-2026-0042", ("several_xml",))


@pytest.mark.parametrize(
    "data",
    [
        ORDER.encode(),
        BARE_ORDER.encode(),
        ORDER.replace("UTF-8", "UTF-16").encode("utf-16"),
        ORDER.replace("UTF-8", "UTF-16").encode("utf-16-le"),
        b"\xef\xbb\xbf" + BARE_ORDER.encode(),
    ],
    ids=["plain", "no declaration", "utf-16", "utf-16 unmarked", "marked"],
)
def test_an_order_attached_as_xml_is_known_by_its_bytes(data):
    raw = (
        b"From: a@a.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        b"Bonjour\n--b\nContent-Type: application/octet-stream; name=order.dat\n"
        b"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=order.dat\n\n"
        + base64.encodebytes(data)
        + b"\n--b--\n"
    )
    (file,) = with_opened_files(read_mail(raw)).attachments
    assert (file.document.kind, file.document.number) == (DocumentKind.ORDER, "4500123")


def test_a_gift_without_a_price_makes_no_doubt():
    gift = (
        "</ram:IncludedSupplyChainTradeLineItem><ram:IncludedSupplyChainTradeLineItem>"
        "<ram:SpecifiedTradeProduct><ram:Name>Retour offert</ram:Name></ram:SpecifiedTradeProduct>"
        "</ram:IncludedSupplyChainTradeLineItem>"
    )
    document = read(order_x().replace("</ram:IncludedSupplyChainTradeLineItem>", gift))
    assert (len(document.positions), document.doubts) == (2, ())


def test_a_device_named_as_a_property_of_the_item_is_found():
    text = ubl("Order").replace("</cac:Item>", "<cac:AdditionalItemProperty><cbc:Name>S/N</cbc:Name><cbc:Value>AX-99812</cbc:Value></cac:AdditionalItemProperty></cac:Item>")  # fmt: skip
    assert read(text).serials == ("AX-99812",)


def test_of_a_rounded_amount_to_pay_the_rounding_is_taken_off():
    sums = (
        '<cbc:LineExtensionAmount currencyID="EUR">344.00</cbc:LineExtensionAmount>'
        '<cbc:PayableRoundingAmount currencyID="EUR">0.20</cbc:PayableRoundingAmount>'
        '<cbc:PayableAmount currencyID="EUR">413.00</cbc:PayableAmount>'
    )
    document = read(ubl("Order", sums=sums))
    assert (document.net_cents, document.gross_cents) == (34_400, 41_280)


def test_forty_thousand_references_cost_no_more_than_five_hundred():
    one = "<ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>{}</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>"
    document = read(cii(agreement="".join(one.format(f"A{n}") for n in range(30_000))))
    assert len(document.orders) == 500


def test_a_price_beyond_all_prices_is_none():
    assert price_of_one("999999999999999", "0.000000000001") is None
    assert price_of_one("350", "100") == Decimal("3.5")
