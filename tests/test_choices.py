"""Answers by number, and the links that prepare them."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.rehearsal.tap import opened
from handlers.prepared_answer import answer_code, read_code
from handlers.process.question_rule import QuestionRule
from handlers.process.questions import choices_of
from handlers.process.workflow import said
from handlers.proof.questions import question_problems
from handlers.words.choices import Picked, pick, spoken
from handlers.workflow_file import shipped, shipped_names
from parsers.folding import key_of
from parsers.intents.intent import intent_of
from parsers.mail import IntentKind
from templates.answering import LONGEST, Answering, form_body, mailto

LABELS = (
    frozenset({key_of("Réparation"), key_of("Repair")}),
    frozenset({key_of("Échange standard"), key_of("Exchange")}),
    frozenset({key_of("Aucun des deux")}),
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2", (2,)),
        ("2.", (2,)),
        ("2)", (2,)),
        ("Choix 2", (2,)),
        ("n°2", (2,)),
        ("N° 2", (2,)),
        ("option 2 svp", (2,)),
        ("Option 2, s’il vous plaît !", (2,)),
        ("Bonjour,\n\n2\n\nCordialement,\nClaire", (2,)),
        ("Bonjour, je choisis la deuxième solution. Merci d’avance", (2,)),
        ("2, cordialement Claire Martin", (2,)),
        ("2. Échange standard", (2,)),
        ("2. Exchange", (2,)),
        ("Échange standard", (2,)),
        ("I would like number 1, please", (1,)),
        ("keuze 3 aub", (3,)),
        ("Wir nehmen die zweite", (2,)),
        ("②", (2,)),
        ("1 ou 2", (1, 2)),
        ("1 et 2", (1, 2)),
        ("2. Réparation", (2, 1)),
        ("7", (7,)),
    ],
)
def test_a_number_among_polite_words_is_a_choice(text: str, numbers: tuple[int, ...]) -> None:
    """The spellings that people use."""
    found = pick(text, LABELS, numbered=True)
    assert found is not None
    assert found.numbers == numbers


@pytest.mark.parametrize(
    "text",
    [
        "1 ou 2 ?",
        "2 ?",
        "2 pièces",
        "Le 2 décembre",
        "pas le 2",
        "ni 1 ni 2",
        "Nous sommes 2 sur place",
        "",
        "Voir page 2 du devis",
        "LECT-400",
        "06 12 34 56 78",
        "Que devient ma demande ?",
    ],
)
def test_other_words_are_no_choice(text: str) -> None:
    """A question, a date, a count are read as always."""
    assert pick(text, LABELS, numbered=True) is None


def test_where_numbers_mean_something_else_only_words_choose() -> None:
    """The lines of a cart have numbers too."""
    assert pick("2", LABELS, numbered=False) is None
    assert pick("Réparation", LABELS, numbered=False) == Picked(numbers=(1,))


def test_words_in_the_same_line_are_kept_apart() -> None:
    """They may be a condition, or an address."""
    found = pick("option 1, mais seulement avant vendredi", LABELS, numbered=True)
    assert found == Picked(numbers=(1,), rest="mais seulement avant vendredi", inline=True)
    assert pick("Pour 2 personnes, merci", LABELS, numbered=True) is None


def test_what_stands_behind_a_choice_is_kept() -> None:
    """A condition is read behind the words that the choice stands for."""
    found = pick("1\nMais seulement avant vendredi.", LABELS, numbered=True)
    assert found == Picked(numbers=(1,), rest="Mais seulement avant vendredi.")


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Total, whatever stands there."""
    pick(text, LABELS, numbered=True)


@pytest.mark.parametrize("language", ["fr", "en", "nl", "de"])
@pytest.mark.parametrize(
    "kind", [IntentKind.ACCEPTANCE, IntentKind.REFUSAL, IntentKind.CANCELLATION]
)
def test_the_words_of_a_choice_mean_what_it_means(kind: IntentKind, language: str) -> None:
    """What is put before the rest of the mail is understood by itself."""
    assert intent_of(spoken(kind, language), language).kind is kind


@pytest.mark.parametrize("name", shipped_names())
def test_every_choice_is_picked_by_its_number_and_by_its_button(name: str) -> None:
    """In each language that a label has, and never another one."""
    workflow = shipped(name)
    for question in workflow.questions:
        choices = choices_of(workflow, question)
        labels = [frozenset(map(key_of, one.label.values())) for one in choices]
        for number, one in enumerate(choices, 1):
            for language in one.label:
                text = f"{number}. {said(one.label, language)}\n"
                found = pick(text, labels, numbered=True)
                assert found == Picked(numbers=(number,)), (question, text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_link_opens_the_mail_that_was_prepared(subject: str, body: str) -> None:
    """RFC 6068: read back by the rules, the same address, subject and body; no plus, no bare octet."""
    link = mailto("sav+t1.cabc@desk.example", subject=subject, body=body)
    made = opened(link)
    assert "+" not in link
    assert link.isascii()
    assert made.to == "sav+t1.cabc@desk.example"
    assert "%0A" not in link.replace("%0D%0A", "")
    assert unquote(link).startswith("mailto:sav+t1.cabc@desk.example")


def test_a_link_is_never_longer_than_programs_take() -> None:
    """A body that does not fit is left out whole."""
    answering = Answering(address="sav@desk.example", key="RMA-2026-000412", code="(m1.N3)")
    assert len(answering.link("é" * 500, "x" * 1500)) < LONGEST
    assert opened(answering.link("Devis", "é" * 1500)).body == ""
    assert opened(answering.link("Devis", "2. Échange\n")).body == "2. Échange\n"


def test_a_form_that_does_not_fit_leaves_known_values_out_first() -> None:
    """A value is never shortened: it would come back as another one."""
    pairs = [("Société", "Dupont"), ("Description", "x" * 900), ("N° de série", "")]
    assert form_body(pairs, " : ", 200) == "Société : Dupont\nN° de série : \n"


def test_the_code_in_a_subject_is_found_again() -> None:
    """Behind whatever a program puts before it."""
    assert read_code(f"RE: AW: [RMA-1] Devis {answer_code('m412', 'N3')}") == ("m412", "N3")
    assert read_code("[RMA-1] Devis (mardi)") is None


def _with(**questions: object) -> tuple[str, ...]:
    rule = QuestionRule.model_validate(questions)
    return tuple(question_problems(shipped("rma").model_copy(update={"questions": {"q": rule}})))


def test_a_workflow_is_told_what_is_wrong_with_a_question() -> None:
    """Names, numbers, and fields that customers do not fill."""
    yes = {"label": {"fr": "Oui"}}
    assert any("no field" in one for one in _with(field="nothing"))
    assert any("0 choices" in one for one in _with(choices=[]))
    assert any("no intent" in one for one in _with(choices=[{**yes, "means": "love"}]))
    wrong = _with(choices=[{**yes, "fills": {"quote_net": "1"}}])
    assert any("customers do not fill" in one for one in wrong)
    assert any("asks 'quote', which is no question" in one for one in wrong)
