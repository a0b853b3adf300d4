"""The HTML of every notice: for every mail program, every screen, every reader."""

import re
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from handlers.desk import Look
from handlers.queries.inquiry import SHOWN
from parsers.intents.intent import intent_of
from parsers.read import read as parse
from templates import block
from templates.message import compose, render
from templates.mime import text_part
from templates.sample import sample

from .golden_notices import PROCESSES, all_cases, golden, place, rendered, rendered_for, workflow_of
from .notice_desk import DESK, KEYS, NOW
from .page_check import faults, link_faults
from .page_tree import Reading

CASES = all_cases()
GMAIL_CLIPS_AT = 100_000
LETTERS = {  # somebody's own words, a list that was asked for, or what all agents get
    *("N_comment", "N_list", "N_how", "N_ext", "N_remark", "N_internal_talk"),
    *("N12", "W_done", "W_digest_daily", "W_digest_weekly"),
}
AGREED_BEFORE = {"N2", "N3b", "N4e", "N4r"}  # there an agreement changes nothing any more
RECAP_FIRST = {("repair_bonus", "N9"), ("repair_bonus", "N_errand")}  # lists for who works them off
TWO_STEPS = {
    "N4e",
    "N_annexes",
}  # ours now and the customer's later; what was done and what was not
LOGO = Look(logo=b"\x89PNG", logo_type="image/png", logo_width=90, logo_height=30)


def lead_of(html):
    """The hidden words at the top of the page."""
    hidden = next(one for one in Reading(html).root.every("div") if one.hidden).text()
    return re.sub("[\u034f\u200c\xa0 ]+", " ", hidden).strip()


@pytest.mark.parametrize("process, name, code", CASES)
def test_a_notice_of_any_process_says_what_its_golden_file_says(process, name, code):
    """`python -m tests.golden_notices` renews the files."""
    kept = place(name, code, process).read_text(encoding="utf-8")
    assert golden(name, code, process) == kept


@pytest.mark.parametrize("process, name, code", CASES)
def test_the_page_of_a_notice_has_no_fault(process, name, code):
    assert faults(rendered(name, code, process).html) == []


@pytest.mark.parametrize("colour", ["#7a1f1f", "#006b3c", "#000000", "#6d28d9", "#737373"])
def test_a_page_can_be_read_in_any_colour_a_desk_may_have(colour):
    desk = replace(DESK, look=replace(LOGO, colour=colour))
    assert faults(rendered_for(desk, "N3", "fr").html) == []
    assert faults(rendered_for(desk, "W_order", "fr").html) == []
    without_ticket = rendered_for(desk, "N1_group", "fr").html
    assert faults(without_ticket) == []


@pytest.mark.parametrize("process, name, code", CASES)
def test_a_message_stays_below_what_gmail_clips(process, name, code):
    said = rendered(name, code, process)
    parts = text_part("plain", said.text) + text_part("html", said.html)
    assert len(parts) < GMAIL_CLIPS_AT - 4_000  # what is left is for the header


def test_a_very_long_mail_in_a_work_item_does_not_clip_it():
    one = sample("rma", "W_new", "fr")
    told = replace(one.notice, values={**one.notice.values, "said": "Très long. " * 30_000})
    made = compose(
        told,
        ticket=one.ticket,
        desk=DESK,
        workflow=workflow_of("rma"),
        keys=KEYS,
        cause="m1",
        now=NOW,
        files={},
    )
    mail = message_from_bytes(made.data, policy=policy.default)
    page = mail.get_body(("html",)).get_content()
    assert "[…]" in page
    assert len(page.encode()) < GMAIL_CLIPS_AT


def test_the_longest_list_that_is_shown_is_not_clipped():
    one = sample("rma", "N_list", "fr")
    row = [
        "RMA-2026-000412",
        "LECT-400-XL-2026",
        "SN123456789012",
        "Retour autorisé",
        "23 novembre 2026",
    ]
    values = {**one.notice.values, "rows": [row] * SHOWN, "count": SHOWN}
    said = render(replace(one.notice, values=values), one.ticket, DESK, workflow_of("rma"))
    assert len(said.html.encode()) < GMAIL_CLIPS_AT / 2


