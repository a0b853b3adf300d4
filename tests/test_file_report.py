"""People and programs are shown what was read in a file, why, and from which line of it."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from parsers.business import (
    Barcode,
    BusinessDocument,
    Confidence,
    DocumentKind,
    Party,
    Photo,
    Place,
    Position,
)
from parsers.file_report import file_as_json, file_as_lines
from parsers.mail import Attachment, FileKind

FILE = Attachment(
    filename="BC-4471.pdf",
    content_type="application/pdf",
    declared_type="application/octet-stream",
    size=2003,
    sha256="s1",
    data=b"%PDF",
    kind=FileKind.PDF,
)
ORDER = BusinessDocument(
    kind=DocumentKind.ORDER,
    confidence=Confidence.LIKELY,
    reasons=("page 1: title BON DE COMMANDE",),
    number="BC-4471",
    quotes=("D-2026-118", "D-2026-121"),
    buyer=Party(name="Dupont SA", siret="73282932000074"),
    positions=(
        Position(
            reference="LECT-400", quantity=Decimal(2), unit_price=Decimal("172.00"), net_cents=34400
        ),
    ),
    gross_cents=41280,
    currency="EUR",
    dated=date(2026, 11, 6),
    doubts=("siret",),
    places={
        "number": Place(page=1, line="BON DE COMMANDE N° BC-4471", box=(50.0, 70.0, 210.0, 80.0)),
        "gross": Place(page=0, line="GrandTotalAmount"),
        "quotes.1": Place(page=2, line="et D-2026-121"),
    },
)
PHOTO = Photo(
    width=4032,
    height=3024,
    fingerprint="00ff00ff00ff00ff",
    barcodes=(
        Barcode(symbology="Code128", text="SN123456"),
        Barcode(symbology="EAN13", text="1", valid=False),
    ),
    copy=b"a copy",
    located=True,
)


def test_a_person_sees_why_and_from_which_line():
    assert file_as_lines(replace(FILE, document=ORDER)) == [
        "BC-4471.pdf: order (likely)",
        "  because page 1: title BON DE COMMANDE",
        "  number       BC-4471   <- page 1: BON DE COMMANDE N° BC-4471",
        "  quotes       D-2026-118",
        "  quotes       D-2026-121   <- page 2: et D-2026-121",
        "  buyer        Dupont SA, 73282932000074",
        "  positions    2 LECT-400 x 172.00 = 344.00",
        "  gross        412.80 EUR   <- embedded XML: GrandTotalAmount",
        "  currency     EUR",
        "  dated        2026-11-06",
        "  doubts       siret",
    ]


def test_a_person_sees_what_a_photo_says_and_what_was_refused():
    photo = replace(FILE, filename="a.heic", document=None, photo=PHOTO, kind=FileKind.IMAGE)
    assert file_as_lines(photo) == [
        "a.heic: image",
        "  4032 x 3024 pixels",
        "  Code128      SN123456",
        "  EAN13        1 (its check digit is wrong)",
        "  says where it was taken: no copy that leaves does",
    ]
    assert file_as_lines(replace(FILE, refusal="too_heavy")) == ["BC-4471.pdf: refused, too_heavy"]
    assert file_as_lines(replace(FILE, decor=True)) == ["BC-4471.pdf: decor, no document"]


def test_a_scan_says_that_it_cannot_be_read():
    scan = BusinessDocument(kind=DocumentKind.ORDER, readable=False)
    assert "  cannot be read automatically" in file_as_lines(replace(FILE, document=scan))


def test_programs_get_every_field_as_json_and_no_bytes():
    told = json.loads(json.dumps(file_as_json(replace(FILE, document=ORDER, photo=PHOTO))))
    assert told["document"]["kind"] == "order"
    assert told["document"]["positions"][0]["unit_price"] == "172.00"
    assert told["document"]["places"]["number"]["page"] == 1
    assert told["document"]["dated"] == "2026-11-06"
    assert told["photo"]["barcodes"][0] == {
        "symbology": "Code128",
        "text": "SN123456",
        "valid": True,
    }
    assert "copy" not in told["photo"]
