"""A priced paper without an amount or a position is read once more by other means."""

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from parsers.business import BusinessDocument, DocumentKind, Position
from parsers.files.layout import read_pages, text_of
from parsers.files.second_look import better_of, pages_of_second_look, wants_second_look

from .papers import order_pdf

ORDER = BusinessDocument(kind=DocumentKind.ORDER, gross_cents=41280)


def test_only_a_priced_paper_that_lacks_something_is_looked_at_again():
    whole = BusinessDocument(
        kind=DocumentKind.ORDER, gross_cents=41280, positions=(Position(reference="A"),)
    )
    assert wants_second_look(ORDER)
    assert not wants_second_look(whole)
    assert not wants_second_look(BusinessDocument(kind=DocumentKind.DELIVERY_NOTE))


def test_it_finds_the_words_of_the_page():
    data = order_pdf()
    (page,) = pages_of_second_look(data, text_of(read_pages(data)))
    assert "BON DE COMMANDE N° 4500123" in [row.text for row in page.rows]


def test_what_the_eye_does_not_see_is_not_read_by_the_back_door():
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4)
    canvas.drawString(50, 700, "BON DE COMMANDE")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(50, 600, "412,80")
    canvas.save()
    visible = text_of(read_pages(target.getvalue()))
    (page,) = pages_of_second_look(target.getvalue(), visible)
    assert [row.text for row in page.rows] == ["BON DE COMMANDE"]


def test_a_file_that_stops_it_is_no_accident():
    assert pages_of_second_look(b"%PDF-1.7 nothing", "x") == ()


def test_the_reading_that_found_more_is_kept_the_first_when_even():
    more = BusinessDocument(kind=DocumentKind.ORDER, gross_cents=41280, net_cents=34400)
    assert better_of(ORDER, more) is more
    assert better_of(ORDER, BusinessDocument(gross_cents=1)) is ORDER
