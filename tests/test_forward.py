"""Forwards: who wrote the mail inside the mail, or nobody when it is not certain."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from parsers.text.forward import read_forward, read_sender
from parsers.text.hints import Hints
from parsers.text.segment import segment

PARIS_WINTER = timezone(timedelta(hours=1))


def forward(text, subject="TR: x", *, threaded=False):
    _, found = segment(text, Hints(subject=subject, threaded=threaded))
    return read_forward(found, PARIS_WINTER) if found else None


CLIENTS = [
    "De : Ana Duarte <ana@cafe.example>\nEnvoyé : vendredi 6 novembre 2026 17:31\nÀ : luc@desk.example\nObjet : Moulin",
    "From: Ana Duarte <ana@cafe.example>\nSent: Friday, November 6, 2026 5:31 PM\nTo: luc@desk.example\nSubject: Moulin",
    "Van: Ana Duarte <ana@cafe.example>\nVerzonden: vrijdag 6 november 2026 17:31\nAan: luc@desk.example\nOnderwerp: Moulin",
    "Von: Ana Duarte <ana@cafe.example>\nGesendet: Freitag, 6. November 2026 17:31\nAn: luc@desk.example\nBetreff: Moulin",
    "---------- Forwarded message ---------\nDe : Ana Duarte <ana@cafe.example>\nDate: ven. 6 nov. 2026 à 17:31\nSubject: Moulin\nTo: <luc@desk.example>",
    "Début du message réexpédié :\n\nDe: Ana Duarte <ana@cafe.example>\nObjet: Moulin\nDate: 6 novembre 2026 à 17:31:00 UTC+1\nÀ: luc@desk.example",
    "-------- Message transféré --------\nSujet : Moulin\nDate : Fri, 6 Nov 2026 17:31:00 +0100\nDe : Ana Duarte <ana@cafe.example>\nPour : luc@desk.example",
    "-------- Doorgestuurd bericht --------\nOnderwerp: Moulin\nDatum: Fri, 6 Nov 2026 17:31:00 +0100\nVan: Ana Duarte <ana@cafe.example>\nAan: luc@desk.example",
    "-------- Weitergeleitete Nachricht --------\nBetreff: Moulin\nDatum: Fri, 6 Nov 2026 17:31:00 +0100\nVon: Ana Duarte <ana@cafe.example>\nAn: luc@desk.example",
    "-------- Message d'origine --------De : Ana Duarte <ana@cafe.example> Date : 06/11/2026 17:31 (GMT+01:00) À : luc@desk.example Objet : Moulin ",
]  # fmt: skip


@pytest.mark.parametrize("block", CLIENTS)
def test_writer_subject_date_and_text_are_read_from_each_program(block):
    got = forward(f"à traiter\n\n{block}\n\nLe moulin ne tourne plus.")
    assert got is not None
    assert got.sender is not None
    assert (got.sender.address, got.sender.name) == ("ana@cafe.example", "Ana Duarte")
    assert got.subject == "Moulin"
    assert got.sent_at == datetime(2026, 11, 6, 16, 31, tzinfo=UTC)
    assert got.text == "Le moulin ne tourne plus."


def test_a_forward_behind_quote_marks_loses_one_of_them():
    block = "> Begin forwarded message:\n>\n> From: Ana <ana@cafe.example>\n> Subject: Moulin\n> Date: 6 November 2026 at 17:31\n>\n> text\n> > older"
    got = forward(block, "Fwd: Moulin")
    assert got is not None
    assert got.text == "text\n> older"


@pytest.mark.parametrize(
    "value, expected",
    [
        ("Ana <ana@cafe.example>", "ana@cafe.example"),
        ("Ana [mailto:ana@cafe.example]", "ana@cafe.example"),
        ("Ana <ana@cafe.example<mailto:ana@cafe.example>>", "ana@cafe.example"),
        ("*Ana* <ana@cafe.example>", "ana@cafe.example"),
        ("ana@cafe.example", "ana@cafe.example"),
        ("Ana", ""),
        ("Ana <ana@cafe.example>, Bob <bob@x.example>", ""),
        ("agent@desk.example <ana@cafe.example>", ""),
    ],
)
def test_the_writer_is_named_only_when_certain(value, expected):
    found = read_sender(value)
    assert (found.address if found else "") == expected


def test_the_history_of_a_reply_is_no_forward():
    assert forward(f"oui\n\n{CLIENTS[0]}\n\nold", "RE: Moulin", threaded=True) is None
