"""What an agent writes: commands, comment, note (X-39)."""

from __future__ import annotations

import pytest

from handlers.words.command import holds_command, read_agent_text

from .people import RMA


def _read(text: str):
    return read_agent_text(text, RMA, "fr")


def test_lines_with_a_hash_are_commands_the_rest_is_comment_and_from_note_on_a_note():
    read = _read("Bonjour Claire,\n#commande ok\nC'est parti.\n#note client pressé\nrappeler lundi")
    assert [(w.name, dict(w.arguments)) for w in read.commands] == [("order", {"verdict": "ok"})]
    assert read.comment == "Bonjour Claire,\nC'est parti."
    assert read.note == "client pressé\nrappeler lundi"


@pytest.mark.parametrize(
    ("line", "name", "arguments"),
    [
        (
            '#devis numero=D-2026-118 montant_ht=343,17 montant_ttc="412,80" validite=31/12/2026',
            "quote",
            {
                "number": "D-2026-118",
                "net": "343.17",
                "gross": "412.80",
                "valid_until": "2026-12-31",
            },
        ),
        ("#DEVIS Numéro = D-1 ht=1 234,50", "quote", None),
        ("#quote number=D-1 net=1234.50", "quote", {"number": "D-1", "net": "1234.50"}),
        (
            '#devis numero=D-1 ht="343,17 CHF" ttc=412,80',
            "quote",
            {"number": "D-1", "net": "343.17", "gross": "412.80", "currency": "CHF"},
        ),
        (
            "#quote number=D-1 net=343.17£ currency=gbp",
            "quote",
            {"number": "D-1", "net": "343.17", "currency": "GBP"},
        ),
        (
            "#devis numero=D-1 ht=343,17 devise=€",
            "quote",
            {"number": "D-1", "net": "343.17", "currency": "EUR"},
        ),
        ("#commande ok sans-bc", "order", {"verdict": "ok", "without_order": "yes"}),
        (
            '#commande ko motif="montant différent du devis"',
            "order",
            {"verdict": "ko", "motive": "montant différent du devis"},
        ),
        ("#commande ko motif=« prix périmé »", "order", {"verdict": "ko", "motive": "prix périmé"}),
        (
            "#refuser-garantie motif='choc' action=échange",
            "refuse_warranty",
            {"motive": "choc", "action": "exchange"},
        ),
        ("#recu serie=SN1 date=30/11/2026", "received", {"serial": "SN1", "date": "2026-11-30"}),
        ("#reçu", "received", {}),
        (
            "#expedie transporteur=DHL suivi=JD0143",
            "shipped",
            {"carrier": "DHL", "tracking": "JD0143"},
        ),
        (
            "#info Quel est le numéro de facture ?",
            "info",
            {"text": "Quel est le numéro de facture ?"},
        ),
        ("#admettre paul@dupont.example", "admit", {"address": "paul@dupont.example"}),
        (
            "#champ serie=SN99 contact=x@y.example",
            "field",
            {"serie": "SN99", "contact": "x@y.example"},
        ),
        ("#document n°=2 type=commande", "document", {"number": "2", "kind": "order"}),
    ],
)
def test_commands_as_people_write_them(line, name, arguments):
    read = _read(line)
    if arguments is None:
        assert read.errors
        return
    assert not read.errors
    assert (read.commands[0].name, dict(read.commands[0].arguments)) == (name, arguments)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("#comande ok", "unknown_command"),
        ("#commande peut-être", "no_such_argument"),
        ("#devis numero=D-1 montant_ht=beaucoup", "not_an_amount"),
        ("#devis numero=D-1 ht=343,17€ ttc=412,80CHF", "no_such_argument"),
        ("#devis numero=D-1 ht=343,17€ devise=CHF", "no_such_argument"),
        ("#devis numero=D-1 ht=343,17 devise=ducats", "no_such_choice"),
        ("#recu date=demain-matin", "not_a_date"),
        ("#expedie transporteur=DHL couleur=rouge", "no_such_argument"),
    ],
)
def test_what_is_not_understood_is_an_error_that_names_it(line, code):
    assert [error.code for error in _read(line).errors] == [code]


def test_a_pin_is_kept_out_of_the_comment():
    read = _read("#pin 4711\n#prendre")
    assert (read.pin, read.comment) == ("4711", "")


def test_a_hash_inside_a_line_is_no_command():
    assert not holds_command("voir ticket #412\nle n°#3")
    assert holds_command("bonjour\n  #prendre")
