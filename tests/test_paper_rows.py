"""Rows of a table read out of a paper or a CSV file (R-27)."""

import pytest

from handlers.papers.paper_rows import Shape, rows_in
from handlers.process.table_rules import rule_of
from parsers.business import BusinessDocument
from parsers.files.document import read_document
from parsers.mail import Attachment, FileKind

from .papers import text_pdf

SIZES = ("width", "height", "colour", "side")
SHAPE = Shape(rule=rule_of("warranties", {}), first="warranty", pairs={"dimensions": SIZES})
LINES = [
    "Document de garantie",
    "N° de garantie : GW-100201",
    "Produit : Fixscreen 100",
    "Dimensions : 2400 x 1800 mm - RAL 9016 - gauche",
    "Codes articles : A100 B200",
    "N° de garantie : GW-100202",
    "Produit : Fixscreen 150",
    "Largeur : 3000",
    "Hauteur : 1800",
    "Couleur : RAL 7016",
    "Côté de la commande : droite",
]
FIRST = {
    "warranty": "GW-100201",
    "product": "Fixscreen 100",
    "width": "2400",
    "height": "1800",
    "colour": "RAL 9016",
    "side": "gauche",
    "articles": "A100 B200",
}


def file(name, data=b"", document=None, **more):
    return Attachment(
        filename=name,
        content_type="text/plain",
        declared_type="",
        size=len(data),
        sha256="",
        data=data,
        document=document,
        **more,
    )


def test_labels_say_a_row_each():
    rows = rows_in(file("g.pdf", document=BusinessDocument(text="\n".join(LINES))), SHAPE)
    assert rows[0] == FIRST
    assert [row["warranty"] for row in rows] == ["GW-100201", "GW-100202"]
    assert rows[1]["side"] == "droite"


def test_a_drawn_paper_says_the_same():
    data = text_pdf(LINES)
    drawn = file("g.pdf", data, kind=FileKind.PDF)
    read = read_document(drawn)
    assert read is not None
    assert rows_in(file("g.pdf", data, read), SHAPE)[0] == FIRST


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_table_says_its_columns_in_its_head(mark):
    lines = [["numéro de garantie", "produit", "largeur"], ["GW-1", "Store", "2400"], ["", "", ""]]
    data = "\n".join(mark.join(line) for line in lines).encode()
    assert rows_in(file("g.csv", data), SHAPE) == (
        {"warranty": "GW-1", "product": "Store", "width": "2400"},
    )


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\0", b"a;b\n1;2", b'"' * 5000])
def test_what_says_no_row_gives_none(data):
    assert rows_in(file("g.csv", data), SHAPE) == ()
    assert rows_in(file("g.jpg", data), SHAPE) == ()


def test_a_refused_file_is_not_read():
    assert rows_in(file("g.csv", b"warranty\nGW-1", refusal="infected"), SHAPE) == ()
