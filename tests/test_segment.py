"""Segments: nothing is lost, and only what the writer wrote now is new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.history import Hints
from parsers.mail import SegmentKind
from parsers.segment import segment

REPLY = Hints(subject="Re: quote", threaded=True)
LINE = st.sampled_from(
    [
        "", " ", "> quoted", ">> deeper", "-- ", "Cordialement", "Best regards,", "De : A <a@b.example>",
        "Envoyé : lundi 9 novembre 2026 08:02", "Objet : x", "Le 9 nov. 2026 à 08:02, A <a@b.example> a écrit :",
        "--- Reply above this line ---", "---------- Forwarded message ---------", "Sent from my iPhone",
        "________________________________", "This e-mail is confidential", "new words",
    ]
)  # fmt: skip


def new(text, hints=REPLY):
    segments, _ = segment(text, hints)
    assert "".join(part.text for part in segments) == text
    return "".join(part.text for part in segments if part.kind is SegmentKind.NEW).strip()


def kinds(text, hints=REPLY):
    return [part.kind.value for part in segment(text, hints)[0]]


@given(st.lists(st.one_of(LINE, st.text(max_size=30)), max_size=25).map("\n".join))
def test_segments_joined_are_the_text(text):
    for hints in (REPLY, Hints(), Hints(subject="TR: x", history=3, attributions=frozenset({1}))):
        segments, _ = segment(text, hints)
        assert "".join(part.text for part in segments) == text


@pytest.mark.parametrize(
    "attribution",
    [
        "Le lun. 9 nov. 2026 à 08:02, Desk <d@desk.example> a écrit :",
        "Le 09/11/2026 à 08:02, Desk a écrit :",
        "On Mon, Nov 9, 2026 at 8:02 AM Desk <d@desk.example> wrote:",
        "On Mon, Nov 9, 2026 at 8:02 AM Desk With A Very Long Name <\nd@desk.example> wrote:",
        "Op ma 9 nov 2026 om 08:02 schreef Desk <d@desk.example>:",
        "Am 09.11.2026 um 08:02 schrieb Desk <d@desk.example>:",
        "2026-11-09 8:02 GMT+01:00 Desk <d@desk.example>:",
    ],
)
def test_attributions_of_four_languages_introduce_history(attribution):
    for mark in ("> ", ""):
        assert new(f"yes\n\n{attribution}\n\n{mark}old words\n{mark}more") == "yes"


@pytest.mark.parametrize(
    "block",
    [
        "De : Desk <d@desk.example>\nEnvoyé : lundi 9 novembre 2026 08:02\nÀ : Ana\nObjet : Devis",
        "From: Desk\nSent: Monday, November 9, 2026 8:02 AM\nTo: Ana\nSubject: Quote",
        "Van: Desk\nVerzonden: maandag 9 november 2026 08:02\nAan: Ana\nOnderwerp: Offerte",
        "Von: Desk\nGesendet: Montag, 9. November 2026 08:02\nAn: Ana\nBetreff: Angebot",
        "*From:* Desk\n*Sent:* 9 November 2026 08:02\n*To:* Ana\n*Subject:* Quote",
        "-----Original Message-----\nFrom: d@desk.example\nSubject: Quote",
    ],
)
def test_header_blocks_of_four_languages_take_the_rest(block):
    assert new(f"yes\n\n{block}\n\nold words\n\nold signature") == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "De : Lyon\nÀ : Paris\nle colis est parti",
        "From: 2026-01-03\nplease note the new address",
        "Votre technicien m'a écrit :\nc'est hors garantie",
        "A > B and B > C",
        "prix : 12,50\ndate : demain",
        "Merci\nà demain",
    ],
)
def test_a_customers_own_words_are_never_cut(text):
    assert new(text) == text


def test_answers_between_and_below_quoted_lines_are_new():
    text = "On 9 Nov 2026 at 08:02, Desk wrote:\n> which model?\nK-200\n\n> since when?\nMonday\n> --\n> Desk"
    assert new(text) == "K-200\n\nMonday"


def test_words_below_our_quoted_mail_count():
    text = "> --- Reply above this line ---\n> old\n\nbottom answer"
    assert new(text) == "bottom answer"
    assert kinds(text)[0] == "quote_of_ours"


def test_all_below_our_unquoted_line_is_ours():
    text = "yes\n--- Répondez au-dessus de cette ligne ---\nRépondez « Bon pour accord »"
    assert new(text) == "yes"
    assert kinds(text) == ["new", "quote_of_ours"]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("oui\n\nCordialement,\nAna Duarte\n04 72", ["new", "signature"]),
        ("oui\n\n-- \nAna", ["new", "signature"]),
        ("ja\nMet vriendelijke groet\nJoost", ["new", "signature"]),
        ("ja\nMit freundlichen Grüßen\nPetra", ["new", "signature"]),
        ("yes\nEnvoyé de mon iPhone", ["new", "footer"]),
        ("yes\nGet Outlook for iOS", ["new", "footer"]),
        ("ja\nVerzonden vanaf mijn telefoon", ["new", "footer"]),
        ("ja\nGesendet von Outlook für iOS", ["new", "footer"]),
        (
            "yes\n\nThis e-mail is confidential and meant for you.\nDelete it.",
            ["new", "disclaimer"],
        ),
    ],
)
def test_signatures_footers_and_legal_texts_are_told_apart(text, expected):
    assert kinds(text) == expected


def test_a_question_after_a_closing_formula_stays_new():
    text = "oui\n\nCordialement\nAna\n\nPS : pouvez-vous aussi envoyer une facture pour la pièce ?"
    assert "facture" in new(text)


def test_html_structure_marks_history_where_words_do_not():
    assert (
        new("yes\nThe desk said on Monday\nold", Hints(threaded=True, subject="Re: x", history=1))
        == "yes"
    )
