"""What the writer wants is told from the words; only unambiguous words commit (X-15 to X-19)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.intents.canonical import canonical
from parsers.intents.intent import LONGEST, intent_of, intent_of_mail
from parsers.intents.lexicon import Index, Phrase, lexicon_of
from parsers.intents.phrases import first_words, grammar_of, pattern_of
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
        ("statut", "RMA-2026-000412", IntentKind.STATUS),
        ("Formulaire", "Voici le formulaire rempli, le lecteur fume.", IntentKind.UNKNOWN),
        ("Re: Formulaire", "", IntentKind.EMPTY),
        ("RE : Fiche", "Le numéro est FX-80233.", IntentKind.UNKNOWN),
        ("où en sont mes demandes ?", "Merci", IntentKind.STATUS),
        ("status of RMA-2026-000004", "Hi team\n\nthanks\nTom Baker", IntentKind.STATUS),
        ("RE: votre demande RMA-2026-000004", "Merci", IntentKind.THANKS),
        ("Annulez ma demande", "Merci", IntentKind.THANKS),
    ],
)
def test_a_subject_may_ask_but_never_commits(subject: str, text: str, kind: IntentKind) -> None:
    assert intent_of_mail(subject, text, "fr").kind is kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" devis valide . ", True),
        (" devis par moi . ", True),
        (" devis , . ", True),
        (" devis . ", True),
        (" devis bleu . ", False),
    ],
)
def test_the_end_of_a_clause_may_stand_in_a_choice(text: str, found: bool) -> None:
    """A phrase that ends in a choice between words and the end of the clause."""
    phrase = pattern_of("devis (par moi|valide$|$)", grammar_of({}))
    index = Index([Phrase(group="acceptance", pattern=phrase)])
    pattern = index["devis"]
    assert pattern is not None
    assert bool(pattern.match(text, 1)) == found


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("bon(s|) pour accord", {"bon", "bons"}),
        ("(je |nous |)annul*", {"je", "nous", "annul*"}),
        ("(j |)accepte", {"j", "jaccepte", "accepte"}),
        ("merci$", {"merci"}),
        ("(un|\\d+) sur deux", {"un", *(f"{digit}*" for digit in range(10))}),
        ("... fin", {"*", "fin"}),
    ],
)
def test_a_phrase_is_found_by_the_words_it_can_begin_with(phrase: str, words: set[str]) -> None:
    grammar = grammar_of({"elided": ["j"]})
    assert first_words(pattern_of(phrase, grammar)) == words


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("acepte", "accepte"),
        ("accpete", "accepte"),
        ("validon", "validons"),
        ("resrve", "reserve"),
        ("validera", "validera"),
        ("acceptee", "acceptee"),
        ("refusez", "refusez"),
    ],
)
def test_a_slip_of_the_fingers_is_put_right_and_another_tense_is_not(word: str, meant: str) -> None:
    assert lexicon_of("fr").spelling[word] == meant


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bonjour - 412,80 € !?", " bonjour , 412_80 € ? . "),
        ("Cœur 👍🏽, Привет", " cour \x01 , þþþþþþ . "),
        ("voir https://a.example/b?c=d\nmerci", " voir merci . "),
        (
            "Ihr Angebot Nr. 4711 vom 3. März, z.B. inkl. Porto.",
            " ihr angebot nr 4711 vom 3 marz , z b inkl porto . . ",
        ),
        ("M. Petit, art. 5. Merci", " m petit , art 5 . merci . "),
        ("graag a.u.b. Dank u", " graag a u b . dank u . "),
        ("No. 5 is broken", " no . 5 is broken . "),
    ],
)
def test_a_text_is_folded_to_words_and_marks(text: str, shown: str) -> None:
    assert canonical(text).text == shown


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Je suis d'accord.", IntentKind.ACCEPTANCE),
        ("Je suis d'accord avec votre devis, cet appareil est mauvais.", IntentKind.ACCEPTANCE),
        ("Je suis d'accord, cet appareil est mauvais.", IntentKind.AMBIGUOUS),
        ("Cet appareil est mauvais. Je suis d'accord.", IntentKind.AMBIGUOUS),
        ("Merci pour le devis. Je suis d'accord.", IntentKind.ACCEPTANCE),
        ("Je suis d'accord, Jean Dupont", IntentKind.ACCEPTANCE),
        ("Je refuse cette explication.", IntentKind.UNKNOWN),
        ("Je refuse cet odieux devis.", IntentKind.REFUSAL),
    ],
)
def test_a_commitment_names_its_object_or_stands_alone(text: str, kind: IntentKind) -> None:
    """An agreement beside a clause of unknown content may mean that clause (X-16)."""
    assert intent_of(text, "fr").kind is kind


@given(st.text(max_size=200))
def test_every_stretch_of_the_canonical_form_leads_back_to_the_text(text: str) -> None:
    """The words shown to an agent are the writer's own."""
    form = canonical(text)
    assert len(form.flat) == len(form.source)
    place = 1
    for word in form.words:
        own = canonical(form.original(place, place + len(word))).words
        assert word in (*own, ".", ",", "?")
        place += len(word) + 1


@pytest.mark.parametrize(
    "line",
    [
        "Nous acceptons le devis sous réserve de la livraison vendredi, merci. ",
        "Je ne pense pas que je ne pense pas que ",
        "ok, " * 10,
        "a",
        "?!",
        "1,1",
        "nous ne " * 5,
        "bon pour accord ",
        "je suis d'accord, ",
    ],
)
@pytest.mark.parametrize("language", ["fr", ""])
def test_twice_the_text_takes_at_most_twice_the_time(line: str, language: str) -> None:
    """Measured in CPU time, the best of several, below the length that is read."""
    size = LONGEST // 2 // len(line)
    intent_of(line * size, language)
    assert seconds(line * size * 2, language) <= 2.5 * seconds(line * size, language) + 0.002


def seconds(text: str, language: str) -> float:
    """Return the least CPU time one reading takes."""
    taken = []
    for _ in range(7):
        start = time.process_time()
        intent_of(text, language)
        taken.append(time.process_time() - start)
    return min(taken)
