"""Business papers are told apart, and their numbers, totals and dates are read (X-24, X-25)."""

from __future__ import annotations

from datetime import date

import pytest

from parsers.business import BusinessDocument, Confidence, DocumentKind, Source
from parsers.files.document import read_document
from parsers.mail import Attachment, FileKind

from . import papers


def attached(
    data: bytes, name: str = "document.pdf", kind: FileKind = FileKind.PDF, decor: bool = False
) -> Attachment:
    return Attachment(
        filename=name,
        content_type="application/pdf",
        declared_type="application/pdf",
        size=len(data),
        sha256="",
        data=data,
        kind=kind,
        decor=decor,
    )


def read(data: bytes, name: str = "document.pdf") -> BusinessDocument:
    document = read_document(attached(data, name))
    assert document is not None
    return document


def test_an_order_gives_its_numbers_totals_and_date() -> None:
    order = read(papers.order_pdf())
    assert order.kind is DocumentKind.ORDER
    assert order.readable
    assert order.number == "4500123"
    assert order.quotes == ("D-2026-118",)
    assert order.serials == ("AX-99812",)
    assert (order.net_cents, order.gross_cents, order.currency) == (34400, 41280, "EUR")
    assert order.dated == date(2026, 11, 6)
    assert order.valid_until is None


def test_an_order_for_three_quotes_names_all_three() -> None:
    """F-48: one order covers several returns."""
    order = read(papers.order_pdf(quotes=("D-2026-118", "D-2026-119", "D-2026-121")))
    assert order.quotes == ("D-2026-118", "D-2026-119", "D-2026-121")


def test_a_quote_gives_its_numbers_totals_and_validity() -> None:
    quote = read(papers.quote_pdf())
    assert quote.kind is DocumentKind.QUOTE
    assert quote.number == "D-2026-118"
    assert quote.quotes == ()
    assert quote.rma_numbers == ("RMA-2026-000412",)
    assert (quote.net_cents, quote.gross_cents) == (34400, 41280)
    assert quote.dated == date(2026, 11, 2)
    assert quote.valid_until == date(2026, 12, 2)


def test_our_quote_is_signed_only_when_somebody_filled_the_box() -> None:
    assert read(papers.signed_quote_pdf()).kind is DocumentKind.SIGNED_QUOTE
    assert read(papers.quote_pdf()).kind is DocumentKind.QUOTE
    filled = [*papers.quote_lines(), "Paris, le 5/11/2026", "C. Martin"]
    assert read(papers.text_pdf(filled)).kind is DocumentKind.SIGNED_QUOTE
    asked = [*papers.quote_lines()[:-1], "Bon pour accord", "Date :\tCachet et signature :"]
    assert read(papers.text_pdf(asked)).kind is DocumentKind.QUOTE
    begged = [*papers.quote_lines(), "Merci de retourner ce devis avec la mention Bon pour accord"]
    assert read(papers.text_pdf(begged)).kind is DocumentKind.QUOTE


def test_an_order_that_repeats_our_quote_is_an_order() -> None:
    order = read(papers.order_on_quote_pdf())
    assert order.kind is DocumentKind.ORDER
    assert order.number == "4500123"
    assert order.quotes == ("D-2026-118",)
    after = read(papers.text_pdf([*papers.quote_lines(), "", "BON DE COMMANDE N° 77-881"]))
    assert after.kind is DocumentKind.ORDER


def test_an_invoice_that_names_an_order_is_an_invoice() -> None:
    invoice = read(papers.invoice_pdf())
    assert invoice.kind is DocumentKind.INVOICE
    assert invoice.number == "F-2026-0777"
    assert invoice.gross_cents == 41280


HEADS = [
    ("AVOIR N° A-2026-12", DocumentKind.CREDIT_NOTE, "A-2026-12"),
    ("Note de crédit NC-9", DocumentKind.CREDIT_NOTE, "NC-9"),
    ("CREDIT NOTE No. 88123", DocumentKind.CREDIT_NOTE, "88123"),
    ("BON DE LIVRAISON BL-2026-55", DocumentKind.DELIVERY_NOTE, "BL-2026-55"),
    ("Lieferschein Nr. 4711", DocumentKind.DELIVERY_NOTE, "4711"),
    ("PURCHASE ORDER: PO-88123", DocumentKind.ORDER, "PO-88123"),
    ("Order No. 2026/0443", DocumentKind.ORDER, "2026/0443"),
    ("Bestelbon nr. 20261104", DocumentKind.ORDER, "20261104"),
    ("Bestellung 4500991234", DocumentKind.ORDER, "4500991234"),
    ("Commande n° CF012345 du 03/11/2026", DocumentKind.ORDER, "CF012345"),
    ("Société Untel   BON DE COMMANDE   N° BC-2026-9", DocumentKind.ORDER, "BC-2026-9"),
    ("Quotation Q-4411", DocumentKind.QUOTE, "Q-4411"),
    ("Angebot Nr. 2026-118", DocumentKind.QUOTE, "2026-118"),
    ("Offerte 26/118201", DocumentKind.QUOTE, "26/118201"),
    ("Devis du 02/11/2026", DocumentKind.QUOTE, ""),
    ("FICHE RMA RMA-2026-000412", DocumentKind.RETURN_SHEET, ""),
    ("RECHNUNG 2026-9", DocumentKind.INVOICE, "2026-9"),
    ("Accusé de réception de commande", DocumentKind.OTHER, ""),
    ("ORDER CONFIRMATION 4500123", DocumentKind.OTHER, ""),
    ("Commande de pièces détachées : voir notre courrier", DocumentKind.OTHER, ""),
    ("Conditions générales de vente", DocumentKind.OTHER, ""),
    ("Votre devis nous est bien parvenu", DocumentKind.OTHER, ""),
]


