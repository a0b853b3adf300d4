"""The return sheet: one page, its codes read back, whatever the fields hold (F-18, F-19)."""

from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp

from templates.sample import sample
from templates.sheet import return_sheet

from .notice_desk import DESK, WORKFLOW

TICKET = sample("rma", "N2", "fr").ticket
KEY = "RMA-2026-000412"


def with_fields(**fields):
    return replace(TICKET, fields=dict(TICKET.fields) | fields)


def drawn(ticket=TICKET, desk=DESK, language="fr"):
    return pypdfium2.PdfDocument(return_sheet(ticket, desk, WORKFLOW, language))


def text_of(document):
    return document[0].get_textpage().get_text_bounded().replace("\r\n", "\n")


def codes_of(document):
    image = document[0].render(scale=2).to_pil()
    return {found.format.name: found.text for found in zxingcpp.read_barcodes(image)}


def words_of(text):
    return "".join(text.split())


def test_barcode_and_qr_code_hold_the_key():
    assert codes_of(drawn()) == {"QRCode": KEY, "Code128": KEY}


def test_it_shows_the_number_and_every_filled_field_with_accents():
    text = text_of(
        drawn(with_fields(company="Œuvre & Fils <SARL> 412,80 €", description="Été À ß"))
    )
    for shown in (KEY, "Sous garantie", "LECT-400", "SN123456", "75002 Paris", "Été À ß"):
        assert shown in text
    assert "Œuvre & Fils <SARL> 412,80 €" in text


@pytest.mark.proves("F-20")
def test_the_return_address_stands_last():
    assert text_of(drawn()).strip().endswith("\n".join(DESK.return_address))


def test_it_is_one_a4_page_in_the_language_asked_for():
    document = drawn(language="en")
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert "Return sheet" in text_of(document)
    assert "Under warranty" in text_of(document)


def test_the_same_ticket_gives_the_same_bytes():
    first = return_sheet(TICKET, DESK, WORKFLOW, "fr")
    return_sheet(with_fields(company="Ł"), DESK, WORKFLOW, "en")
    assert return_sheet(TICKET, DESK, WORKFLOW, "fr") == first


@pytest.mark.parametrize(
    "ticket",
    [
        replace(TICKET, fields={}),
        with_fields(company="Établissements " + "W" * 60, reference="X" * 300),
        with_fields(description="Très long texte, ligne après ligne.\n" * 300),
        with_fields(return_address="\n".join(f"ligne {n}" for n in range(80))),
        with_fields(description="漢字 😀 \x00\x1b\udcff {{7*7}} &lt;b&gt; <b>x</b> <para>"),
    ],
    ids=["no fields", "long names", "long text", "many lines", "odd characters"],
)
def test_no_field_breaks_the_page(ticket):
    document = drawn(ticket)
    assert len(document) == 1
    assert codes_of(document) == {"QRCode": KEY, "Code128": KEY}
    assert words_of(text_of(document)).endswith(words_of("".join(DESK.return_address)))


def test_long_words_stay_inside_the_page():
    document = drawn(with_fields(company="W" * 120))
    page = document[0].get_textpage()
    edges = [page.get_charbox(n)[2] for n in range(page.count_chars())]
    assert max(edges) < 595 - 40


def test_markup_in_a_value_is_printed_not_obeyed():
    assert "<b>gras</b> & <font size=99>" in text_of(
        drawn(with_fields(description="<b>gras</b> & <font size=99>"))
    )


def test_a_desk_without_return_address_says_to_ask():
    assert "demandez-la" in text_of(drawn(desk=replace(DESK, return_address=())))


@pytest.mark.parametrize("key", ["R", "RMA-2026-000412-" + "9" * 12])
def test_short_and_long_numbers_are_readable_too(key):
    assert codes_of(drawn(replace(TICKET, key=key)))["QRCode"] == key
