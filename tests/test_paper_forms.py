"""Papers to be filled in or signed, a site's own papers, and what `savd check` says of them (R-29, Q-20)."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from urllib.parse import quote

import pypdf
import pypdfium2
import pytest

from daemon.commands import run
from handlers.process.paper_rule import PaperRule
from handlers.proof.problems import problems
from handlers.words.sheet import read_form
from parsers.business import Confidence
from parsers.files.opening import open_file
from parsers.files.pdf_state import state_of
from templates.message import compose, papers_of
from templates.preview import problems as preview_problems
from templates.preview import sent_by
from templates.sample import sample

from .golden_notices import workflow_of
from .notice_desk import DESK, KEYS, NOW
from .test_pdf_form import attached
from .written_papers import (
    all_papers,
    bytes_of,
    codes_of,
    seen,
    text_of,
    ticket_of,
    words_of,
    written,
)

# --- the form and the agreement


def form(language="fr", kind="full", **values):
    ticket = ticket_of("dossier", "service_form", language, kind)
    return written("dossier", "service_form", language, ticket, **values)


@pytest.mark.proves("R-29", "R-30", "R-31")
@pytest.mark.parametrize("code", ["fr", "en", "nl", "de"])
def test_each_field_bears_the_label_that_a_mail_would_have(code):
    """So what is typed into it is read as the labelled lines of a mail are."""
    workflow = workflow_of("dossier")
    fields = pypdf.PdfReader(BytesIO(form(code))).get_fields()
    read = read_form("".join(f"{name}: {n}\n" for n, name in enumerate(fields, 10)), workflow, {})
    assert read == {"warranty_number": "10", "width": "11", "height": "12", "your_reference": "13"}


def test_what_is_known_is_filled_in_and_marked_as_ours():
    fields = pypdf.PdfReader(BytesIO(form())).get_fields()
    known = fields["N° de garantie"]
    assert known["/V"] == known["/DV"] == "GW-100201, GW-100202"
    assert not fields["Largeur"].get("/V")


def test_many_products_go_on_another_page_under_the_same_head():
    workflow = workflow_of("dossier")
    notice = sample("dossier", "N4", "fr").notice
    (line, *_) = notice.values["rows"]["warranty_lines"]
    lines = [{**line, "warranty": f"GW-{100000 + n}"} for n in range(60)]
    many = replace(notice, papers=("service_form",), values={"rows": {"warranty_lines": lines}})
    (file,) = papers_of(many, ticket_of("dossier", "service_form", "fr"), DESK, workflow)
    pages = [text_of(file.data, page) for page in range(len(pypdfium2.PdfDocument(file.data)))]
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert "Formulaire de service" in page
        assert f"{number}/{len(pages)}" in page
        assert seen(file.data, number - 1).codes
    numbered = next(page for page in pages if "Selon numéro de garantie" in page)
    assert "Il figure sur la confirmation" in numbered, "no page ends with a heading"
    assert all(any(one["warranty"] in page for page in pages) for one in lines)
    assert sum("Codes articles" in page for page in pages) == len(pages) or "Codes" in pages[0]
    fields = pypdf.PdfReader(BytesIO(file.data)).get_fields()
    assert len(fields) == 4
    assert fields["N° de garantie"]["/V"].count("GW-") == 60


def test_what_is_typed_into_it_is_read_under_its_label():
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(form("de"))))
    typed = {"Breite": "2400", "Ihre Referenz": "Bau 7"}
    writer.update_page_form_field_values(writer.pages[0], typed)
    filled = BytesIO()
    writer.write(filled)
    found = state_of(filled.getvalue()).form
    assert {one.label: one.value for one in found.entries} == typed
    assert [one.label for one in found.left] == ["Garantienummer"]


@pytest.mark.proves("Q-20")
def test_the_agreement_has_place_date_and_room_to_sign():
    said = text_of(bytes_of("repair_bonus", "consent", "fr"))
    for told in ("Agathe Noël", "180,00 € TTC", "50,00 €", "Ecologic", "Fait à", "Le", "signature"):
        assert told in said.replace("\xa0", " ")


@pytest.mark.parametrize("code", ["fr", "en", "nl", "de"])
def test_an_agreement_without_a_name_leaves_room_for_it(code):
    assert "……………" in text_of(bytes_of("repair_bonus", "consent", code, "bare"))


def test_its_code_opens_a_mail_to_the_ticket_with_the_token_of_who_gets_it():
    workflow, key = workflow_of("repair_bonus"), "QR-2026-000031"
    one = sample("repair_bonus", "C1", "fr")
    sent = compose(
        sent_by(one, workflow),
        ticket=one.ticket,
        desk=DESK,
        workflow=workflow,
        keys=KEYS,
        cause="m1",
        now=NOW,
        files=one.files,
    )
    mail = message_from_bytes(sent.data, policy=default)
    (paper,) = [part for part in mail.iter_attachments() if part.get_filename().startswith(key)]
    assert paper.get_filename() == f"{key} Accord de réparation.pdf"
    reply = mail["Reply-To"].addresses[0].addr_spec
    assert "+" in reply
    assert codes_of(paper.get_content()) == {
        "QRCode": f"mailto:{quote(reply, safe='@')}?subject=%5B{key}%5D"
    }


# --- a site and its own papers


def test_a_site_overrides_a_paper_file_by_file(tmp_path):
    folder = tmp_path / "rma" / "papers"
    folder.mkdir(parents=True)
    own = """---
