"""Every paper we write, in every language, whatever the fields hold (F-18, F-19, R-29)."""

from dataclasses import replace
from io import BytesIO
from itertools import combinations

import pdfplumber
import pypdf
import pypdfium2
import pytest

from templates.papers.page import MARGIN

from .golden_notices import workflow_of
from .notice_desk import DESK
from .written_papers import (
    all_papers,
    bytes_of,
    codes_of,
    seen,
    stays_inside,
    text_of,
    ticket_of,
    words_of,
    written,
)

KEY = "RMA-2026-000412"
KINDS = ("full", "bare", "hard")
EVERY = [(*one, kind) for one in all_papers() for kind in KINDS]
every_paper = pytest.mark.parametrize("paper", EVERY, ids="-".join)


@every_paper
def test_it_is_one_a4_page_in_its_language(paper):
    document = pypdfium2.PdfDocument(bytes_of(*paper))
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert pypdf.PdfReader(_file(paper)).root_object["/Lang"] == paper[2]


@every_paper
def test_its_codes_are_read_from_the_printed_page_and_its_margin_is_white(paper):
    process, name, _, _ = paper
    key, page = ticket_of(*paper).key, seen(bytes_of(*paper))
    if workflow_of(process).papers[name].travels:
        assert page.codes == {"QRCode": key, "Code128": key}
    else:
        assert page.codes["QRCode"].startswith(f"mailto:{DESK.address}?subject=%5B{key}%5D")
    assert page.white >= MARGIN - 2
    assert not page.coloured, "it is printed in black"


@every_paper
def test_nothing_is_cut_off(paper):
    """Each word of each value that stands in the full sample's paper is on the page, whatever it is."""
    process, name, code, _kind = paper
    shown = words_of(text_of(bytes_of(*paper)))
    sample = words_of(text_of(bytes_of(process, name, code)))
    usual, ticket = ticket_of(process, name, code), ticket_of(*paper)
    workflow = workflow_of(process)
    for field, value in ticket.fields.items():
        rule = workflow.fields[field]
        plain = rule.type in {"text", "long", "serial", "address"}
        if plain and words_of(usual.fields.get(field, "")) in sample and usual.fields.get(field):
            assert words_of(value) in shown, field
    assert words_of(ticket.key) in shown


@every_paper
def test_no_word_stands_over_another(paper):
    with pdfplumber.open(_file(paper)) as document:
        boxes = [
            (one["x0"], one["top"] + 1, one["x1"], one["bottom"] - 1, one["text"])
            for one in document.pages[0].extract_words()
        ]
    over = [
        (a[4], b[4])
        for a, b in combinations(boxes, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 2.5
    ]
    assert over == []


@every_paper
def test_its_fonts_travel_with_it(paper):
    fonts = pypdf.PdfReader(_file(paper)).pages[0]["/Resources"]["/Font"]
    used = [one.get_object() for one in fonts.values()]
    named = [str(font["/BaseFont"]) for font in used if "/FontDescriptor" in font]
    assert any("Roboto" in name for name in named)
    for font in used:
        if "/FontDescriptor" in font:
            assert "/FontFile2" in font["/FontDescriptor"]


@pytest.mark.parametrize("paper", all_papers(), ids="-".join)
def test_the_same_ticket_gives_the_same_bytes_and_a_small_file(paper):
    first = bytes_of(*paper)
    bytes_of(*paper, "hard")
    assert written(*paper, ticket_of(*paper)) == first
    assert len(first) < 80_000


def _file(paper):
    return BytesIO(bytes_of(*paper))


# --- the return sheet


def sheet(ticket=None, desk=DESK, language="fr"):
    return written(
        *("rma", "return_sheet", language), ticket or ticket_of("rma", "return_sheet", "fr"), desk
    )


def with_fields(**fields):
    ticket = ticket_of("rma", "return_sheet", "fr")
    return replace(ticket, fields={**ticket.fields, **fields})


@pytest.mark.proves("F-19")
def test_the_number_can_be_read_from_two_metres():
    """Its capitals are at least 10 mm high: a three-hundredth of the distance is read with ease."""
    page = pypdfium2.PdfDocument(sheet())[0].get_textpage()
    start = page.get_text_range().index("RMA-2026")
    _, bottom, _, top = page.get_charbox(start)
    assert (top - bottom) / 72 * 25.4 > 10


@pytest.mark.proves("F-20")
def test_the_return_address_stands_last():
    assert text_of(sheet()).strip().endswith("\n".join(DESK.return_address))


@pytest.mark.proves("A-56")
def test_a_claim_returns_to_the_address_the_agent_gave():
    ticket = ticket_of("claims", "return_sheet", "fr")
    given = written("claims", "return_sheet", "fr", ticket)
    assert text_of(given).strip().endswith("Quai 4\n59000 Lille")
    fields = {**ticket.fields, "return_address": ""}
    usual = written("claims", "return_sheet", "fr", replace(ticket, fields=fields))
    assert text_of(usual).strip().endswith("\n".join(DESK.return_address))


@pytest.mark.parametrize(
    "ticket",
    [
        with_fields(company="Établissements " + "W" * 60, reference="X" * 300),
        with_fields(description="Très long texte, ligne après ligne.\n" * 300),
        with_fields(return_address="\n".join(f"ligne {n}" for n in range(80))),
        with_fields(description="漢字 😀 \x00\x1b\udcff {{7*7}} &lt;b&gt; <b>x</b> <para>"),
    ],
    ids=["long names", "long text", "many lines", "odd characters"],
)
def test_no_field_breaks_the_page(ticket):
    data = sheet(ticket)
    assert len(pypdfium2.PdfDocument(data)) == 1
    assert codes_of(data) == {"QRCode": KEY, "Code128": KEY}
    assert words_of(text_of(data)).endswith(words_of("".join(DESK.return_address)))
    assert stays_inside(data)


def test_markup_in_a_value_is_printed_not_obeyed():
    told = "<b>gras</b> & <font size=99> **x** {{ 7 }}"
    assert told in text_of(sheet(with_fields(description=told)))


def test_letters_of_other_scripts_are_question_marks_and_emoji_leave_nothing():
    said = text_of(sheet(with_fields(description="😀 Chez 漢字 👍🏽, 😀😀 merci ½ ﬁn 👍🏽")))
    assert "Chez ??, merci ½ fin" in said


def test_a_desk_without_return_address_says_to_ask():
    assert "demandez-la" in text_of(sheet(desk=replace(DESK, return_address=())))


@pytest.mark.parametrize("back", [("Une seule ligne",), tuple(f"ligne {n}" for n in range(14))])
def test_an_address_of_any_length_stays_whole(back):
    data = sheet(desk=replace(DESK, return_address=back))
    assert text_of(data).strip().endswith("\n".join(back))
    assert stays_inside(data)


@pytest.mark.parametrize("key", ["R", "RMA-2026-000412-" + "9" * 12])
def test_short_and_long_numbers_are_readable_too(key):
    data = sheet(replace(ticket_of("rma", "return_sheet", "fr"), key=key))
    assert codes_of(data)["QRCode"] == key
    assert stays_inside(data)
