"""Labelled lines, tables and lists of devices are read as people write them (F-4, F-22, F-62)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.fields.devices import Item, items
from parsers.fields.labels import labelled

KNOWN = frozenset(
    {"nature du retour", "nature", "action attendue", "action", "reference", "ref", "produit"}
    | {"n de serie", "numero de serie", "serie", "sn", "serial", "serial number"}
    | {"date d achat n facture", "societe", "raison sociale", "adresse de reexpedition", "adresse"}
    | {"contact", "description", "description du probleme", "company", "product reference"}
)

LINES = [
    ("Nature du retour : Hors garantie", [("nature du retour", "Hors garantie")]),
    ("Nature du retour\u00a0: Hors garantie", [("nature du retour", "Hors garantie")]),
    ("NATURE DU RETOUR:Hors garantie", [("nature du retour", "Hors garantie")]),
    ("Nature du retour = HG", [("nature du retour", "HG")]),
    ("N° de série  AX-99812", [("n de serie", "AX-99812")]),
    ("N° de série AX-99812", [("n de serie", "AX-99812")]),
    ("N° de série\tAX-99812", [("n de serie", "AX-99812")]),
    ("Nº de serie: AX-99812", [("n de serie", "AX-99812")]),
    ("> N° de série : AX-99812", [("n de serie", "AX-99812")]),
    (">> - N° de série : AX-99812", [("n de serie", "AX-99812")]),
    ("- Réf. LECT-400", [("ref", "LECT-400")]),
    ("• Réf. : LECT-400", [("ref", "LECT-400")]),
    ("3) Société : Banque Exemple", [("societe", "Banque Exemple")]),
    ("*Société :* Banque Exemple", [("societe", "Banque Exemple")]),
    ("**N° de série :** AX-99812", [("n de serie", "AX-99812")]),
    ("Date d’achat / n° facture : F-2026-7", [("date d achat n facture", "F-2026-7")]),
    ("Société / raison sociale : Banque", [("societe", "Banque")]),
    ("Référence (étiquette) : LECT-400", [("reference", "LECT-400")]),
    ("N° de série du lecteur : AX-99812", [("n de serie", "AX-99812")]),
    ("Contact : jean@exemple.fr", [("contact", "jean@exemple.fr")]),
    ("Description : bip à 10:30 puis rien", [("description", "bip à 10:30 puis rien")]),
    ("Réf : AX-200, N° de série : 12345-A", [("ref", "AX-200"), ("n de serie", "12345-A")]),
    ("Réf : AX-200   N° de série : 12345-A", [("ref", "AX-200"), ("n de serie", "12345-A")]),
    ("SN AX-99812", [("sn", "AX-99812")]),
    ("Référence :", [("reference", "")]),
    ("Produit en panne depuis lundi", []),
    ("Contact pris avec votre collègue", []),
    ("Le numéro de série du lecteur est effacé", []),
    ("Voici le problème : il bipe", []),
    ("Rendez-vous à 10:30", []),
    ("https://exemple.fr/adresse", []),
    ("Marque : Untel", []),
]


@pytest.mark.parametrize(("text", "expected"), LINES)
def test_a_line_gives_its_known_labels(text: str, expected: list[tuple[str, str]]) -> None:
    """With or without colon, bullets, quote marks, bold; prose gives nothing."""
    assert [(label.key, label.value) for label in labelled(text, KNOWN)] == expected


def test_without_known_labels_whatever_looks_like_one_is_given() -> None:
    text = "Marque : Untel\nVoir https://exemple.fr\nBonjour, voici : rien"
    assert [(v.name, v.key, v.value, v.line) for v in labelled(text)] == [
        ("Marque", "marque", "Untel", 1)
    ]


def test_a_value_runs_on_where_its_writer_ran_on() -> None:
    """Indented lines, the lines under an empty label, an address to its postcode, wrapped lines."""
    text = (
        "Adresse de réexpédition : Banque Exemple\n4 place du Marché\n75011 Paris\n"
        "N° de série : AX-99812\nMerci de faire vite\n"
        "Société : Banque\n  Exemple\n"
        "Description du problème :\nIl ne lit plus\nles badges\n\nCordialement"
    )
    assert [(v.key, v.value, v.line) for v in labelled(text, KNOWN)] == [
        ("adresse de reexpedition", "Banque Exemple\n4 place du Marché\n75011 Paris", 1),
        ("n de serie", "AX-99812", 4),
        ("societe", "Banque\nExemple", 6),
        ("description du probleme", "Il ne lit plus\nles badges", 8),
    ]


def test_our_empty_form_gives_empty_values() -> None:
    form = "Nature du retour :\nRéférence :\nN° de série :\nDescription :\n\nCordialement"
    assert [label.value for label in labelled(form, KNOWN)] == ["", "", "", ""]
    assert items(form, KNOWN) == (Item(),)


def test_answers_typed_into_the_quoted_form_are_read() -> None:
    text = "> Référence : LECT-400\n> N° de série :\n> Description : ne lit plus\n>\n> Bien à vous"
    assert items(text, KNOWN) == (
        Item(fields=(("reference", "LECT-400"), ("description", "ne lit plus"))),
    )


def test_a_normal_mail_names_one_device() -> None:
    """However often its labels or its number come again."""
    for text in (
        "Bonjour, notre lecteur est en panne.",
        "",
        "Référence : LECT-400\nN° de série : AX-99812\nDescription : HS",
        "N° de série : AX-99812\nDescription : HS\nN° de série : ax-99812",
        "Un de nos 10 lecteurs est en panne, série AX-99812",
        "Sur les 12 lecteurs un seul ne lit plus",
        "Nous avons 3 lecteurs, celui du hall est HS",
    ):
        assert [item.quantity for item in items(text, KNOWN)] == [1]


def serials_of(found: tuple[Item, ...]) -> list[str]:
    return [dict(i.fields).get("n de serie") or dict(i.fields).get("serial", "") for i in found]


def test_repeated_blocks_are_devices_and_share_what_is_said_once() -> None:
    text = (
        "Société : Banque\n\nRéférence : LECT-400\nN° de série : S-1001\nDescription : HS\n\n"
        "Référence : LECT-500\nN° de série : S-1002\nDescription : bipe\n\n"
        "Référence : LECT-600\nDescription : rien\n\nAdresse : 4 place du Marché"
    )
    found = items(text, KNOWN)
    assert serials_of(found) == ["S-1001", "S-1002", ""]
    assert all(("societe", "Banque") in item.fields for item in found)
    assert all(("adresse", "4 place du Marché") in item.fields for item in found)
    assert ("description", "bipe") in found[1].fields
    assert ("description", "bipe") not in found[0].fields


@pytest.mark.parametrize("mark", ["\t", " | ", ";", "   "])
def test_a_table_gives_a_device_a_row(mark: str) -> None:
    """Rows without serial number stay devices; what stands outside is shared (F-62)."""
    rows = [
        ["Référence", "N° de série", "Description"],
        ["LECT-400", "S-1001", "HS"],
        ["LECT-400", "-", "bipe"],
        ["LECT-500", "S-1003", "ne lit plus"],
    ]
    text = "\n".join(mark.join(row) for row in rows) + "\n\nSociété : Banque"
    found = items(text, KNOWN)
    assert len(found) == 3
    assert serials_of(found)[::2] == ["S-1001", "S-1003"]
    assert all(("societe", "Banque") in item.fields for item in found)


def test_a_table_row_may_count_its_devices() -> None:
    text = "Référence\tQté\nLECT-400\t3\nLECT-500\t1"
    assert [item.quantity for item in items(text, KNOWN)] == [3, 1]


def test_ten_rows_with_two_serials_missing_are_ten_devices() -> None:
    rows = [f"LECT-400\t{'' if n in (3, 7) else f'S-10{n:02}'}\tHS" for n in range(10)]
    found = items("\n".join(["Référence\tN° de série\tPanne", *rows]), KNOWN)
    assert len(found) == 10
    assert serials_of(found).count("") == 2


LISTS = [
    "N° de série : S-1001, S-1002, S-1003",
    "N° de série : S-1001 / S-1002 / S-1003",
    "N° de série :\nS-1001\nS-1002\nS-1003",
    "Numéros de série :\n- S-1001\n- S-1002\n- S-1003\n\nCordialement",
    "Les lecteurs série S-1001, S-1002 et S-1003 sont en panne",
    "3 lecteurs HS, n° de série S-1001, S-1002, S-1003",
]


@pytest.mark.parametrize("text", LISTS)
def test_a_list_of_serial_numbers_is_a_device_each(text: str) -> None:
    """Under a label, in lines, or in a sentence."""
    assert serials_of(items(text, KNOWN)) == ["S-1001", "S-1002", "S-1003"]


COUNTS = [
    ("Bonjour, 10 lecteurs à retourner", 10),
    ("Nous retournons dix lecteurs de badges", 10),
    ("retour de nos 3 serrures HS", 3),
    ("3 x LECT-400 en panne", 3),
    ("Référence : LECT-400\nQuantité : 4", 4),
    ("We are returning 5 faulty readers", 5),
    ("10 lecteurs HS, séries S-1001, S-1002", 10),
    ("2026 lecteurs", 1),
]


@pytest.mark.parametrize(("text", "quantity"), COUNTS)
def test_a_count_without_the_serial_numbers_is_one_item(text: str, quantity: int) -> None:
    """So that the list can be asked for (F-4a)."""
    found = items(text, KNOWN)
    assert [item.quantity for item in found] == [quantity]


@given(st.text(max_size=400))
def test_any_text_gives_at_least_one_item(text: str) -> None:
    """And raises nothing."""
    assert items(text, KNOWN)
    assert items(text)


@pytest.mark.parametrize("sign", [".", "_", "*", "…"])
def test_a_longer_run_of_one_sign_costs_no_more_for_each(sign):
    """Lines are cut, so only below their limit would it show that each sign is tried again."""

    def seconds(length, times, number):
        text = f"Panne : x{sign * length}\n" * times + str(number)  # what was read is remembered
        start = time.thread_time()
        labelled(text, frozenset({"panne"}))
        return time.thread_time() - start

    tries = [seconds(1_800, 20, n) / max(seconds(450, 80, n), 0.001) for n in range(6)]
    assert min(tries) <= 2
