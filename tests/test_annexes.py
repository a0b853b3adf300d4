"""Which words withdraw a document, and which only speak of one."""

import time

import pytest

from handlers.customers.annexes import asked_in


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("désactiver annexe 3", (3,)),
        ("Bonjour,\nmerci de supprimer la pièce jointe n° 2.\nCordialement", (2,)),
        ("Pouvez-vous retirer les annexes 2, 3 et 5 ?", (2, 3, 5)),
        ("L'annexe numéro 4 est à supprimer", (4,)),
        ("verwijder bijlage 3", (3,)),
        ("Kunt u bijlage nr. 3 verwijderen?", (3,)),
        ("Kunt u bijlage nr 3 verwijderen?", (3,)),
        ("disable attachment 3", (3,)),
        ("Please delete attachments 1 and 2.", (1, 2)),
        ("Bitte Anhang 3 löschen", (3,)),
        ("Entfernen Sie bitte die Anhänge 1 und 2", (1, 2)),
        ("DÉSACTIVER ANNEXE 1", (1,)),
        ("supprimer annexe 2\nsupprimer annexe 2", (2,)),
    ],
)
def test_a_verb_and_a_number_behind_a_noun_withdraw(text: str, numbers: tuple[int, ...]) -> None:
    assert asked_in(text).numbers == numbers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ne supprimez pas l'annexe 3",
        "please do not delete attachment 3",
        "verwijder bijlage 3 niet",
        "Anhang 3 bitte nicht löschen",
        "voir annexe 3",
        "supprimer la pièce 2 du lecteur",
        "merci de retirer le colis",
        "supprimer les 3 annexes",
        "supprimer annexe 2026118",
        "annexe 3. Merci de supprimer le compte de Paul",
    ],
)
def test_anything_else_withdraws_nothing(text: str) -> None:
    assert asked_in(text).numbers == ()


def test_a_mail_that_says_more_is_read_as_any_other_too() -> None:
    assert asked_in("Bonjour,\ndésactiver annexe 3\nMerci d'avance.\nClaire Martin").only
    assert not asked_in("désactiver annexe 3. Le lecteur ne lit plus aucun badge.").only
    assert not asked_in("Bonjour").only


def test_a_long_text_costs_little() -> None:
    text = "supprimer annexe " + "1 " * 100_000
    begun = time.process_time()
    assert asked_in(text).numbers == (1,)
    assert time.process_time() - begun < 2
