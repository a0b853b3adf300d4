"""The kind of message of a customer's mail: tag, subject, words, files, else the usual one (R-1, R-36)."""

import pytest

from handlers.words.tags import read_tag
from handlers.workflow_file import shipped
from parsers.mail import Address, ParsedMail

RULES = shipped("dossier").tags


def tag(words="", subject="", *, answers=()):
    mail = ParsedMail(
        sender=Address(address="claire@pose.example"),
        sender_count=1,
        subject=subject,
        in_reply_to=answers,
    )
    return read_tag(mail, words, RULES)


@pytest.mark.parametrize(
    "words, name",
    [
        ("#plainte\nLa toile est déchirée.", "complaint"),
        ("#klacht\nHet doek is gescheurd.", "complaint"),
        ("#Beschwerde\nDas Tuch ist gerissen.", "complaint"),
        ("#opmerking\nHallo", "remark"),
        ("# bijlage\nHet plan", "annex"),
        ("#intern\nOnder ons", "internal"),
        ("#service-request\nIt is stuck.", "service"),
        ("Een klacht indienen over het doek", "complaint"),
        ("Bonjour, le store est bloqué.", "remark"),
        ("#inconnu\nBonjour", "remark"),
        ("COMMANDER", "place_order"),
        ("Commander.", "place_order"),
        ("Commander est trop compliqué", "remark"),
    ],
)
def test_the_first_line_or_the_words_say_it(words, name):
    assert tag(words).name == name


def test_a_written_tag_is_told_from_a_guess():
    assert tag("#plainte\nBonjour").plain
    assert not tag("une réclamation").plain


def test_the_words_behind_the_tag_and_below_it_are_what_counts():
    assert tag("#remarque\n\nLe coffre grince.").words == "Le coffre grince."
    assert tag("#remarque : urgent\n\nLe coffre grince.").words == "urgent\nLe coffre grince."
    assert tag("#remarque Quand livrez-vous ?").words == "Quand livrez-vous ?"
    assert tag("#email a@b.example\nBonjour").words == "Bonjour"


@pytest.mark.parametrize(
    "words",
    [
        "#interne\nNotre marge est de 38 %.",
        "#interne Notre marge est de 38 %.",
        "#interne : Notre marge est de 38 %.",
        "*#interne*\n\nNotre marge est de 38 %.",
        "_#Interne_ Notre marge est de 38 %.",
        "« #interne »\nNotre marge est de 38 %.",
        "# interne\nNotre marge est de 38 %.",
        "#intenre\nNotre marge est de 38 %.",
        "#internes\nNotre marge est de 38 %.",
        "#interna\nNotre marge est de 38 %.",
    ],
)
def test_whatever_looks_like_internal_is_kept_from_the_desk(words):
    """What the desk has read once nobody takes back (R-8)."""
    read = tag(words)
    assert (read.name, read.plain) == ("internal", True)
    assert read.words == "Notre marge est de 38 %."


@pytest.mark.parametrize(
    "words",
    [
        "Bonjour à tous,\n\n#interne\nNotre marge est de 38 %.",
        "Marc, #interne notre marge est de 38 %.",
        "#remarque\n#interne\nNotre marge est de 38 %.",
        "Notre marge est de 38 %.\n#intern",
    ],
)
def test_internal_counts_below_a_greeting_too(words):
    assert tag(words).name == "internal"


@pytest.mark.parametrize(
    "words",
    ["#intervention\nBloqué.", "Voir https://x.example/#interne", "C'est un moteur interne."],
)
def test_another_word_is_not_internal(words):
    assert tag(words).name == "remark"


def test_the_subject_says_it_unless_the_mail_answers():
    """A subject comes back with every answer; only what keeps a talk internal still counts there."""
    assert tag("Bonjour", "Dossier 12 #plainte").name == "complaint"
    assert tag("Bonjour", "Re: Dossier 12 #plainte", answers=("<a@b>",)).name == "remark"
    assert tag("Bonjour", "Re: #interne prix", answers=("<a@b>",)).name == "internal"


@pytest.mark.parametrize("words", ["type plainte", "Type klacht.", "typ Beschwerde"])
def test_a_kind_may_be_given_to_the_message_before(words):
    read = tag(words)
    assert (read.name, read.retypes) == ("complaint", True)


@pytest.mark.parametrize("words", ["type interne", "type email", "type de toile", "type"])
def test_what_was_public_becomes_neither_internal_nor_a_letter(words):
    assert not tag(words).retypes


def test_arguments_stand_behind_the_tag():
    read = tag('#nouveau-dossier groupe="Fixscreen 100" produit=Service')
    assert read.arguments == {"group": "Fixscreen 100", "product": "Service"}
