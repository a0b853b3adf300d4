"""The language of service mail is known from few words, and never wrong for a sentence."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.language import CODES, language_of

FOLDER = Path(__file__).parent / "languages"
OURS = ("fr", "nl", "de", "en")


def phrases_of(code: str) -> list[str]:
    return (FOLDER / f"{code}.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("code", OURS)
def test_short_phrases_are_known_or_unsure_but_never_wrong(code):
    """Nine in ten of forty, most of them shorter than a sentence."""
    told = [language_of(phrase) for phrase in phrases_of(code)]
    assert set(told) <= {code, ""}
    assert told.count(code) >= 0.9 * len(told)


def test_languages_we_do_not_write_are_known_as_themselves():
    """So that nobody is answered in a language taken for theirs."""
    lines = [line.split("\t") for line in (FOLDER / "other.txt").read_text("utf-8").splitlines()]
    told = [(code, language_of(text)) for code, text in lines]
    assert all(said in (code, "") for code, said in told)
    assert sum(code == said for code, said in told) >= 0.9 * len(told)


@pytest.mark.parametrize(
    "text",
    ["", " ", "12345", "06 12 34 56 78", "Jean Martin", "Fichet SA, 75011 Paris", "LECT-400 FX-80233",
     "Kiitos paljon, lukija ei toimi enää maanantaista lähtien.", "Γεια σας, ο αναγνώστης δεν λειτουργεί",
     "https://exemple.example/x", "ja"],
)  # fmt: skip
def test_what_tells_nothing_is_unsure(text):
    """Numbers, names, part numbers, words of several languages, languages we do not know."""
    assert language_of(text) == ""


def test_accents_may_be_missing():
    assert language_of("Le probleme est regle, vous pouvez fermer la demande") == "fr"
    assert language_of("Koennen Sie das Geraet fur uns reparieren") == "de"


def test_the_language_of_most_words_wins():
    assert language_of("Le devis 'Repair of reader' nous convient, vous pouvez le lancer") == "fr"
    assert (
        language_of("Please find attached the facture, and tell us when it can be shipped") == "en"
    )


@given(st.text(max_size=300))
def test_any_text_has_a_known_code_or_none(text):
    """And nothing is raised."""
    assert language_of(text) in ("", *CODES)


def test_a_long_text_costs_no_more_than_its_beginning():
    def seconds(text):
        start = time.thread_time()
        language_of(text)
        return time.thread_time() - start

    text = "le lecteur ne lit plus les badges " * 1_000
    assert (
        min(seconds(text * 20) for _ in range(5))
        <= 2.5 * min(seconds(text) for _ in range(5)) + 0.002
    )
