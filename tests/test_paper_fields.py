"""What a document keeps of its paper (X-24, F-34)."""

from __future__ import annotations

from decimal import Decimal

from handlers.papers.paper_fields import amount_text, barcodes_of, fields_of, positions_of
from parsers.business import Barcode, BusinessDocument, Party, Photo, Position, Source

POSITIONS = (
    Position(
        reference="LECT-400",
        description="Lecteur de badges « hall »",
        quantity=Decimal(2),
        unit_price=Decimal("172.00"),
        net_cents=34400,
    ),
    Position(description="Port"),
)


def test_positions_come_back_as_they_were_read():
    assert positions_of(fields_of(BusinessDocument(positions=POSITIONS))) == POSITIONS


def test_barcodes_come_back_as_they_were_read():
    codes = (
        Barcode(symbology="Code128", text='SN"1'),
        Barcode(symbology="EAN-13", text="1", valid=False),
    )
    assert barcodes_of(fields_of(None, Photo(width=1, height=1, barcodes=codes))) == codes


def test_only_what_the_paper_says_is_kept():
    assert fields_of(BusinessDocument(source=Source.XML)) == {"source": "xml"}
    assert fields_of(None) == {}


def test_buyer_tax_and_doubts_are_kept():
    read = BusinessDocument(
        buyer=Party(name="Dupont SA", siret="73282932000074", vat="FR44732829320"),
        tax_cents=6880,
        doubts=("totals", "siret"),
    )
    kept = fields_of(read)
    assert (kept["buyer"], kept["buyer_siret"]) == ("Dupont SA", "73282932000074")
    assert (kept["tax"], kept["doubts"]) == ("68.80", "totals siret")


def test_what_is_no_table_gives_no_positions():
    for written in ("", "[", "3", "null", '[["a"]]', '{"a": 1}'):
        assert positions_of({"positions": written}) == ()


def test_amounts_below_zero_keep_their_sign():
    assert (amount_text(-5), amount_text(41280), amount_text(None)) == ("-0.05", "412.80", "")


def test_numbers_that_no_paper_says_are_not_kept():
    for odd in ("1E+400000", "NaN", "-Infinity", "1E-400"):
        kept = positions_of(
            fields_of(BusinessDocument(positions=(Position(reference="A", quantity=Decimal(odd)),)))
        )
        assert kept == (Position(reference="A"),)
    assert positions_of({"positions": '[["A","","1E+9999","x",99999999999999999]]'}) == (
        Position(reference="A"),
    )


def test_long_words_are_cut():
    kept = fields_of(
        BusinessDocument(
            buyer=Party(name="D" * 5000), positions=(Position(description="x" * 9000),)
        )
    )
    assert len(kept["buyer"]) == 300
    assert len(kept["positions"]) < 400
