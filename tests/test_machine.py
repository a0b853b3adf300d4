"""Machines: none of their mails may pass for a person's, no person's for theirs (X-26, X-27)."""

from datetime import date

import pytest

from parsers.machine import return_day
from parsers.mail import Machine
from parsers.read import read


def machine(*fields, text="hello"):
    head = "From: a@b.example\r\nTo: rma@desk.example\r\n" + "".join(
        f"{field}\r\n" for field in fields
    )
    return read(f"{head}\r\n{text}".encode()).machine


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner=x",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Return-Path: <>",
        "Subject: Réponse automatique : devis",
        "Subject: Absence du bureau Re: devis",
        "Subject: Automatic reply: quote",
        "Subject: Automatische Antwort: Angebot",
        "Subject: Automatisch antwoord: offerte",
        "Subject: Afwezig: offerte",
        "Subject: =?utf-8?Q?R=C3=A9ponse_automatique=C2=A0:_devis?=",
    ],
)
def test_automatic_answers_are_known(field):
    assert machine(field) is Machine.AUTO_REPLY


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: no",
        "X-Auto-Response-Suppress: All",
        "Subject: Re: Réponse automatique : devis",
        "Subject: votre réponse",
        "X-Autoreply: no",
    ],
)
def test_a_persons_mail_stays_a_persons(field):
    assert machine(field) is Machine.NONE


def test_suppression_counts_together_with_an_absence_subject():
    fields = ("X-Auto-Response-Suppress: All", "Subject: Devis - je suis absent du bureau")
    assert machine(*fields) is Machine.AUTO_REPLY


@pytest.mark.parametrize("field", ["List-Id: <x.example>", "Precedence: bulk", "Precedence: list"])
def test_lists_are_known(field):
    assert machine(field) is Machine.LIST


def test_our_own_field_means_a_loop_whatever_else_is_said():
    assert machine("X-Savd: rma", "Auto-Submitted: auto-generated") is Machine.OWN


def test_reports_are_told_by_their_parts():
    field = "Content-Type: multipart/report; boundary=b; report-type="
    receipt = "--b\r\n\r\nread\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\nDisposition: x\r\n--b--"
    assert machine(field + "disposition-notification", text=receipt) is Machine.DISPOSITION
    complaint = "--b\r\n\r\nx\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n--b--"
    assert machine(field + "feedback-report", text=complaint) is Machine.REPORT


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Je serai de retour le 04/12/2026.", date(2026, 12, 4)),
        ("Absent du 20/11/2026 jusqu'au 4 décembre 2026 inclus", date(2026, 12, 5)),
        ("I am out until December 4, 2026.", date(2026, 12, 4)),
        ("I will be back on 4 December.", date(2026, 12, 4)),
        ("Ich bin ab dem 04.12.2026 wieder erreichbar.", date(2026, 12, 4)),
        ("Ik ben terug op 4 december 2026.", date(2026, 12, 4)),
        ("de retour le 3 janvier", date(2027, 1, 3)),
        ("back soon", None),
        ("de retour le 99/99/2026", None),
    ],
)
def test_the_day_of_return_is_read_in_four_languages(text, expected):
    assert return_day(text, date(2026, 11, 9)) == expected


def test_a_comment_before_the_word_of_auto_submitted_hides_nothing():
    raw = b"From: a@b.example\r\nAuto-Submitted: (c) AUTO-Replied (vacation)\r\n\r\nI am away.\r\n"
    assert read(raw).machine is Machine.AUTO_REPLY
