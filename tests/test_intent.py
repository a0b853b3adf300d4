"""What the writer wants is told from the words; only unambiguous words commit (X-15 to X-19)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.intent import LONGEST, intent_of, intent_of_mail
from parsers.mail import IntentKind

FOLDER = Path(__file__).parent / "intents"
BINDING = {"acceptance", "refusal", "cancellation"}


def sentences(language: str) -> list[tuple[str, str]]:
    """Read `intents/<language>.txt`: sentences under [intent], ⏎ for the end of a line.

    Under [unbound] stand those that may be read in several ways, none of which commits.
    """
    found, kind = [], ""
    for line in (FOLDER / f"{language}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line:
            found.append((kind, line.replace("⏎", "\n")))
    return found


def fits(wanted: str, got: IntentKind) -> bool:
    """Say whether this is the intent that a sentence of the list stands under."""
    return got not in BINDING if wanted == "unbound" else got == wanted


@pytest.mark.parametrize("language", ["fr", "en", "nl", "de"])
def test_every_sentence_gives_its_intent(language: str) -> None:
    """In the language of the mail."""
    wrong = [
        (wanted, str(got), text)
        for wanted, text in sentences(language)
        if not fits(wanted, got := intent_of(text, language).kind)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", ["fr", "en", "nl", "de"])
def test_no_sentence_commits_to_what_it_does_not_say_when_the_language_is_unknown(
    language: str,
) -> None:
    """A wrong guess of the language may miss an intent, never invent a commitment."""
    wrong = [
        (wanted, str(got.kind), text)
        for wanted, text in sentences(language)
        if (got := intent_of(text, "")).kind != wanted and got.kind in BINDING
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bonjour,\n\nBon pour accord pour le devis D-1.\nMerci", "Bon pour accord"),
        ("Je n’accepte pas ce prix.", "Je n’accepte pas"),
        ("mes demandes closes", "mes demandes closes"),
        ("OK, merci", "OK"),
        ("Le lecteur bipe.", ""),
    ],
)
def test_the_words_are_the_writers_own(text: str, words: str) -> None:
    """They are kept as the written consent (F-49)."""
    assert intent_of(text, "fr").words == words


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour,\n\noù en est ma demande RMA-2026-000412 ?\n\nMerci d'avance\nJean Dupont",
        "statut",
        "Merci",
        "ok merci",
        "Bon pour accord",
        "Bonjour, annulez ma demande svp. Cordialement, Claire Martin",
    ],
)
def test_a_text_that_says_nothing_else_is_only_that(text: str) -> None:
    """Greetings, names, keys and closing words are no content."""
    assert intent_of(text, "fr").only


@pytest.mark.parametrize(
    "text",
    [
        "Où en est ma demande ? Le deuxième lecteur est tombé en panne aussi.",
        "Bon pour accord, livrez à notre agence de Lyon",
        "Je vous relance, le colis est parti mardi",
        "Renvoyez-moi la fiche, notre imprimante est cassée",
        "Le lecteur bipe",
    ],
)
def test_a_text_that_says_more_is_not_only_that(text: str) -> None:
    """So that an agent reads the rest (F-24)."""
    assert not intent_of(text, "fr").only


@pytest.mark.parametrize("text", ["", " \n\t ", "...", "\u00a0"])
def test_no_words_are_empty(text: str) -> None:
    assert intent_of(text, "fr").kind is IntentKind.EMPTY


def test_a_word_of_another_language_is_understood() -> None:
    """A French customer may write "approved"."""
    assert intent_of("approved", "fr").kind is IntentKind.ACCEPTANCE
    assert intent_of("bon pour accord", "nl").kind is IntentKind.ACCEPTANCE
    assert intent_of("niet akkoord", "fr").kind is IntentKind.REFUSAL


def test_a_text_too_long_to_read_to_its_end_commits_to_nothing() -> None:
    text = "Bon pour accord. " + "Voici encore une ligne. " * (LONGEST // 10)
    assert intent_of(text, "fr").kind is IntentKind.CONDITIONAL


@given(st.text(max_size=200), st.sampled_from(["fr", "en", "nl", "de", "", "xx"]))
def test_any_text_has_an_intent(text: str, language: str) -> None:
    """And nothing is raised."""
    assert intent_of(text, language).kind in IntentKind


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("mes demandes", "", IntentKind.LIST),
        ("Mes demandes ouvertes", "", IntentKind.LIST),
        ("Formulaire", "", IntentKind.FORM),
        ("statut", "", IntentKind.STATUS),
        ("Mot de passe", "", IntentKind.CONNECTION),
        ("Bon pour accord", "", IntentKind.EMPTY),
        ("J’accepte le devis", "Bonjour", IntentKind.EMPTY),
        ("mes demandes", "Je refuse le devis.", IntentKind.REFUSAL),
        ("Lecteur en panne", "Le lecteur ne lit plus les badges.", IntentKind.UNKNOWN),
    ],
)
def test_a_subject_may_ask_but_never_commits(subject: str, text: str, kind: IntentKind) -> None:
    assert intent_of_mail(subject, text, "fr").kind is kind
