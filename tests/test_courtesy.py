"""A description says what is broken, not good morning."""

from __future__ import annotations

import pytest

from parsers.intents.courtesy import only_greets, without_courtesies


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            "Bonjour,\n\nLe lecteur ne lit plus.\n\nMerci d'avance,\nClaire Fontaine",
            "Le lecteur ne lit plus.",
        ),
        (
            "Bonjour Madame,\nL'écran reste noir.\nCordialement,\nPaul",
            "L'écran reste noir.",
        ),
        (
            "Hello,\n\nThe reader is dead.\nIt was fine on Monday.\n\nKind regards,\nJohn Smith",
            "The reader is dead.\nIt was fine on Monday.",
        ),
        ("Le lecteur ne lit plus.", "Le lecteur ne lit plus."),
        ("Bonjour, l'écran est noir.", "Bonjour, l'écran est noir."),
        ("Bonjour", "Bonjour"),
        ("L'écran est noir.\nVoyant Rouge", "L'écran est noir.\nVoyant Rouge"),
        (
            "Panne au démarrage\nMerci\nLe voyant 3 clignote.",
            "Panne au démarrage\nMerci\nLe voyant 3 clignote.",
        ),
    ],
)
def test_greeting_wishes_and_name_are_left_out(text, kept):
    assert without_courtesies(text, "") == kept


@pytest.mark.parametrize(
    ("text", "greets"),
    [
        ("Goedendag,", True),
        ("Guten Tag,\nvielen Dank", True),
        ("Bonjour,\n\nMerci d'avance", True),
        ("Défectueux", False),
        ("Bonjour, l'écran est noir.", False),
    ],
)
def test_a_greeting_beside_labelled_lines_tells_of_nothing(text, greets):
    assert only_greets(text) is greets
