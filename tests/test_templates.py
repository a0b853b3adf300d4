"""Notices: complete, in both languages, and nothing a person wrote becomes markup."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest

from handlers.errors import ConfigError
from handlers.words.field_values import vocabulary_of
from handlers.workflow_file import shipped
from parsers.fields.labels import labelled
from parsers.intents.intent import intent_of
from templates import block, notice
from templates.language import language, languages
from templates.look import shades_of
from templates.markdown import to_html, to_text
from templates.message import compose, render
from templates.preview import contact_sheet, problems
from templates.sample import sample, sample_names
from templates.table import write_csv

from . import golden_notices
from .notice_desk import DESK, KEYS, NOW, WORKFLOW

CASES = golden_notices.cases()
FRENCH = [name for name, code in CASES if code == "fr"]
MARKERS = {code: language(code, "UTC").words["marker"] for code in languages()}
PARTS = sorted(notice.PACKAGE.glob("*/*.fr.md"))
EVIL = ["<script>alert(1)</script>", "[x](http://evil.example)", "{{7*7}}", "**gras**", "# titre"]
WORDS = re.compile(r"\w+", re.UNICODE)


class Shown(HTMLParser):
    """What a reader sees of an HTML part, and which elements and targets it has."""

    def __init__(self, html):
        super().__init__()
        self.seen, self.tags, self.targets, self.muted = [], set(), [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.targets += [value for name, value in attrs if name in {"href", "src", "background"}]
        self.muted += tag in {"style", "title"}

    def handle_endtag(self, tag):
        self.muted -= tag in {"style", "title"}

    def handle_data(self, data):
        if not self.muted:
            self.seen.append(data)


def words(text):
    return set(WORDS.findall(text))


def french(name):
    return golden_notices.rendered(name, "fr")


def test_every_notice_of_the_workflow_has_words_and_a_sample_in_each_language():
    written = notice.names("rma")
    assert set(written) == set(sample_names("rma"))
    wanted = {name: set(shipped("rma").languages_for(name)) for name in written}
    assert [name for name, codes in written.items() if not codes >= wanted[name]] == []


def test_every_notice_the_shipped_workflow_names_is_written():
    assert set(shipped("rma").notices) <= set(sample_names("rma"))


def test_every_field_a_notice_shows_is_a_field_of_the_shipped_workflow():
    asked = {
        name
        for file in notice.PACKAGE.glob("rma/*.md")
        for name in re.findall(r"ticket\.field\('(\w+)'\)", file.read_text(encoding="utf-8"))
    }
    assert asked - set(shipped("rma").fields) <= {"tracking_url"}


@pytest.mark.parametrize("name, code", CASES)
def test_text_and_html_say_the_same_words(name, code):
    said = golden_notices.rendered(name, code)
    seen = words(" ".join(Shown(said.html).seen))
    assert words(said.text) - seen == set()


@pytest.mark.parametrize("name, code", CASES)
def test_the_first_line_is_the_marker_and_html_has_it_too(name, code):
    said = golden_notices.rendered(name, code)
    assert said.text.splitlines()[0] == MARKERS[code]
    assert MARKERS[code] in said.html
    assert said.html.index("<body") < said.html.index(MARKERS[code])


@pytest.mark.parametrize("name, code", CASES)
def test_html_asks_for_nothing_from_outside(name, code):
    shown = Shown(golden_notices.rendered(name, code).html)
    assert [one for one in shown.targets if not one.startswith(("mailto:", "tel:"))] == []
    assert shown.tags.isdisjoint({"script", "img", "link", "iframe", "form"})


@pytest.mark.parametrize("name, code", CASES)
def test_no_markdown_and_no_slot_is_left_over(name, code):
    said = golden_notices.rendered(name, code)
    for part in (said.subject, said.text, said.html):
        assert "**" not in part
        assert "\ue000" not in part
        assert "{{" not in part
    assert "\n\n\n" not in said.text


@pytest.mark.parametrize("evil", EVIL)
def test_what_a_customer_wrote_stays_literal(evil):
    one = sample("rma", "N1", "fr")
    fields = dict(one.ticket.fields) | {"description": f"avant\n{evil}\naprès", "reference": evil}
    ticket = replace(one.ticket, fields=fields)
    said = render(one.notice, ticket, DESK, WORKFLOW)
    shown = Shown(said.html)
    assert evil in said.text
    assert evil in "".join(shown.seen)
    assert "script" not in shown.tags
    assert shown.targets == ["tel:0123456789"]


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("name", ["N3b", "N_comment", "W_new"])
def test_quoted_words_stay_literal(name, evil):
    one = sample("rma", name, "fr")
    key = {"N3b": "words", "N_comment": "text", "W_new": "said"}[name]
    told = replace(one.notice, values={**one.notice.values, key: f"{evil}\n> {evil}"})
    said = render(told, one.ticket, DESK, WORKFLOW)
    shown = Shown(said.html)
    assert evil in said.text
    assert evil in "".join(shown.seen)
    assert "script" not in shown.tags
    assert [one for one in shown.targets if not one.startswith("mailto:rma@")] == ["tel:0123456789"]


def test_a_value_cannot_forge_a_slot():
    one = sample("rma", "N3b", "fr")
    told = replace(one.notice, values={"words": "\ue000b0\ue001 \x00\x1b[31m\x08"})
    said = render(told, one.ticket, DESK, WORKFLOW)
    assert "b0 [31m" in said.text


def test_words_of_acceptance_stand_only_below_the_marker():
    said = french("N_clarify")
    head, _, below = said.text.partition(MARKERS["fr"])
    assert head == ""
    assert "Bon pour accord" in below


PROMISED = {
    ("N_clarify", "Bon pour accord"): "acceptance",
    ("N_clarify", "J’accepte le devis"): "acceptance",
    ("N_clarify", "Je refuse le devis"): "refusal",
    ("N_clarify", "We accept the quote"): "acceptance",
    ("N_clarify", "Please proceed"): "acceptance",
    ("N_clarify", "We decline the quote"): "refusal",
    ("N_how", "statut"): "status",
    ("N_how", "status"): "status",
    ("N_how", "mes demandes"): "list",
    ("N_how", "my requests"): "list",
    ("N_how", "formulaire"): "form",
    ("N_how", "form"): "form",
    ("N_list", "mes demandes closes"): "list",
    ("N_list", "my requests closed"): "list",
    ("N_challenge", "renvoyer"): "resend",
    ("N_challenge", "resend"): "resend",
    ("N_duplicate", "annulez"): "cancellation",
    ("N_duplicate", "please cancel"): "cancellation",
}


@pytest.mark.parametrize("name, phrase", PROMISED)
def test_the_words_a_notice_asks_for_are_understood(name, phrase):
    codes = [c for c in ("fr", "en") if phrase in golden_notices.rendered(name, c).text]
    assert codes
    assert intent_of(phrase, codes[0]).kind == PROMISED[name, phrase]


def test_the_form_we_send_is_read_back_label_by_label():
    """The labels of the real workflow; values that run over several lines come back whole."""
    workflow = shipped("rma")
    one = sample("rma", "N0", "fr")
    full = sample("rma", "N1", "fr").ticket.fields
    ticket = replace(one.ticket, fields=dict(full))
    text = render(one.notice, ticket, DESK, workflow).text
    found = {label.name: label.value for label in labelled(text, vocabulary_of(workflow).known)}
    for field, value in full.items():
        rule = workflow.fields[field]
        if rule.type != "choice":
            assert " ".join(found[rule.label["fr"]].split()) == " ".join(value.split())


def test_the_missing_fields_are_asked_one_by_one_with_example_and_choices():
    text = french("N0").text
    assert "- N° de série (ex. SN123456)" in text
    assert "- Action attendue (Échange standard / Réparation)" in text
    assert "Aucun numéro RMA n’est encore attribué" in text
    assert "\nN° de série :\n" in text


def test_registration_says_in_bold_not_to_ship():
    said = french("N1")
    assert "<strong>N’expédiez rien avant notre autorisation.</strong>" in said.html
    assert "RMA-2026-000412" in said.text


@pytest.mark.parametrize(
    "old, there", [("no", False), ("after_receipt", True), ("in_advance", True)]
)
def test_an_exchange_gives_the_return_address_only_when_the_desk_wants_the_old_unit(old, there):
    one = sample("rma", "N4e", "fr")
    said = render(replace(one.notice, values={"old_unit": old}), one.ticket, DESK, WORKFLOW)
    assert ("69007 Lyon" in said.text) is there


def test_a_repair_of_equipment_that_is_here_asks_for_no_parcel():
    one = sample("rma", "N4r", "fr")
    said = render(replace(one.notice, values={"material_here": True}), one.ticket, DESK, WORKFLOW)
    assert "Lyon" not in said.text
    assert "déjà chez nous" in said.text


@pytest.mark.parametrize("reason", sorted(language("fr", "UTC").groups["refusals"]))
@pytest.mark.parametrize("code", languages())
def test_every_refused_file_gets_a_sentence_and_a_remedy(reason, code):
    sentence = language(code, "UTC").refusal(reason)
    assert sentence.count(". ") >= 1
    assert sentence.endswith(".")


def test_an_unknown_refusal_still_gets_a_sentence():
    assert "PDF" in language("fr", "UTC").refusal("never heard of")


def test_all_languages_have_the_same_words():
    keys = {
        code: {(group, key) for group, part in language(code, "UTC").groups.items() for key in part}
        | set(language(code, "UTC").words)
        for code in languages()
    }
    assert all(keys[code] == keys["fr"] for code in languages())


@pytest.mark.parametrize("code, shown", [("fr", "1\u202f412,80\xa0€"), ("en", "€1,412.80")])
def test_amounts_are_written_as_people_write_them(code, shown):
    assert language(code, "Europe/Paris").amount("1412.80") == shown


@pytest.mark.parametrize("odd", ["", "abc", "NaN", "Infinity", "1.2.3"])
def test_what_is_no_amount_stays_as_it_is(odd):
    assert language("fr", "Europe/Paris").amount(odd) == odd


def test_dates_are_those_of_the_desk_not_of_greenwich():
    late = "2026-03-31T23:30:00+00:00"
    assert language("fr", "Europe/Paris").moment(late) == "1er avril 2026 à 01:30"
    assert language("en", "Europe/London").date("2026-12-20") == "20 December 2026"
    assert language("fr", "Europe/Paris").date("2026-02-31") == "2026-02-31"


@pytest.mark.parametrize("file", PARTS, ids=lambda file: file.stem)
def test_french_is_typeset_as_french(file):
    """Typographic apostrophes, and no ordinary space before : ; ? ! or inside « »."""
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert re.findall(r"\w'\w| [:;?!»]|« ", text) == []


def test_a_missing_value_names_the_notice_and_the_value():
    one = sample("rma", "N3d", "fr")
    with pytest.raises(ConfigError, match=r"rma/N3d\.fr\.md: 'motive' is undefined"):
        render(replace(one.notice, values={}), one.ticket, DESK, WORKFLOW)


def test_a_missing_notice_says_where_to_write_it():
    one = sample("rma", "N1", "fr")
    with pytest.raises(ConfigError, match=r"rma/N99\.fr\.md does not exist; write it in"):
        render(replace(one.notice, template="N99"), one.ticket, DESK, WORKFLOW)


def test_a_site_overrides_file_by_file(tmp_path):
    (tmp_path / "rma").mkdir()
    own = '---\nsubject: "Reçu"\n---\nBien reçu, **{{ ticket.key }}**.\n'
    (tmp_path / "rma" / "N1.fr.md").write_text(own, encoding="utf-8")
    one, other = sample("rma", "N1", "fr"), sample("rma", "N5", "fr")
    assert render(one.notice, one.ticket, DESK, WORKFLOW, tmp_path).subject == "Reçu"
    assert "bien arrivé" in render(other.notice, other.ticket, DESK, WORKFLOW, tmp_path).text


@pytest.mark.parametrize(
    "source, told",
    [
        ("no front matter", "must begin with"),
        ("---\nanswer: x\n---\nbody", "subject"),
        ("---\nsubject: x\n---\n{{ open", "N1.fr.md"),
        ("---\nsubject: x\n---\n{{ ticket.__class__ }}", "unsafe|undefined|no attribute"),
        ("---\nsubject: x\n---\n{{ nobody }}", "'nobody' is undefined"),
    ],
)
def test_a_broken_site_template_is_named(tmp_path, source, told):
    (tmp_path / "rma").mkdir()
    (tmp_path / "rma" / "N1.fr.md").write_text(source, encoding="utf-8")
    one = sample("rma", "N1", "fr")
    with pytest.raises(ConfigError, match=told) as caught:
        render(one.notice, one.ticket, DESK, WORKFLOW, tmp_path)
    assert "rma/N1.fr.md" in str(caught.value)


def test_links_bold_and_headings_are_plain_in_text_and_real_in_html():
    skeleton = "## Titre\n\nUn **mot** et [nous](mailto:a@b.example).\nSuite.\n\n- un\n- deux"
    assert to_text(skeleton, []) == (
        "Titre\n\nUn mot et nous (a@b.example). Suite.\n\n- un\n- deux"
    )
    html = to_html(skeleton, [], shades_of("#1c4f8c"))
    assert '<a href="mailto:a@b.example" style="color:#1c4f8c">nous</a>' in html
    assert "<strong>mot</strong>" in html


def test_a_block_alone_is_not_wrapped_in_a_paragraph():
    html = to_html("\ue000b0\ue001", [block.quote("a\nb")], shades_of("#1c4f8c"))
    assert html.startswith("<table")


def test_what_differs_between_order_and_quote_is_bold_and_nothing_else():
    rows = [
        {"label": "A", "quote": "1", "order": "<2>", "verdict": "DIFFERENT", "odd": True},
        {"label": "B", "quote": "1", "order": "1", "verdict": "agrees", "odd": False},
    ]
    made = block.comparison(rows, ["", "Quote", "Order", "Result"])
    assert re.findall("<strong>(.*?)</strong>", made.html) == ["DIFFERENT"]
    assert "&lt;2&gt;" in made.html
    assert made.text.split("\n")[1:] == [
        "A | 1     | <2>   | DIFFERENT",
        "B | 1     | 1     | agrees",
    ]


def test_a_table_runs_no_formula_in_a_spreadsheet():
    data = write_csv([("a;b", '=1+1 "x"'), ("-3", "@home"), ("é\nf", "+33")])
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text == '"a;b";"\'=1+1 ""x"""\r\n\'-3;\'@home\r\n"é\nf";\'+33\r\n'


