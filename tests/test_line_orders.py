"""What a mail wants of the lines of its group is read, or left to a person (A-30, A-34, A-64)."""

import pytest

from handlers.words.closed_answers import answer_in
from handlers.words.line_orders import read_line_text
from parsers.mail import IntentKind

from .carts import CART

ACCEPT, CANCEL = "acceptance", "cancellation"


def read(text):
    return [(o.intent, o.numbers) for o in read_line_text(text, CART).orders]


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("CONFIRMER", [(ACCEPT, ())]),
        ("Bonjour,\nCONFIRMER\nMerci\nClaire Martin", [(ACCEPT, ())]),
        ("Je confirme tout, merci.", [(ACCEPT, ())]),
        ("CONFIRMER 1,3", [(ACCEPT, (1, 3))]),
        ("confirmer 1, 2 et 4", [(ACCEPT, (1, 2, 4))]),
        ("Je confirme les lignes 2 à 4.", [(ACCEPT, (2, 3, 4))]),
        ("confirmer ligne n° 2", [(ACCEPT, (2,))]),
        ("Ligne 2 : confirmer", [(ACCEPT, (2,))]),
        ("2) confirmer\n3) annuler", [(ACCEPT, (2,)), (CANCEL, (3,))]),
        ("2. Confirmer", [(ACCEPT, (2,))]),
        ("annuler ligne 2", [(CANCEL, (2,))]),
        ("Merci d'annuler la ligne 2 et de confirmer la ligne 1", [(CANCEL, (2,)), (ACCEPT, (1,))]),
        ("confirm lines 1 and 3, please", [(ACCEPT, (1, 3))]),
        ("cancel line 2", [(CANCEL, (2,))]),
        ("regel 2 annuleren", [(CANCEL, (2,))]),
        ("Zeile 1 und 3 bestätigen", [(ACCEPT, (1, 3))]),
        ("une question sur la ligne 2", [("", (2,))]),
        ("Bonjour, où en êtes-vous ?", []),
        ("merci de confirmer la réception du colis", []),
        ("voici la facture 12", []),
    ],
)
def test_orders_are_read(text, orders):
    told = read_line_text(text, CART)
    assert not told.unclear
    assert read(text) == orders


@pytest.mark.parametrize(
    "text",
    [
        "Je ne confirme pas la ligne 2",
        "Je confirme les lignes 1 et 3, pas la ligne 2",
        "Faut-il confirmer la ligne 2 ?",
        "confirmer tout sauf la ligne 2",
        "annuler la ligne 2 et confirmer les autres articles",
        "confirmer 2 cartons",
        "don't cancel line 2",
    ],
)
def test_what_only_a_person_understands_is_unclear(text):
    assert read_line_text(text, CART).unclear


def test_a_field_behind_a_line_is_a_correction_of_it():
    (one,) = read_line_text("ligne 1 motif : Quantité manquante", CART).orders
    assert (one.numbers, one.intent, one.fields) == ((1,), "", {"reason": "missing"})


def test_the_labels_under_a_line_are_its_own():
    text = "Ligne 2 :\nMotif : défectueux\nCommentaire : la vitre\n\nCommentaire : pour tous"
    orders = read_line_text(text, CART).orders
    assert [o.fields for o in orders if o.fields] == [{"reason": "defect"}, {"comment": "la vitre"}]
    assert {o.numbers for o in orders} == {(2,)}


def test_new_lines_follow_the_word_for_them():
    told = read_line_text("Confirmer 1\nAjouter : Facture : 12\nPosition : 100", CART)
    assert told.added == "Facture : 12\nPosition : 100"
    assert [o.numbers for o in told.orders] == [(1,)]


@pytest.mark.parametrize(
    "text",
    ["oui", "OK", "Ok.", "Bonjour,\nje confirme\nCordialement,\nClaire", "Bonjour, oui", "ja"],
)
def test_a_bare_yes_answers_a_closed_question(text):
    """(A-50)"""
    assert answer_in(text) is IntentKind.ACCEPTANCE


@pytest.mark.parametrize(
    "text", ["ok merci", "ok\nmerci", "oui mais demain", "bien reçu", "", "ok ?  non", "merci"]
)
def test_anything_more_does_not(text):
    """(A-50) "ok merci" says that it was read."""
    assert answer_in(text) is None


def test_a_bare_no_is_a_refusal():
    assert answer_in("Non.") is IntentKind.REFUSAL


def test_a_workflow_without_lines_reads_none():
    assert read_line_text("CONFIRMER 1", CART.model_copy(update={"lines": None})).orders == ()