title: "Bon de retour"
---
1. **Un** <b>deux</b> [ici](http://elsewhere.example/)
2. trois ![photo](file:///etc/hostname)

   encore trois

Alors

    en retrait

<p>entre crochets</p>

{{ ["a", "b"] | bullets }}
"""
    (folder / "return_sheet.fr.md").write_text(own, encoding="utf-8")
    ticket = ticket_of("rma", "return_sheet", "fr")
    said = text_of(written("rma", "return_sheet", "fr", ticket, site=tmp_path))
    assert "Bon de retour" in said
    assert "LECT-400" not in said
    for told in (
        "1.Un <b>deux</b> ici",
        "2.trois photo",
        "encore trois",
        "en retrait",
        "<p>entre crochets</p>",
    ):
        assert told.replace(" ", "") in words_of(said)
    other = text_of(written("rma", "return_sheet", "en", ticket, site=tmp_path))
    assert "Return sheet" in other


@pytest.mark.parametrize(
    "source, told",
    [
        ('---\ntitle: "x"\n---\n{{ nobody }}\n', "'nobody' is undefined"),
        ('---\ntitle: "x"\n---\n{% if %}\n', "TemplateSyntaxError"),
        ("no front matter", "must begin with"),
        ('---\ntitle: "x"\n---\n{{ ticket.__class__.__mro__ }}\n', "unsafe"),
    ],
)
def test_a_paper_that_cannot_be_written_is_named(tmp_path, source, told):
    folder = tmp_path / "rma" / "papers"
    folder.mkdir(parents=True)
    (folder / "return_sheet.fr.md").write_text(source, encoding="utf-8")
    found = preview_problems(workflow_of("rma"), DESK, tmp_path)
    assert any("papers/return_sheet.fr.md" in one and told in one for one in found)


def test_check_names_a_paper_nobody_sends_or_declares():
    rma = workflow_of("rma")
    more = rma.model_copy(update={"papers": {**rma.papers, "poster": PaperRule(about="a poster")}})
    assert any("paper poster: no notice brings it" in one for one in problems(more))
    none = rma.model_copy(update={"papers": {}})
    assert any("'return_sheet' is no paper" in one for one in problems(none))


def test_a_paper_without_a_source_is_named():
    rma = workflow_of("rma")
    brought = rma.notices["N2"].model_copy(update={"papers": ("poster",)})
    more = {
        "papers": {**rma.papers, "poster": PaperRule(about="a poster")},
        "notices": {**rma.notices, "N2": brought},
    }
    found = preview_problems(rma.model_copy(update=more), DESK)
    told = "paper rma/papers/poster.nl.md does not exist; write it in"
    assert any(one.startswith(told) for one in found)


def test_what_is_filled_in_may_be_in_any_script(tmp_path):
    folder = tmp_path / "rma" / "papers"
    folder.mkdir(parents=True)
    own = '---\ntitle: "x"\n---\n{{ [("Société", ticket.field("company"))] | form }}\n'
    (folder / "return_sheet.fr.md").write_text(own, encoding="utf-8")
    ticket = ticket_of("rma", "return_sheet", "fr")
    name = "Ωμέγα Чайка Łódź – Œuvre (a\\b)"
    ticket = replace(ticket, fields={**ticket.fields, "company": f"{name} 漢字😀"})
    made = written("rma", "return_sheet", "fr", ticket, site=tmp_path)
    document = pypdfium2.PdfDocument(made)
    document.init_forms()
    page = document[0]
    page.flatten()
    assert name in document[0].get_textpage().get_text_bounded()
    assert pypdf.PdfReader(BytesIO(made)).get_fields()["Société"]["/V"] == f"{name} ??"


def test_the_papers_of_a_notice_can_be_looked_at(tmp_path, capsys):
    assert run(["init", str(tmp_path), "--workflow", "rma"]) == 0
    config, there = str(tmp_path / "savd.toml"), tmp_path / "papers"
    asked = ["notice", "papers", "N2", str(there), "--language", "nl", "--config", config]
    assert run(asked) == 0
    (file,) = there.iterdir()
    assert file.name == "RMA-2026-000412 Retourformulier.pdf"
    assert str(file) in capsys.readouterr().out


@pytest.mark.parametrize("paper", all_papers(), ids="-".join)
def test_what_we_print_is_known_again_when_it_comes_back(paper):
    """An agreement that nobody signed counts for nothing by itself (Q-20)."""
    kind = {"return_sheet": "return_sheet", "service_form": "other", "consent": "signed_agreement"}
    read = open_file(attached(bytes_of(*paper))).document
    assert read.kind == kind[paper[1]]
    assert paper[1] != "consent" or read.confidence is Confidence.UNSURE
    assert paper[1] != "service_form" or len(read.form.labels) == 4