def test_the_contact_sheet_shows_every_notice_in_every_language(tmp_path):
    workflow = shipped("rma")
    count = contact_sheet(workflow, DESK, tmp_path / "notices.html")
    page = (tmp_path / "notices.html").read_text(encoding="utf-8")
    names = {*workflow.notices, *sample_names("rma")}
    assert count == len(names)
    assert page.count("<iframe") == sum(len(workflow.languages_for(name)) for name in names)
    assert page.count('sandbox=""') == page.count("<iframe")
    assert set(re.findall(r'<section id="(\w+)"', page)) == names


def test_the_contact_sheet_needs_nothing_beside_it(tmp_path):
    """The dark rules are off in each frame; the page turns them on in a second one."""
    contact_sheet(shipped("dossier"), DESK, tmp_path / "notices.html")
    page = (tmp_path / "notices.html").read_text(encoding="utf-8")
    assert re.findall(r"""(?:src|href)=["'](?!#|cid:|data:)[^"']*""", page) == []
    assert "prefers-color-scheme" not in page
    assert page.count("@media not all {") == page.count("<iframe") + 1


def test_the_shipped_notices_have_no_problem():
    assert problems(shipped("rma"), DESK) == ()


def test_problems_name_each_notice_that_cannot_be_written(tmp_path):
    (tmp_path / "rma").mkdir()
    bad = '---\nsubject: "x"\n---\n{{ nobody }}\n'
    (tmp_path / "rma" / "N5.en.md").write_text(bad, encoding="utf-8")
    told = problems(shipped("rma"), DESK, tmp_path)
    hint = "A sample has its values in rma/samples.yaml."
    assert told == (f"notice rma/N5.en.md: 'nobody' is undefined. {hint}",)


