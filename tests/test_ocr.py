"""Scans: without the extra nothing is guessed, with it everything is a mere suggestion."""

import pytest
from PIL import Image

from parsers.business import BusinessDocument, Confidence, DocumentKind, Source
from parsers.files.document import read_scan
from parsers.files.einvoice import completed, read_xml
from parsers.files.layout import Page
from parsers.files.ocr import guessed_pages, guessed_text, is_available, words_between
from parsers.files.rows import rows_of
from parsers.mail import Attachment, FileKind

from .einvoices import order_x
from .papers import scan_pdf, text_pdf


def scan(filename="scan0001.pdf"):
    return Attachment(
        filename=filename,
        content_type="application/pdf",
        declared_type="application/pdf",
        size=1,
        sha256="0" * 64,
        data=b"%PDF-",
        kind=FileKind.PDF,
    )


def saying(*lines):
    """Return a guess that finds these lines on one page."""
    found = [
        word
        for number, line in enumerate(lines)
        for word in words_between([(50, 20 * number), (500, 20 * number + 12)], line)
    ]
    return lambda _: (Page(number=1, width=595, height=842, rows=rows_of(found)),)


ORDER = saying("BON DE COMMANDE N° BC-4471", "Votre devis n° D-2026-118", "Total TTC 412,80 EUR")


def test_what_is_guessed_from_a_scan_is_a_suggestion():
    document = read_scan(scan(), guessing=ORDER)
    assert (document.kind, document.number) == (DocumentKind.ORDER, "BC-4471")
    assert (document.quotes, document.gross_cents) == (("D-2026-118",), 41_280)
    assert (document.source, document.confidence) == (Source.GUESS, Confidence.UNSURE)
    assert not document.readable


@pytest.mark.parametrize("guess", [saying("x"), lambda _: ()])
def test_where_nothing_is_guessed_the_name_alone_tells(guess):
    document = read_scan(scan("bon de commande.pdf"), guessing=guess)
    assert document == BusinessDocument(
        kind=DocumentKind.ORDER,
        confidence=Confidence.UNSURE,
        readable=False,
        source=Source.NONE,
    )


def test_words_that_look_like_no_paper_leave_the_name_to_tell():
    guess = saying("Plan du site de la rue des Forges", "Porte B, deuxième étage")
    document = read_scan(scan("commande.pdf"), guessing=guess)
    assert (document.kind, document.source) == (DocumentKind.ORDER, Source.GUESS)


def test_a_guess_fills_no_gap_of_an_e_document():
    guess = read_scan(scan(), guessing=ORDER)
    xml = read_xml(order_x("BASIC").encode())
    assert completed(xml, guess) == xml


def test_the_words_of_a_guessed_line_share_its_box():
    words = list(words_between([(10, 5), (110, 6), (110, 17), (10, 16)], "BC 4471 AB"))
    assert [word.text for word in words] == ["BC", "4471", "AB"]
    assert [(word.left, word.right) for word in words] == [(10, 30), (40, 80), (90, 110)]
    assert {(word.top, word.bottom) for word in words} == {(5, 17)}


def test_guessing_never_raises_and_needs_the_extra():
    printed = guessed_pages(text_pdf(["BON DE COMMANDE"]))
    assert len(printed) == is_available()
    assert guessed_pages(b"no pdf") == ()
    assert guessed_text(Image.new("RGB", (300, 200), "white")) == ""
    assert all(not page.rows for page in guessed_pages(scan_pdf()) if not is_available())