@pytest.mark.parametrize("process, name, code", CASES)
def test_the_inbox_shows_the_first_sentence_not_the_line_to_reply_above(process, name, code):
    said = rendered(name, code, process)
    lead = lead_of(said.html)
    assert len(lead) > 12
    assert not lead.startswith(("---", "Bonjour", "Hello", "Goedendag", "Guten"))
    first = re.sub(r"\W+", " ", lead)[:40].strip()
    assert first in re.sub(r"\W+", " ", said.text)


@pytest.mark.parametrize("process, name, code", CASES)
def test_the_words_above_the_marker_promise_nothing_in_the_name_of_a_customer(process, name, code):
    """Some mail programs quote even hidden words, above the marker (X-9). That a request is cancelled is
    only told where it is."""
    told = name.startswith("W") or name in AGREED_BEFORE
    lead = "" if told else lead_of(rendered(name, code, process).html)
    assert intent_of(lead, code).kind not in {"acceptance", "order", "confirmation"}


@pytest.mark.parametrize("process, name, code", CASES)
def test_a_notice_has_one_box_that_says_whose_turn_it_is(process, name, code):
    if name in LETTERS or (process, name) == ("dossier", "N10"):
        return
    page = Reading(rendered(name, code, process).html).root
    boxes = [node for node in page.every("td") if "box" in node.names]
    assert len(boxes) == 1 + (name in TWO_STEPS)


@pytest.mark.parametrize("process, name, code", CASES)
def test_the_step_comes_before_the_recap(process, name, code):
    if (process, name) in RECAP_FIRST:
        return
    page = rendered(name, code, process).html
    box = page.find('class="box')
    assert all(box < start.start() for start in re.finditer(r'<table class="(?:rows|wide)"', page))


@pytest.mark.parametrize("process", PROCESSES)
def test_the_box_is_an_arrow_in_text_where_something_is_to_be_done(process):
    for name, code in [(n, c) for p, n, c in CASES if p == process]:
        said = rendered(name, code, process)
        assert said.text.count("→ ") >= said.html.count('class="box act"')


BAD = {
    "<b>x</b>": "<b> is not known",
    "<p>x": "is closed|closes <p>|never closed",
    '<p onclick="x">x</p>': "runs something",
    "<p>a<div>b</div></p>": "inside a line of words",
    "<li>x</li>": "<li> stands in",
    "<table><tr><td>x</td></tr></table>": "no header cells",
    '<table role="presentation"><tr><th scope="col">x</th></tr></table>': "has header cells",
    "<table><tr><th>x</th></tr></table>": "does not say of what",
    '<img src="cid:x" width="1">': "no words for it",
    '<img src="https://x.example/x.png" alt="x" width="1">': "comes from outside",
    "<h3>x</h3>": "headings jump",
    "<h1>x</h1>": "not one h1 first",
    "<h2></h2>": "a heading is empty",
    '<p lang="nl">x</p>': "says it is in",
    '<table role="presentation" bgcolor="#ffffff"><tr><td>x</td></tr></table>': "beside",
    '<p style="color:#999999">x</p>': "contrast 2.8",
    '<p class="dim">x</p>': "dark",
    '<a href="https://x.example">x</a>': "goes outside",
    '<a href="mailto:x@other.example">x</a>': "is not ours",
    '<a href="mailto:a@desk.example?subject=a+b">x</a>': "does not read back",
    '<a href="mailto:a@desk.example?subject=a%0Ab">x</a>': "several lines",
    '<a href="mailto:a@desk.example"></a>': "no words",
    '<a href="tel:maison">x</a>': "cannot be dialled",
    '<p style="display:flex">x</p>': "shown as flex",
    '<p style="display:inline-block">x</p>': "shown as inline-block",
    '<p style="flex:1">x</p>': "needs flex",
    '<p style="grid-column:1">x</p>': "needs grid-column",
    '<p style="float:left">x</p>': "needs float",
    '<p style="position:relative">x</p>': "needs position",
    '<p style="background-image:none">x</p>': "needs background-image",
    '<p style="max-width:9px">x</p>': "has a max-width",
    '<p style="margin:-4px 0">x</p>': "negative margin",
    '<p style="margin:calc(1px + 2px)">x</p>': "cannot count",
    '<p style="background-color:#ffffff">x</p>': "ground of its own",
    '<table role="presentation"><tr><td><p>x</p></td></tr></table>': "cellspacing",
    '<p style="font-size:9px">x</p>': "too small",
    "<ul></ul>": "no item",
    '<a href="mailto:a@desk.example">ici</a>': "only says",
    '<table role="presentation" cellspacing="0"><tr><td>'
    '<a href="mailto:a@desk.example">x</a></td></tr></table>': "a thumb needs 44",
    '<table role="presentation" cellspacing="0"><tr>'
    '<td class="bar1" bgcolor="#111111" style="background-color:#111111">x</td></tr></table>': "a bar is",
}