@pytest.mark.parametrize(("head", "kind", "number"), HEADS)
def test_the_title_tells_the_kind_and_the_number(
    head: str, kind: DocumentKind, number: str
) -> None:
    """In four languages, beside titles that only look like one."""
    paper = read(papers.text_pdf([*papers.BUYER, head, "Un texte qui ne dit rien de plus."]))
    assert (paper.kind, paper.number) == (kind, number)


TOTALS = [
    (["Total HT 1 234,50 €", "Total TTC 1 481,40 €"], 123450, 148140, "EUR"),
    (["Total H.T. : 344,00", "T.V.A. 20 % : 68,80", "Total T.T.C. : 412,80 EUR"], 34400, 41280, "EUR"),
    (["Total HT\tTVA 20 %\tTotal TTC", "344,00\t68,80\t412,80 €"], 34400, 41280, "EUR"),
    (["Net à payer", "412,80 €"], None, 41280, "EUR"),
    (["Subtotal £344.00", "Grand total £412.80"], 34400, 41280, "GBP"),
    (["Total excl. VAT EUR 1,234.50", "Total incl. VAT EUR 1,481.40"], 123450, 148140, "EUR"),
    (["Totaal excl. btw € 344,00", "Totaal incl. btw € 416,24"], 34400, 41624, "EUR"),
    (["Nettobetrag 1.234,50 EUR", "Gesamtbetrag 1.469,06 EUR"], 123450, 146906, "EUR"),
    (["Réf.\tQté\tPU HT\tTotal HT", "LECT-400\t2\t172,00\t344,00"], None, None, ""),
    (["Total TTC (TVA 20 %) 412,80 €"], None, 41280, "EUR"),
    (["Le total vous sera communiqué."], None, None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "net", "gross", "currency"), TOTALS)
def test_totals_are_read_net_and_gross(
    lines: list[str], net: int | None, gross: int | None, currency: str
) -> None:
    """Behind their label or beneath it, in four languages, in cents."""
    paper = read(papers.text_pdf(["BON DE COMMANDE N° 4500123", "Votre commande suit.", *lines]))
    assert (paper.net_cents, paper.gross_cents, paper.currency) == (net, gross, currency)


def test_a_validity_in_days_counts_from_the_date_of_the_paper() -> None:
    lines = ["DEVIS D-2026-118", "Date : 02/11/2026", "Validité de l'offre : 30 jours"]
    assert read(papers.text_pdf(lines)).valid_until == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("BC_4500123.pdf", DocumentKind.ORDER),
        ("bon de commande signé.pdf", DocumentKind.ORDER),
        ("PO88123.pdf", DocumentKind.ORDER),
        ("bestelling-4711.pdf", DocumentKind.ORDER),
        ("Bestellung.pdf", DocumentKind.ORDER),
        ("Devis signé D-2026-118.pdf", DocumentKind.SIGNED_QUOTE),
        ("scan0001.pdf", DocumentKind.OTHER),
        ("report.pdf", DocumentKind.OTHER),
        ("", DocumentKind.OTHER),
    ],
)
def test_a_scan_is_unreadable_and_its_name_is_the_hint(name: str, kind: DocumentKind) -> None:
    """It still counts as received (X-24)."""
    scan = read(papers.scan_pdf(), name)
    assert not scan.readable
    assert scan.kind is kind
    assert scan.number == ""


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"not a pdf", papers.order_pdf()[:900], papers.encrypted_pdf(), b"\0" * 999],
    ids=["empty", "head", "no pdf", "cut", "encrypted", "zeros"],
)
def test_a_broken_or_encrypted_file_is_unreadable_and_raises_nothing(data: bytes) -> None:
    """Whatever the bytes."""
    document = read_document(attached(data))
    assert document is not None
    assert not document.readable


def test_only_papers_and_pictures_are_documents() -> None:
    picture = read_document(attached(b"\xff\xd8\xff", "IMG_1.jpg", FileKind.IMAGE))
    assert picture == BusinessDocument(kind=DocumentKind.PHOTO)
    assert read_document(attached(b"\x89PNG", "logo.png", FileKind.IMAGE, decor=True)) is None
    for kind in (FileKind.TEXT, FileKind.SIGNATURE, FileKind.CALENDAR, FileKind.EMPTY):
        assert read_document(attached(b"x", kind=kind)) is None


def test_an_office_file_is_received_unread() -> None:
    """A Word order is a document all the same; its name tells what it may be."""
    order = read_document(attached(b"PK", "Bon de commande.docx", FileKind.OFFICE))
    assert order == BusinessDocument(
        kind=DocumentKind.ORDER,
        confidence=Confidence.UNSURE,
        readable=False,
        source=Source.NONE,
    )


def test_totals_drawn_apart_from_their_labels_are_found_by_position() -> None:
    order = read(papers.columns_pdf(), "commande.pdf")
    assert (order.kind, order.number) == (DocumentKind.ORDER, "BC-77")
    assert (order.net_cents, order.gross_cents) == (34317, 41180)
