"""A mail that lists lines gives a sheet for each, however the lines are written (A-5, A-34)."""

from dataclasses import replace

import pytest

from handlers.errors import ConfigError
from handlers.words.line_sheets import read_requests
from handlers.workflow_file import load
from parsers.fields.blocks import listing

from .carts import CART, FILE, write


def read(text):
    return [sheet.values for sheet in read_requests(text, CART)]


TABLE = "Facture\tPosition\tMotif\n0034871205\t100\tDéfectueux\n0034871205\t200\tQuantité manquante"
BLOCKS = """Bonjour,

Votre réf : CDE-7
Facture : 0034871205
Position : 100
Motif : Défectueux

Facture : 0034871205
Position : 200
Commentaire : le carton était ouvert
Motif : Quantité manquante

Cordialement,
Claire Martin"""
NUMBERED = """1) Facture : 0034871205 ; Position : 100 ; Motif : défectueux
2) Facture : 0034871205 ; Position : 200 ; Motif : manquant"""
ONCE = """Facture : 0034871205

Position : 100
Motif : défectueux
Position : 200
Motif : manquant"""


@pytest.mark.parametrize("text", [TABLE, BLOCKS, NUMBERED, ONCE])
def test_each_line_is_a_sheet(text):
    lines = read(text)
    assert [line["position"] for line in lines] == ["100", "200"]
    assert [line["reason"] for line in lines] == ["defect", "missing"]
    assert {line["invoice"] for line in lines} == {"0034871205"}


def test_what_is_said_once_above_is_said_of_all_and_a_remark_of_its_line():
    first, second = read(BLOCKS)
    assert first["own_reference"] == second["own_reference"] == "CDE-7"
    assert second["comment"] == "le carton était ouvert"
    assert "comment" not in first


def test_a_paragraph_behind_the_lines_is_said_of_all():
    lines = read(f"{ONCE}\n\nNotre référence : ABC-1")
    assert [line["own_reference"] for line in lines] == ["ABC-1", "ABC-1"]


def test_a_mail_with_one_line_or_none_is_one_sheet():
    assert read("Facture : 12\nPosition : 100\nMotif : défectueux") == [
        {"invoice": "12", "position": "100", "reason": "defect"}
    ]
    assert len(read("Bonjour, il manque un article.")) == 1


def test_a_mail_is_one_request_where_the_workflow_opens_mails():
    mails = CART.model_copy(update={"opens": "mail"})
    sheets = read_requests(TABLE, mails)
    assert len(sheets) == 1


def test_no_more_lines_than_the_workflow_allows_and_a_person_is_told():
    lines = CART.lines.model_copy(update={"most": 3})
    few = CART.model_copy(update={"lines": lines})
    row = "\n0034871205\t{}\tDéfectueux"
    table = "Facture\tPosition\tMotif" + "".join(row.format(n) for n in range(1, 700))
    decision = write(table, workflow=few)
    assert len(decision.changes) == 3
    (item,) = (n for n in decision.notices if n.template == "W_unreadable")
    assert item.values["found"][0]["value"] == "3"


def test_a_workflow_cannot_let_a_mail_open_more_tickets_than_it_has_numbers_for():
    text = FILE.read_text(encoding="utf-8").replace("lines:\n", "lines:\n  most: 501\n", 1)
    with pytest.raises(ConfigError, match="most"):
        load(text, "cart.yaml")


def test_a_text_without_labels_lists_nothing():
    assert not listing("Bonjour, merci.", frozenset({"facture"})).blocks
    assert replace(listing("", frozenset()), shared=()).blocks == ()