@pytest.mark.parametrize("fragment", BAD)
def test_the_check_sees_each_fault(fragment):
    page = (
        '<html lang="fr"><head><title>t</title><style>\n'
        "@media (prefers-color-scheme: dark) {\n  body { background-color: #000000 }\n"
        "  p { color: #ffffff } a { color: #ffffff }\n  h1 { color: #ffffff }"
        " td { color: #ffffff }\n  .dim { color: #111111 }\n}\n</style></head>"
        f'<body style="background-color:#ffffff"><h1>t</h1>{fragment}</body></html>'
    )
    told = faults(page)
    assert any(re.search(BAD[fragment], one) for one in told), told


def test_a_link_that_writes_to_the_desk_reads_back():
    good = "mailto:rma+t1@desk.example?subject=Choix%201%20%E2%80%93%20%C3%A9change&body=1%0D%0Aok"
    assert link_faults(good) == []


@pytest.mark.parametrize("process, name", [(p, n) for p, n, code in CASES if code == "fr"])
def test_the_page_quoted_below_an_answer_is_not_taken_for_its_words(process, name):
    """X-9: a client that quotes the page without a word between; even its hidden first sentence."""
    page = rendered(name, "fr", process).html.replace("<html", "<div").replace("<body", "<div")
    mail = (
        "From: jeanne@client.example\r\nTo: rma@desk.example\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"<html><body><p>Merci, c’est noté.</p><br>{page}</body></html>"
    )
    assert parse(mail.encode()).new_text == "Merci, c’est noté."


def test_a_rule_for_every_screen_would_be_lost_in_outlook():
    page = rendered("N1", "fr").html.replace("<style>", "<style>\n.inside { color: #000000 }", 1)
    assert any("outside a media query" in one for one in faults(page))


def test_a_page_that_cannot_be_made_larger_is_a_fault():
    page = rendered("N1", "fr").html.replace("initial-scale=1", "initial-scale=1,maximum-scale=1")
    assert "the page cannot be made larger" in faults(page)


def test_words_that_are_wider_than_a_column_may_be_broken_where_their_parts_join():
    """Nothing is added to what is copied: a break is an element without words."""
    told = block.breakable("jeanne.martin@dupont.example Product.SerialNumberOfMaker")
    assert told == (
        "jeanne.<wbr>martin<wbr>@dupont.<wbr>example Product.<wbr>Serial<wbr>Number<wbr>Of<wbr>Maker"
    )
    assert block.breakable("Rechnungsdatum x-1") == "Rechnungsdatum x-1"
    long = block.breakable("&amp;" * 30)
    assert long.replace("<wbr>", "") == "&amp;" * 30
    assert "<wbr>" in long


def test_columns_with_wide_words_are_stacked_rather_than_broken():
    """`python -m tests.notice_words` measures it in a browser."""
    narrow = [["RMA-2026-000412", "LECT-400", "SN123456"]]
    assert "<table" in block.table(narrow, ["Demande", "Référence", "Série"], " : ").html
    wide = [["RMA-2026-000412", "Enregistrement", "Reconditionnement", "Approvisionnement", "x"]]
    assert "<table" not in block.table(wide, ["Demande", "Étape", "Suite", "Ensuite", "y"]).html


def test_rows_of_many_columns_are_stacked_on_every_screen():
    header = [f"Colonne {n}" for n in range(1, 10)]
    made = block.table([["un", "", *"cdefghi"], ["<x>", *"bcdefghi"]], header, " : ")
    assert "<table" not in made.html
    assert made.html.count("<p ") == 2
    assert "Colonne 2 : </span><" not in made.html.split("</p>")[0]
    assert "<strong>&lt;x&gt;</strong>" in made.html
    assert made.text.splitlines()[0].startswith("Colonne 1 | Colonne 2")
