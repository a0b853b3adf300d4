"""E-documents: what the XML says goes before the page, and no XML harms the reader."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.business import (
    BusinessDocument,
    Confidence,
    DocumentKind,
    Party,
    Place,
    Position,
    Source,
)
from parsers.files.einvoice import completed, read_embedded, read_xml

from .einvoices import (
    BUYER_SIRET,
    DECLARATION,
    SELLER_SIRET,
    cii,
    order_x,
    packed,
    ubl,
    zugferd_1,
)

LINE = Position(
    reference="LECT-400",
    description="Lecteur de badges",
    quantity=Decimal(2),
    unit_price=Decimal(172),
    net_cents=34_400,
)


def read(text):
    return read_xml(text.encode())


def sums_of(document):
    return (document.net_cents, document.tax_cents, document.gross_cents, document.currency)


# What each vocabulary and profile says


@pytest.mark.parametrize("profile", ["MINIMUM", "BASICWL", "BASIC", "EN16931", "EXTENDED"])
def test_an_invoice_of_each_profile_is_read_as_far_as_it_goes(profile):
    document = read(cii(profile))
    assert (document.kind, document.number) == (DocumentKind.INVOICE, "FA-2026-0042")
    assert (document.confidence, document.source) == (Confidence.SURE, Source.XML)
    assert (document.dated, document.orders) == (date(2026, 11, 5), ("BC-4471",))
    assert sums_of(document) == (34_400, 6_880, 41_280, "EUR")
    assert document.seller == Party(
        name="Serrures du Nord", siret=SELLER_SIRET, vat="FR40303265045"
    )
    assert document.buyer == Party(name="Banque Exemple", siret=BUYER_SIRET)
    assert document.positions == (() if profile in {"MINIMUM", "BASICWL"} else (LINE,))
    assert document.doubts == ()


def test_an_order_x_names_the_quotation_it_answers():
    document = read(order_x())
    assert (document.kind, document.number) == (DocumentKind.ORDER, "BC-4471")
    assert document.quotes == ("D-2026-118",)
    assert document.positions == (LINE,)
    assert sums_of(document) == (34_400, 6_880, 41_280, "EUR")


def test_what_an_order_x_of_the_basic_profile_leaves_out_stays_unknown():
    document = read(order_x("BASIC"))
    assert (document.kind, document.quotes) == (DocumentKind.ORDER, ())
    assert sums_of(document) == (34_400, None, None, "EUR")


def test_an_invoice_of_2014_is_read_by_its_other_names_and_without_its_lines_of_words():
    document = read(zugferd_1())
    assert (document.kind, document.number) == (DocumentKind.INVOICE, "RE-2026-77")
    assert (document.orders, document.seller.vat) == (("4500123",), "DE136695976")
    assert sums_of(document) == (10_000, 1_900, 11_900, "EUR")
    assert [position.reference for position in document.positions] == ["ZYL-30"]


@pytest.mark.parametrize(
    "root, kind",
    [
        ("Invoice", DocumentKind.INVOICE),
        ("CreditNote", DocumentKind.CREDIT_NOTE),
        ("Order", DocumentKind.ORDER),
        ("Quotation", DocumentKind.QUOTE),
    ],
)
def test_ubl_is_read_whole_and_what_was_paid_before_changes_no_total(root, kind):
    document = read(ubl(root))
    assert (document.kind, document.number) == (kind, "FA-2026-0042")
    assert (document.seller.siret, document.buyer.siret) == (SELLER_SIRET, BUYER_SIRET)
    assert document.dated == date(2026, 11, 5)
    assert sums_of(document) == (34_400, 6_880, 41_280, "EUR")
    assert document.positions == (LINE,)


def test_a_despatch_advice_has_goods_and_no_money():
    reference = "<cac:OrderReference><cbc:ID>BC-4471</cbc:ID></cac:OrderReference>"
    document = read(ubl("DespatchAdvice", head=reference))
    assert (document.kind, document.orders) == (DocumentKind.DELIVERY_NOTE, ("BC-4471",))
    assert document.positions == (replace(LINE, net_cents=None),)
    assert sums_of(document)[:3] == (None, None, None)


def test_a_ubl_order_names_quotation_validity_and_what_its_note_says():
    head = (
        "<cbc:Note>Votre RMA-2026-412, n° de série AX-99812</cbc:Note>"
        "<cac:ValidityPeriod><cbc:EndDate>2026-12-31</cbc:EndDate></cac:ValidityPeriod>"
        "<cac:QuotationDocumentReference><cbc:ID>d-2026-118</cbc:ID></cac:QuotationDocumentReference>"
    )
    document = read(ubl("Order", number="4500123", head=head))
    assert (document.quotes, document.valid_until) == (("D-2026-118",), date(2026, 12, 31))
    assert (document.rma_numbers, document.serials) == (("RMA-2026-000412",), ("AX-99812",))


# Kinds


@pytest.mark.parametrize(
    "code, kind",
    [
        ("380", DocumentKind.INVOICE),
        ("384", DocumentKind.INVOICE),
        ("389", DocumentKind.INVOICE),
        ("326", DocumentKind.INVOICE),
        ("381", DocumentKind.CREDIT_NOTE),
        ("261", DocumentKind.CREDIT_NOTE),
    ],
)
def test_an_invoice_is_of_the_kind_its_code_says(code, kind):
    document = read(cii(code=code))
    assert (document.kind, document.confidence) == (kind, Confidence.SURE)


@pytest.mark.parametrize("code", ["220", "105", "226", "227"])
def test_orders_of_every_sort_are_orders(code):
    assert read(order_x(code=code)).kind is DocumentKind.ORDER


def test_the_answer_to_an_order_is_no_order():
    assert read(order_x(code="231")).kind is DocumentKind.OTHER
    assert read(ubl("OrderResponse")).kind is DocumentKind.OTHER


@pytest.mark.parametrize(
    "text",
    [order_x(code="230"), order_x(purpose="1"), ubl("OrderChange"), ubl("OrderCancellation")],
    ids=["changed", "cancelled", "ubl changed", "ubl cancelled"],
)
def test_a_change_or_a_cancellation_of_an_order_is_for_a_person(text):
    document = read(text)
    assert (document.kind, document.confidence) == (DocumentKind.OTHER, Confidence.UNSURE)


def test_a_code_that_contradicts_the_root_is_for_a_person():
    assert read(cii(code="220")).confidence is Confidence.UNSURE


def test_a_request_for_a_quotation_is_no_quotation():
    assert read(ubl("RequestForQuotation")).kind is DocumentKind.OTHER
    assert read(order_x(code="311")).kind is DocumentKind.OTHER


# Numbers


def test_a_correction_names_the_invoice_it_corrects():
    reference = (
        "<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>FA-2026-0040</ram:IssuerAssignedID>"
        "</ram:InvoiceReferencedDocument>"
    )
    assert read(cii(code="381", settlement=reference)).invoices == ("FA-2026-0040",)


def test_several_quotations_in_one_field_are_several_and_an_empty_word_is_none():
    assert read(order_x(quote="D-2026-118, D-2026-119 ;D-2026-120")).quotes == (
        "D-2026-118",
        "D-2026-119",
        "D-2026-120",
    )
    assert read(order_x(quote="N/A")).quotes == ()


def test_a_quotation_told_in_a_note_counts_and_our_key_is_found_in_the_reference():
    document = read(cii(notes="Suivant votre devis n° D-2026-118", number="RMA-2026-000412"))
    assert document.quotes == ("D-2026-118",)
    assert read(order_x(quote="RMA-2026-412")).rma_numbers == ("RMA-2026-000412",)


def test_devices_are_found_where_their_numbers_stand():
    product = (
        "<ram:ApplicableProductCharacteristic><ram:Description>Numéro de série</ram:Description>"
        "<ram:Value>AX-99812</ram:Value></ram:ApplicableProductCharacteristic>"
        "<ram:IndividualTradeProductInstance><ram:SerialID>ax-77</ram:SerialID>"
        "</ram:IndividualTradeProductInstance>"
    )
    assert read(order_x(product=product)).serials == ("AX-77", "AX-99812")


def test_a_price_for_a_hundred_becomes_the_price_of_one():
    text = cii().replace(
        "172.00</ram:ChargeAmount>",
        '172.00</ram:ChargeAmount><ram:BasisQuantity unitCode="C62">100</ram:BasisQuantity>',
    )
    assert read(text).positions[0].unit_price == Decimal("1.72")


def test_each_value_names_the_element_it_came_from():
    places = read(ubl("Order")).places
    assert places["gross"] == Place(
        page=0, line="Order/AnticipatedMonetaryTotal/TaxInclusiveAmount"
    )
    assert places["positions.0"].line == "Order/OrderLine/LineItem"
    assert "" not in places


# Amounts


@pytest.mark.parametrize(
    "written, cents",
    [
        ("412.80", 41_280),
        (" 412.8 ", 41_280),
        ("412.80<!-- or so -->", 41_280),
        ("4<!-- 9 -->12<?x y?>.80", 41_280),
        ("-412.80", -41_280),
        ("412,80", 41_280),
        ("412.795", 41_280),
        ("+412.80", 41_280),
        ("<![CDATA[412.80]]>", 41_280),
        ("4.128E2", None),
        ("NaN", None),
        ("Infinity", None),
        ("", None),
        ("412.80 EUR", None),
        ("٤١٢", None),
        ("9" * 40, None),
    ],
)
def test_amounts_are_read_to_the_cent_or_not_at_all(written, cents):
    assert (
        read(cii().replace("412.80</ram:GrandTotal", f"{written}</ram:GrandTotal")).gross_cents
        == cents
    )


def test_a_credit_in_negative_amounts_adds_up():
    document = read(
        cii()
        .replace(">344.00", ">-344.00")
        .replace(">68.80", ">-68.80")
        .replace(">412.80", ">-412.80")
    )
    assert (document.gross_cents, document.doubts) == (-41_280, ())


def test_the_tax_in_the_currency_of_the_books_is_not_added():
    second = '<ram:TaxTotalAmount currencyID="CHF">64.10</ram:TaxTotalAmount><ram:GrandTotalAmount>'
    assert read(cii().replace("<ram:GrandTotalAmount>", second)).tax_cents == 6_880


def test_missing_totals_stay_unknown():
    document = read(cii(sums="<ram:X/>"))
    assert sums_of(document) == (None, None, None, "EUR")
    assert document.doubts == ()


def test_what_is_to_pay_after_a_payment_is_never_the_total():
    sums = (
        '<cbc:TaxExclusiveAmount currencyID="EUR">344.00</cbc:TaxExclusiveAmount>'
        '<cbc:PrepaidAmount currencyID="EUR">100.00</cbc:PrepaidAmount>'
        '<cbc:PayableAmount currencyID="EUR">312.80</cbc:PayableAmount>'
    )
    assert read(ubl(sums=sums)).gross_cents is None


# Doubts


@pytest.mark.parametrize(
    "old, new, doubt",
    [
        (">412.80</ram:GrandTotal", ">421.80</ram:GrandTotal", "totals"),
        (">344.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLine", ">244.00</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLine", "totals"),
        (SELLER_SIRET, "73282932000075", "siret"),
        ("FR40303265045", "FR41303265045", "vat"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_named(old, new, doubt):
    assert read(cii().replace(old, new)).doubts == (doubt,)


def test_a_discount_on_the_whole_belongs_to_the_sum():
    amounts = {
        "LineTotal": "344.00",
        "ChargeTotal": "6.00",
        "AllowanceTotal": "50.00",
        "TaxBasisTotal": "300.00",
        "TaxTotal": "60.00",
        "GrandTotal": "360.00",
    }
    sums = "".join(f"<ram:{n}Amount>{value}</ram:{n}Amount>" for n, value in amounts.items())
    name = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
    document = read(cii(sums=f"<{name}>{sums}</{name}>"))
    assert (document.net_cents, document.gross_cents) == (30_000, 36_000)
    assert document.doubts == ()


def test_lines_that_only_group_or_inform_are_no_positions():
    status = "<ram:LineID>1</ram:LineID><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
    assert read(cii().replace("<ram:LineID>1</ram:LineID>", status)).positions == ()


# Hostile and broken XML


def bombed(payload, text=None):
    return (text or cii(notes="&a;")).replace(DECLARATION, DECLARATION + payload)


@pytest.mark.parametrize(
    "payload",
    [
        '<!DOCTYPE x [<!ENTITY b "lol"><!ENTITY a "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]>',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p; <!ENTITY a "x">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        "<!DOCTYPE x>",
        "",
    ],
    ids=["laughs", "file", "http", "parameter", "dtd", "doctype", "undeclared"],
)
def test_entities_and_dtds_are_refused_as_a_whole(payload):
    assert read(bombed(payload)) is None


def test_a_dtd_hidden_in_another_charset_is_refused_too():
    text = bombed('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>')
    assert read_xml(text.replace("UTF-8", "UTF-16").encode("utf-16")) is None
    assert read_xml(text.replace("UTF-8", "UTF-7").encode("utf-7")) is None


@pytest.mark.parametrize(
    "data",
    [
        cii().encode("utf-8-sig"),
        cii().replace("UTF-8", "UTF-16").encode("utf-16"),
        cii().encode("utf-16"),
        cii().replace("UTF-8", "UTF-16").encode("utf-16-be"),
        cii().replace("UTF-8", "ISO-8859-15").encode("iso8859-15"),
        cii().encode("cp1252"),
        cii().replace("UTF-8", "ISO-8859-1").encode(),
        cii().replace("UTF-8", "no-such-charset").encode(),
        cii().replace(DECLARATION, "").encode(),
        b"\r\n  " + cii().encode(),
        cii().replace("UTF-8", "idna").encode(),
    ],
    ids=range(11),
)
def test_any_charset_is_read_even_one_wrongly_declared(data):
    assert read_xml(data).number == "FA-2026-0042"


def test_a_wrongly_declared_charset_does_not_spoil_the_letters():
    text = cii().replace("Banque Exemple", "Société Générée")
    latin = text.replace("UTF-8", "ISO-8859-1")
    for data in (text.encode("cp1252"), latin.encode(), latin.encode("latin-1")):
        assert read_xml(data).buyer.name == "Société Générée"


def test_prefixes_do_not_count_and_namespaces_do():
    renamed = cii().replace("ram:", "q1:").replace("xmlns:ram", "xmlns:q1").replace("rsm:", "ns0:")
    renamed = renamed.replace("xmlns:rsm", "xmlns:ns0")
    assert read(renamed) == read(cii())
    foreign = "<evil:ID xmlns:evil='urn:evil'>FA-1</evil:ID><ram:ID>FA-2026-0042</ram:ID>"
    assert read(cii().replace("<ram:ID>FA-2026-0042</ram:ID>", foreign)).number == "FA-2026-0042"
    assert read(cii().replace("urn:un:unece:uncefact:data", "urn:evil")) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<",
        b"<a/>",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>",
        b"PK\x03\x04",
        cii().encode()[:2_000],
        cii().encode()[:-20],
        b"\x00" * 100,
        ("<a>" * 100_000).encode(),
        cii().replace("<ram:Name>", "<a>" * 300 + "<ram:Name>").encode(),
        b" " * 21_000_000,
        cii(notes="x y-" * 1_500_000).encode(),
    ],
    ids=range(12),
)
def test_what_is_no_whole_document_of_ours_is_none(data):
    assert read_xml(data) is None


def test_a_thousand_lines_are_read_and_more_are_left_out_without_a_doubt():
    line = cii().partition("<ram:IncludedSupply")[2].partition("<ram:ApplicableHeader")[0]
    text = cii(lines=("<ram:IncludedSupply" + line) * 1_500)
    document = read(text)
    assert len(document.positions) == 1_000
    assert document.doubts == ()


@given(st.binary(max_size=400))
def test_any_octets_are_answered(data):
    assert read_xml(data) is None
    assert read_embedded(data) is None
    assert read_embedded(b"%PDF-1.7\n" + data) is None


@given(st.data())
def test_a_document_with_octets_changed_is_answered(data):
    whole = bytearray(cii("EXTENDED").encode())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found = read_xml(bytes(whole))
    assert found is None or isinstance(found, BusinessDocument)


# Inside a PDF


@pytest.mark.parametrize(
    "name",
    ["order-x.xml", "factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "a.xml", "b.txt"],
)
def test_the_xml_of_a_pdf_is_found_under_any_name(name):
    document = read_embedded(packed((name, order_x())))
    assert (document.kind, document.number) == (DocumentKind.ORDER, "BC-4471")
    assert name in document.reasons[0]


def test_a_file_that_only_the_catalogue_names_is_found():
    assert read_embedded(packed(("factur-x.xml", cii()), associated=True)).number == "FA-2026-0042"


def test_among_two_hundred_files_the_well_known_name_is_found():
    others = [(f"plan-{n}.xml", "<a/>") for n in range(199)]
    assert read_embedded(packed(*others, ("factur-x.xml", cii()))).number == "FA-2026-0042"


def test_two_hundred_files_of_no_meaning_are_not_all_unpacked():
    assert read_embedded(packed(*[(f"x{n}.bin", b"\x00" * 50) for n in range(200)])) is None


def test_a_pdf_inside_the_pdf_is_another_paper():
    inner = packed(("factur-x.xml", cii()))
    assert read_embedded(packed(("facture.pdf", inner))) is None
    assert read_embedded(packed(("factur-x.xml", inner))) is None


def test_two_documents_that_contradict_one_another_are_a_doubt():
    twice = packed(("factur-x.xml", cii()), ("zugferd-invoice.xml", cii()))
    assert read_embedded(twice).doubts == ()
    other = packed(("factur-x.xml", cii()), ("other.xml", cii(number="FA-9")))
    assert read_embedded(other).doubts == ("several_xml",)
    assert read_embedded(other).number == "FA-2026-0042"


def test_an_xml_that_unpacks_to_more_than_twenty_megabytes_is_left():
    from io import BytesIO

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(
        clone_from=PdfReader(BytesIO(packed(("factur-x.xml", " " * 20_000_000 + cii()))))
    )
    for item in writer._objects:
        if item is not None and item.get_object().get("/Type") == "/EmbeddedFile":
            reference = item.indirect_reference
            writer._replace_object(reference, item.flate_encode())
    target = BytesIO()
    writer.write(target)
    assert len(target.getvalue()) < 100_000
    assert read_embedded(target.getvalue()) is None


def test_a_cut_off_pdf_is_none_or_read():
    data = packed(("factur-x.xml", cii()))
    for part in range(0, len(data), 997):
        found = read_embedded(data[:part])
        assert found is None or found.number == "FA-2026-0042"


# XML and page together


PAPER = BusinessDocument(
    kind=DocumentKind.ORDER,
    number="BC 4471",
    quotes=("D-2026-999",),
    orders=("4711",),
    seller=Party(vat="FR40303265045"),
    net_cents=1,
    gross_cents=41_280,
    dated=date(2026, 11, 5),
    valid_until=date(2026, 12, 31),
    signs=("ink",),
    places={
        "quotes.0": Place(page=1, line="Devis D-2026-999"),
        "valid_until": Place(page=1, line="Valable jusqu'au 31/12/2026"),
        "gross": Place(page=1, line="Total TTC 412,80 €"),
    },
    text="the page",
)


def test_the_page_fills_only_what_the_xml_leaves_out():
    document = completed(read(order_x()), PAPER)
    assert (document.number, document.quotes) == ("BC-4471", ("D-2026-118",))
    assert (document.net_cents, document.orders) == (34_400, ("4711",))
    assert document.seller == Party(
        name="Serrures du Nord", siret=SELLER_SIRET, vat="FR40303265045"
    )
    assert (document.valid_until, document.signs) == (date(2026, 12, 31), ("ink",))
    assert (document.text, document.source) == ("the page", Source.XML)
    assert document.places["quotes.0"].page == 0
    assert document.places["gross"].page == 0
    assert document.places["valid_until"].page == 1
    assert document.doubts == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"number": "BC-4472"},
        {"gross_cents": 41_281},
        {"dated": date(2026, 11, 6)},
        {"currency": "CHF"},
        {"kind": DocumentKind.INVOICE},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_page_that_says_something_else_is_a_doubt(changed):
    document = completed(read(order_x()), replace(PAPER, **changed))
    assert document.doubts == ("xml_and_paper",)
    assert (document.kind, document.gross_cents) == (DocumentKind.ORDER, 41_280)


def test_a_page_in_another_currency_fills_no_total():
    document = completed(read(order_x("BASIC")), replace(PAPER, currency="CHF"))
    assert document.gross_cents is None


def test_a_quotation_whose_page_is_signed_is_a_signed_quote():
    page = replace(PAPER, kind=DocumentKind.SIGNED_QUOTE, number="")
    document = completed(read(ubl("Quotation")), page)
    assert (document.kind, document.doubts) == (DocumentKind.SIGNED_QUOTE, ())