def test_a_language_savd_does_not_write_is_a_problem():
    workflow = shipped("rma").model_copy(update={"languages": ("fr", "xx")})
    assert problems(workflow, DESK) == ("workflow rma: savd does not write the language 'xx'.",)


def work_item(name, code="fr", **more):
    one = sample("rma", name, code)
    made = compose(
        one.notice,
        ticket=one.ticket,
        desk=DESK,
        workflow=WORKFLOW,
        keys=KEYS,
        cause="m1",
        now=NOW,
        files=one.files,
        **more,
    )
    mail = message_from_bytes(made.data, policy=policy.default)
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_a_work_item_says_what_happened_then_what_to_do_until_when():
    """A6: whoever reads it needs no other line."""
    due = datetime(2026, 11, 25, 8, 18, tzinfo=UTC)
    said = work_item("W_new", due=due).split("\n\n")
    assert said[1] == "Une nouvelle demande complète est arrivée."
    assert said[2].startswith("→ À décider, avant le 25 novembre 2026 à 09:18\xa0: autoriser")
    assert "→ To decide, before 25 November 2026" in work_item("W_new", "en", due=due)


def test_the_deadline_of_a_customer_is_none_of_the_desk():
    due = datetime(2026, 12, 23, 8, 18, tzinfo=UTC)
    said = work_item("W_link", due=due)
    assert "avant le" not in said.split("La demande")[0]
    assert "depuis le 23 novembre 2026, jusqu’au 23 décembre 2026" in said


def test_a_work_item_says_who_wrote_and_what_was_before():
    said = work_item("W_new")
    assert "Ce qui a été écrit par Jeanne Martin <jeanne.martin@dupont.example>" in said
    assert "16/11/2026 17:40 | À compléter" in said
