"""Fields are read from where they stand on the page, in the layouts of four languages (X-25)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from reportlab.pdfgen.canvas import Canvas

from parsers.business import BusinessDocument, Confidence, DocumentKind, Position, Source
from parsers.files.document import read_document
from parsers.files.kind import kind_of_paper
from parsers.files.layout import Page, Row, Word, pages_of
from parsers.files.paper import read_paper_pages
from parsers.files.paper_lines import LONGEST, lines_of

from .layouts import at, block, paper, row, rows
from .test_document import attached

TABLE = (50, 130, -380, -460, -545)


def read(data: bytes) -> BusinessDocument:
    document = read_document(attached(data))
    assert document is not None
    return document


def told(position: Position) -> tuple[str, str, Decimal | None, Decimal | None, int | None]:
    one = position
    return one.reference, one.description, one.quantity, one.unit_price, one.net_cents


def french_order(canvas: Canvas) -> None:
    block(
        canvas,
        50,
        50,
        "Ateliers Mirabel SA",
        "3 rue du Port",
        "44000 Nantes",
        "SIRET 732 829 320 00074",
    )
    block(canvas, 330, 110, "Optronic Service", "18 avenue Foch", "67000 Strasbourg")
    at(canvas, 50, 190, "BON DE COMMANDE", 16)
    rows(canvas, 215, (50, 180, 300), ("N° commande", "Date", "Votre devis"),
         ("CA-20887", "14/09/2026", "DV/2026/0417"), step=13)  # fmt: skip
    rows(canvas, 260, TABLE, ("Référence", "Désignation", "Qté", "PU HT", "Montant HT"),
         ("OP-77", "Capteur optique", "3", "1 250,00", "3 750,00"),
         ("OP-90", "Câble blindé 5 m", "10", "12,40", "124,00"))  # fmt: skip
    rows(canvas, 330, (380, -545), ("Total HT", "3 874,00 €"), ("TVA 20 %", "774,80 €"),
         ("Total TTC", "4 648,80 €"))  # fmt: skip


def test_a_french_order_is_read_whole() -> None:
    order = read(paper(french_order))
    assert (order.kind, order.number, order.quotes) == (
        DocumentKind.ORDER, "CA-20887", ("DV/2026/0417",),
    )  # fmt: skip
    assert order.dated == date(2026, 9, 14)
    assert (order.net_cents, order.tax_cents, order.gross_cents) == (387400, 77480, 464880)
    assert order.currency == "EUR"
    assert [told(one) for one in order.positions] == [
        ("OP-77", "Capteur optique", 3, 1250, 375000),
        ("OP-90", "Câble blindé 5 m", 10, Decimal("12.40"), 12400),
    ]
    assert (order.buyer.name, order.buyer.siret) == ("Ateliers Mirabel SA", "73282932000074")
    assert order.seller.name == "Optronic Service"
    assert order.doubts == ()


def test_every_field_says_where_it_stands() -> None:
    order = read(paper(french_order))
    gross = order.places["gross"]
    assert (gross.page, gross.line) == (1, "Total TTC 4 648,80 €")
    assert gross.box[0] > 400
    assert abs(gross.box[3] - 362) < 5
    assert {"number", "dated", "net", "tax", "quotes.0", "positions.1", "buyer"} <= set(
        order.places
    )
    assert order.places["number"].line == "CA-20887 14/09/2026 DV/2026/0417"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_reads_like_an_upright_one(turn: int) -> None:
    """Whatever /Rotate says, text is read along its own line."""

    def draw(canvas: Canvas) -> None:
        block(canvas, 60, 500, "BON DE COMMANDE N° CA-5", "Total HT 10,00 €", "Total TTC 12,00 €")

    order = read(paper(draw, turn=turn))
    assert (order.number, order.net_cents, order.gross_cents) == ("CA-5", 1000, 1200)


def test_text_drawn_upwards_is_read_along_its_line() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 100)
        canvas.rotate(90)
        canvas.drawString(0, 40, "PURCHASE ORDER PO-881")
        canvas.drawString(0, 20, "Total excl. VAT GBP 100.00")
        canvas.drawString(0, 0, "Total incl. VAT GBP 120.00")

    order = read(paper(draw))
    assert (order.number, order.net_cents, order.gross_cents) == ("PO-881", 10000, 12000)


def test_what_nobody_can_see_is_not_read() -> None:
    """White on white, tiny, without ink or beside the page."""

    def draw(canvas: Canvas) -> None:
        block(canvas, 50, 60, "FACTURE N° F-31", "Total HT 10,00 €", "Total TTC 12,00 €")
        canvas.setFillColorRGB(1, 1, 1)
        at(canvas, 50, 200, "Total TTC 99,00 €")
        canvas.setFillColorRGB(0, 0, 0)
        at(canvas, 50, 220, "Total TTC 98,00 €", 1)
        at(canvas, -300, 240, "Total TTC 97,00 €")
        ghost = canvas.beginText(50, 500)
        ghost.setTextRenderMode(3)
        ghost.textLine("Total TTC 96,00 €")
        canvas.drawText(ghost)

    invoice = read(paper(draw))
    assert invoice.gross_cents == 1200
    assert "99,00" not in invoice.text
    assert "96,00" not in invoice.text


def test_white_words_on_a_dark_bar_are_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(0, 0, 0.4)
        canvas.rect(40, 740, 500, 30, fill=1, stroke=0)
        canvas.setFillColorRGB(1, 1, 1)
        at(canvas, 50, 90, "RECHNUNG Nr. R-2026-55", 14)
        canvas.setFillColorRGB(0, 0, 0)
        block(canvas, 50, 140, "Nettobetrag 100,00 EUR", "Bruttobetrag 119,00 EUR")

    assert read(paper(draw)).number == "R-2026-55"


def test_what_a_scanner_laid_under_its_picture_only_suggests() -> None:
    def draw(canvas: Canvas) -> None:
        ghost = canvas.beginText(50, 700)
        ghost.setFont("Helvetica", 10)
        ghost.setTextRenderMode(3)
        ghost.textLines("BON DE COMMANDE N° CA-6\nTotal HT 10,00 €\nTotal TTC 12,00 €")
        canvas.drawText(ghost)

    order = read(paper(draw))
    assert (order.number, order.source, order.confidence) == (
        "CA-6", Source.GUESS, Confidence.UNSURE,
    )  # fmt: skip


def test_letters_set_one_by_one_are_words() -> None:
    def draw(canvas: Canvas) -> None:
        across = 50.0
        canvas.setFont("Helvetica", 10)
        for letter in "FACTURE N° F-2026-77 du 03/10/2026":
            canvas.drawString(across, 700, letter)
            across += canvas.stringWidth(letter, "Helvetica", 10)
        at(canvas, 50, 200, "Total HT 10,00 €")

    invoice = read(paper(draw))
    assert (invoice.number, invoice.dated) == ("F-2026-77", date(2026, 10, 3))


def german(canvas: Canvas) -> None:
    at(canvas, 50, 60, "Feinwerk Adler GmbH | Lange Gasse 4 | 90403 Nürnberg", 7)
    block(canvas, 50, 80, "Brauerei Tannhof KG", "Am Bach 12", "87435 Kempten")
    rows(canvas, 80, (350, 450), ("Angebots-Nr.:", "AN26-771"), ("Datum:", "7. Oktober 2026"),
         ("Gültig bis:", "6.11.2026"))  # fmt: skip
    at(canvas, 50, 180, "Angebot", 16)
    rows(canvas, 220, (50, 80, 150, -400, -470, -545),
         ("Pos.", "Menge", "Bezeichnung", "Einzelpreis", "Rabatt", "Gesamt"),
         ("1", "4 Stk.", "Drucktransmitter 16 bar, Anschluss", "210,00", "5 %", "798,00"),
         ("", "", "G1/4, mit Prüfprotokoll", "", "", ""),
         ("2", "1,5 h", "Inbetriebnahme vor Ort", "96,00", "", "144,00"), step=14)  # fmt: skip
    rows(canvas, 300, (330, -545), ("Zwischensumme netto", "942,00 EUR"),
         ("zzgl. 19 % MwSt.", "178,98 EUR"), ("Gesamtbetrag", "1.120,98 EUR"))  # fmt: skip


def test_a_german_quote_with_wrapped_cells_is_read() -> None:
    quote = read(paper(german))
    assert (quote.kind, quote.number) == (DocumentKind.QUOTE, "AN26-771")
    assert (quote.dated, quote.valid_until) == (date(2026, 10, 7), date(2026, 11, 6))
    assert (quote.net_cents, quote.tax_cents, quote.gross_cents) == (94200, 17898, 112098)
    assert [told(one) for one in quote.positions] == [
        ("", "Drucktransmitter 16 bar, Anschluss G1/4, mit Prüfprotokoll", 4, 210, 79800),
        ("", "Inbetriebnahme vor Ort", Decimal("1.5"), 96, 14400),
    ]
    assert (quote.seller.name, quote.buyer.name) == ("Feinwerk Adler GmbH", "Brauerei Tannhof KG")


def dutch(canvas: Canvas) -> None:
    at(canvas, 50, 50, "INKOOPORDER 2026-0991", 14)
    rows(canvas, 80, (50, 300), ("Leverancier", "Factuuradres"),
         ("Meetlab Zuid B.V.", "Zuivelfabriek De Vaart"), ("Kade 9", "Vaartweg 2"),
         ("4811 AB Breda", "9401 CD Assen"), step=12)  # fmt: skip
    at(canvas, 50, 150, "Besteldatum: 12-10-2026")
    at(canvas, 50, 165, "Conform uw offertes: OF-118, OF-121 en OF-122")
    rows(canvas, 200, (50, -120, 140, -460, -545),
         ("Artikelnr.", "Aantal", "Omschrijving", "Prijs", "Bedrag"),
         ("ML-4", "2", "Weegcel 50 kg", "€ 310,00", "€ 620,00"),
         ("ML-9", "1", "Kalibratie", "€ 95,00", "€ 95,00"))  # fmt: skip
    rows(canvas, 270, (350, -545), ("Totaal excl. btw", "€ 715,00"), ("btw 21%", "€ 150,15"),
         ("Totaal incl. btw", "€ 865,15"))  # fmt: skip


def test_a_dutch_order_names_its_three_quotes() -> None:
    order = read(paper(dutch))
    assert (order.number, order.quotes) == ("2026-0991", ("OF-118", "OF-121", "OF-122"))
    assert order.dated == date(2026, 10, 12)
    assert (order.net_cents, order.tax_cents, order.gross_cents) == (71500, 15015, 86515)
    assert [(one.reference, one.quantity) for one in order.positions] == [("ML-4", 2), ("ML-9", 1)]
    assert (order.seller.name, order.buyer.name) == ("Meetlab Zuid B.V.", "Zuivelfabriek De Vaart")


def english(canvas: Canvas) -> None:
    at(canvas, 50, 50, "Harrow Lifts Limited", 16)
    block(canvas, 50, 70, "12 Mill Road", "Leeds LS1 4AB", "VAT Reg No GB 123 4567 82")
    at(canvas, 400, 50, "INVOICE", 16)
    rows(canvas, 80, (400, 480), ("Invoice no", "HL-3301"), ("Invoice date", "05-Oct-2026"),
         ("Due date", "04-Nov-2026"), ("Your order", "PO 77120"))  # fmt: skip
    at(canvas, 50, 150, "Bill to:")
    block(canvas, 50, 164, "Castle Foods plc", "1 Dock Street", "Hull HU1 2AA")
    rows(canvas, 230, (50, 120, 300, -400, -470, -545),
         ("Item", "Description", "Serial No", "Qty", "Unit price", "Amount"),
         ("DR-5", "Door operator", "SN88123", "1", "1,450.00", "1,450.00"),
         ("KIT-2", "Belt kit", "", "4", "32.50", "130.00"))  # fmt: skip
    rows(canvas, 300, (380, -545), ("Subtotal", "£1,580.00"), ("Carriage", "£20.00"),
         ("Total excl. VAT", "£1,600.00"), ("VAT @ 20%", "£320.00"), ("Total", "£1,920.00"),
         ("Deposit paid", "£500.00"), ("Amount due", "£1,420.00"))  # fmt: skip


def test_an_english_invoice_with_carriage_and_deposit_is_read() -> None:
    """What is left to pay is not what the invoice amounts to."""
    invoice = read(paper(english))
    assert (invoice.kind, invoice.number, invoice.orders) == (
        DocumentKind.INVOICE, "HL-3301", ("PO 77120",),
    )  # fmt: skip
    assert invoice.dated == date(2026, 10, 5)
    assert (invoice.net_cents, invoice.tax_cents, invoice.gross_cents) == (160000, 32000, 192000)
    assert (invoice.currency, invoice.doubts) == ("GBP", ())
    assert [one.net_cents for one in invoice.positions] == [145000, 13000]
    assert "SN88123" in invoice.serials
    assert (invoice.seller.name, invoice.buyer.name) == ("Harrow Lifts Limited", "Castle Foods plc")
    assert invoice.seller.vat == "GB123456782"


def test_swiss_amounts_and_two_rates_add_up() -> None:
    def draw(canvas: Canvas) -> None:
        at(canvas, 50, 50, "Rechnung Nr. 26-4410", 14)
        rows(canvas, 100, (50, 250, -400, -480, -545),
             ("Artikel", "Bezeichnung", "Menge", "Preis", "Betrag"),
             ("A-1000", "Pumpe", "1", "11'800.00", "11'800.00"),
             ("A-2", "Buch", "2", "100.00", "200.00"))  # fmt: skip
        rows(canvas, 180, (50, 120, 200, 280), ("Satz", "Netto", "MwSt", "Brutto"),
             ("8.1 %", "11'800.00", "955.80", "12'755.80"),
             ("2.6 %", "200.00", "5.20", "205.20"))  # fmt: skip
        rows(canvas, 250, (380, -545), ("Total exkl. MwSt", "CHF 12'000.00"),
             ("Total inkl. MwSt", "CHF 12'961.00"))  # fmt: skip

    invoice = read(paper(draw))
    assert (invoice.net_cents, invoice.tax_cents, invoice.gross_cents) == (1200000, 96100, 1296100)
    assert (invoice.currency, invoice.doubts) == ("CHF", ())
    assert [one.net_cents for one in invoice.positions] == [1180000, 20000]


def test_a_table_over_two_pages_carries_nothing_over() -> None:
    """The sum carried forward is no position and no total; a head printed again begins nothing."""

    def first(canvas: Canvas) -> None:
        at(canvas, 50, 50, "COMMANDE N° CA-91", 14)
        rows(canvas, 700, TABLE, ("Réf.", "Désignation", "Quantité", "Prix unitaire", "Total"),
             ("A-10", "Moteur", "1", "900,00", "900,00"))  # fmt: skip
        row(canvas, 740, (380, -545), ("À reporter", "900,00"))

    def second(canvas: Canvas) -> None:
        row(canvas, 40, (380, -545), ("Report", "900,00"))
        rows(canvas, 60, TABLE, ("Réf.", "Désignation", "Quantité", "Prix unitaire", "Total"),
             ("A-11", "Courroie", "2", "50,00", "100,00"))  # fmt: skip
        rows(canvas, 120, (380, -545), ("Total HT", "1 000,00 €"), ("TVA 20 %", "200,00 €"),
             ("Net à payer", "1 200,00 €"))  # fmt: skip

    order = read(paper(first, second))
    assert [one.reference for one in order.positions] == ["A-10", "A-11"]
    assert (order.net_cents, order.gross_cents) == (100000, 120000)
    assert order.places["gross"].page == order.places["positions.1"].page == 2
    assert order.doubts == ()


def test_a_table_goes_on_without_a_second_head() -> None:
    def first(canvas: Canvas) -> None:
        at(canvas, 50, 50, "COMMANDE N° CA-92", 14)
        rows(canvas, 740, TABLE, ("Réf.", "Désignation", "Qté", "PU", "Montant"),
             ("A-10", "Moteur", "1", "900,00", "900,00"))  # fmt: skip

    def second(canvas: Canvas) -> None:
        row(canvas, 60, TABLE, ("A-11", "Courroie", "2", "50,00", "100,00"))
        rows(canvas, 120, (380, -545), ("Total HT", "1 000,00 €"))

    assert [one.reference for one in read(paper(first, second)).positions] == ["A-10", "A-11"]


def test_columns_come_in_any_order_and_text_may_run_over_the_next() -> None:
    def draw(canvas: Canvas) -> None:
        at(canvas, 50, 50, "Order no. 55-100", 14)
        rows(canvas, 100, (-90, 100, 300, -450, -545),
             ("Qty", "Description", "Part no", "Each", "Line total"),
             ("2", "Hydraulic hose assembly, reinforced, 3/8", "HH-38", "40.00", "80.00"),
             ("12", "Clamp", "CL-1", "1.25", "15.00"))  # fmt: skip
        rows(canvas, 160, (380, -545), ("Net total", "$95.00"), ("Grand total", "$95.00"))

    order = read(paper(draw))
    assert [told(one)[::2] for one in order.positions] == [
        ("HH-38", 2, 8000), ("CL-1", 12, 1500),
    ]  # fmt: skip
    assert order.currency == "USD"


def test_a_cell_centred_between_its_lines_keeps_its_whole_text() -> None:
    def draw(canvas: Canvas) -> None:
        at(canvas, 50, 50, "DEVIS N° D-9001", 14)
        row(canvas, 100, TABLE, ("Réf.", "Désignation", "Qté", "PU HT", "Montant HT"))
        for top, name, code in ((125, "Serrure", "S-1"), (170, "Gâche", "G-1")):
            block(
                canvas, 130, top, f"{name} motorisée à", "larder, finition", "inox brossé", step=11
            )
            row(canvas, top + 11, (50, -380, -460, -545), (code, "1", "80,00", "80,00"))

    quote = read(paper(draw))
    assert [(one.reference, one.description) for one in quote.positions] == [
        ("S-1", "Serrure motorisée à larder, finition inox brossé"),
        ("G-1", "Gâche motorisée à larder, finition inox brossé"),
    ]


def test_without_a_head_there_are_no_positions_rather_than_wrong_ones() -> None:
    def draw(canvas: Canvas) -> None:
        at(canvas, 50, 50, "COMMANDE N° CA-93", 14)
        block(canvas, 50, 100, "Merci de livrer 2 moteurs à 450,00 € et 3 courroies à 50,00 €.")

    assert read(paper(draw)).positions == ()


def test_sums_that_do_not_add_up_are_kept_and_doubted() -> None:
    def draw(canvas: Canvas) -> None:
        at(canvas, 50, 50, "FACTURE N° F-90", 14)
        rows(canvas, 100, TABLE, ("Réf.", "Désignation", "Qté", "PU HT", "Montant HT"),
             ("A-10", "Moteur", "1", "900,00", "900,00"))  # fmt: skip
        rows(canvas, 160, (380, -545), ("Total HT", "950,00 €"), ("TVA 20 %", "190,00 €"),
             ("Total TTC", "1 145,00 €"))  # fmt: skip
        at(canvas, 50, 780, "SIRET 732 829 320 00075 - TVA FR44732829321", 8)

    invoice = read(paper(draw))
    assert (invoice.net_cents, invoice.tax_cents, invoice.gross_cents) == (95000, 19000, 114500)
    assert invoice.doubts == ("totals", "positions", "siret", "vat")
    assert invoice.seller.siret == "73282932000075"


def test_a_delivery_note_has_quantities_and_no_sums() -> None:
    def draw(canvas: Canvas) -> None:
        at(canvas, 50, 50, "LIEFERSCHEIN", 14)
        block(
            canvas,
            350,
            50,
            "Lieferschein-Nr. LS-5512",
            "Lieferdatum 02.10.2026",
            "Ihre Bestellung B-77001",
        )
        rows(canvas, 120, (50, 130, -450, 470), ("Art.-Nr.", "Bezeichnung", "Menge", "Einheit"),
             ("K-20", "Kette", "3", "m"), ("K-21", "Schloss", "12", "Stk"))  # fmt: skip

    note = read(paper(draw))
    assert (note.kind, note.number, note.orders) == (
        DocumentKind.DELIVERY_NOTE, "LS-5512", ("B-77001",),
    )  # fmt: skip
    assert note.dated == date(2026, 10, 2)
    assert [(one.reference, one.quantity, one.net_cents) for one in note.positions] == [
        ("K-20", 3, None), ("K-21", 12, None),
    ]  # fmt: skip
    assert (note.net_cents, note.gross_cents) == (None, None)


def test_a_credit_note_names_the_invoice_it_corrects() -> None:
    def draw(canvas: Canvas) -> None:
        block(canvas, 50, 50, "AVOIR N° AV-55", "sur facture n° FA-2026-781", "Date : 02/10/2026")
        rows(canvas, 120, (380, -545), ("Total HT", "-100,00 €"), ("TVA 20 %", "-20,00 €"),
             ("Total TTC", "-120,00 €"))  # fmt: skip

    note = read(paper(draw))
    assert (note.kind, note.number, note.invoices) == (
        DocumentKind.CREDIT_NOTE, "AV-55", ("FA-2026-781",),
    )  # fmt: skip
    assert (note.net_cents, note.tax_cents, note.gross_cents) == (-10000, -2000, -12000)


NUMBERS = [
    ("FACTURE", "Numéro : 2026-104", DocumentKind.INVOICE, "2026-104"),
    ("Bestellung", "Bestellnummer: 4500 ", DocumentKind.ORDER, "4500"),
    ("Purchase Order", "PO Number: HX-00981/B", DocumentKind.ORDER, "HX-00981/B"),
    ("BON DE COMMANDE", "Notre référence : ACH.2026.33", DocumentKind.ORDER, "ACH.2026.33"),
    ("Offerte", "Offertenr. 26.1180", DocumentKind.QUOTE, "26.1180"),
    ("Kostenvoranschlag", "KV-Nr. 99 vom 1.2.2026 · Angebot Nr. K-77", DocumentKind.QUOTE, "K-77"),
    ("FACTUUR", "Factuurnummer ........... 2026/7781", DocumentKind.INVOICE, "2026/7781"),
]


@pytest.mark.parametrize(("title", "line", "kind", "number"), NUMBERS)
def test_its_own_number_stands_behind_many_labels(
    title: str, line: str, kind: DocumentKind, number: str
) -> None:
    def draw(canvas: Canvas) -> None:
        at(canvas, 50, 50, title, 16)
        block(canvas, 50, 90, "Kundennummer 70012", line, "Tél. 01 02 03 04 05")

    read_paper = read(paper(draw))
    assert (read_paper.kind, read_paper.number) == (kind, number)


@pytest.mark.parametrize("span", ["30 jours", "3 mois", "9 semaines"])
def test_a_quote_valid_behind_the_end_of_the_calendar_is_read_without_that_day(span: str) -> None:
    pages = pages_of(f"DEVIS D-2026-118\nDate : 31/12/9999\nValidité : {span}\n")
    quote = read_paper_pages(pages, kind_of_paper(pages))
    assert (quote.number, quote.dated, quote.valid_until) == (
        "D-2026-118", date(9999, 12, 31), None,
    )  # fmt: skip


def test_a_row_of_thousands_of_amounts_is_a_line_as_long_as_others() -> None:
    words = [Word(text="1,00", left=23.0 * n, top=10, right=23.0 * n + 20, bottom=20)
             for n in range(5_000)]  # fmt: skip
    (line,) = lines_of([Page(number=1, width=595, height=842, rows=(Row(words=tuple(words)),))])
    assert len(line.text) <= LONGEST + 5
    assert line.cells[-1].right == line.words(line.starts[-1], len(line.text))[-1].right
