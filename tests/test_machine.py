"""Machines: none of their mails may pass for a person's, no person's for theirs (X-26, X-27)."""

from datetime import date

import pytest

from parsers.machines.return_day import return_day
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


def attached(kind, content, subject="x", text="hello"):
    return (
        f"Subject: {subject}",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=b",
    ), f"--b\r\n\r\n{text}\r\n--b\r\nContent-Type: {kind}\r\n\r\n{content}\r\n--b--\r\n"


GATES = [
    (
        "From: Mailinblack <noreply@mailinblack.example>",
        "Bonjour,\nVotre message est en attente.\nMerci de vous authentifier en cliquant ici :\nhttps://gate.example/x",
    ),
    (
        "From: luc@dupont.example",
        (
            "Bonjour, c'est la première fois que vous m'écrivez. Pour que votre message soit délivré,"
            " prouvez que vous n'êtes pas un robot : https://gate.example/x"
        ),
    ),
    (
        "From: ann@cafe.example via Boxbe <notifications@boxbe.example>",
        "Your message to ann@cafe.example is waiting for approval: requires sender verification.",
    ),
    (
        "From: bob@cafe.example",
        (
            "I apologize for this automatic reply to your email. To control spam, I now allow incoming"
            " messages only from approved senders.\nhttp://gate.example/guest"
        ),
    ),
    (
        "From: kurt@bau.example",
        (
            "Ihre E-Mail wurde zurückgehalten. Bitte bestätigen Sie, dass Sie kein Roboter sind:"
            " https://gate.example/x"
        ),
    ),
    (
        "From: jan@bouw.example",
        (
            "Uw bericht wordt vastgehouden. Bevestig dat u een mens bent en geen robot:"
            " https://gate.example/x"
        ),
    ),
]


@pytest.mark.parametrize("writer, text", GATES)
@pytest.mark.parametrize("field", ["X-A: b", "Auto-Submitted: auto-replied"])
def test_a_gate_that_doubts_we_are_human_is_known_as_one(writer, text, field):
    raw = f"{writer}\r\nTo: rma@desk.example\r\nSubject: Re: devis\r\n{field}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    assert read(raw.encode()).machine is Machine.CHALLENGE


@pytest.mark.parametrize(
    "text",
    [
        "Je confirme l'envoi : https://cafe.example/suivi. Merci de valider votre adresse de livraison.",
        "Our robot is not a robot vacuum, see https://cafe.example. Is it under warranty?",
        "Can you confirm your message of Monday? https://cafe.example/photo",
    ],
)
def test_a_person_with_a_link_is_no_gate(text):
    assert machine(text=text) is Machine.NONE


@pytest.mark.parametrize("method", ["REPLY", "COUNTER"])
def test_an_answer_of_a_calendar_is_no_persons_answer(method):
    fields, text = attached(
        "text/calendar", f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR", "Accepted: Visit"
    )
    assert machine(*fields, text=text) is Machine.CALENDAR


def test_an_invitation_is_a_persons():
    fields, text = attached(
        "text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR"
    )
    assert machine(*fields, text=text) is Machine.NONE


@pytest.mark.parametrize(
    "subject, text",
    [
        (
            "Lu : Votre devis",
            "Votre message\n\n  Objet : Votre devis\n\na été lu le 9 novembre 2026.",
        ),
        ("Non lu : Votre devis", "Votre message\n\na été supprimé sans avoir été lu."),
        ("Read: quote", "Your message\n\n  Subject: quote\n\nwas read on Monday, November 9."),
        ("Not read: quote", "Your message was deleted without being read on Monday."),
        (
            "Gelesen: Angebot",
            "Ihre Nachricht\n\n  Betreff: Angebot\n\nwurde gelesen am 9. November.",
        ),
        ("Ungelesen: Angebot", "Ihre Nachricht wurde ungelesen gelöscht."),
        ("Gelezen: offerte", "Uw bericht\n\n  Onderwerp: offerte\n\nis gelezen op 9 november."),
        ("Niet gelezen: offerte", "Uw bericht is verwijderd zonder te zijn gelezen."),
    ],
)
def test_a_receipt_without_the_structure_of_a_report_is_one(subject, text):
    raw = f"From: a@b.example\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    assert read(raw.encode()).machine is Machine.DISPOSITION


@pytest.mark.parametrize(
    "subject, text",
    [
        ("Lu : votre devis", "Bonjour, le devis a été lu par mon associé, nous acceptons."),
        ("Read: manual, page 4", "Hello, the manual was read on Monday, the error stays."),
    ],
)
def test_a_person_who_has_read_something_sends_no_receipt(subject, text):
    raw = f"From: a@b.example\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    assert read(raw.encode()).machine is Machine.NONE


@pytest.mark.parametrize(
    "subject, kind, content",
    [
        ("complaint about message from 192.0.2.1", "message/rfc822", "From: x@y.example\r\n\r\nhi"),
        ("x", "message/feedback-report", "Feedback-Type: abuse"),
        ("Report Domain: desk.example Submitter: big.example Report-ID: 1", "application/zip", "x"),
    ],
)
def test_complaints_are_reports_whatever_holds_them(subject, kind, content):
    fields, text = attached(kind, content, subject)
    assert machine(*fields, text=text) is Machine.REPORT


@pytest.mark.parametrize("kind", ["Complaint", "Delivery"])
def test_notices_of_amazon_that_are_no_bounce_are_reports(kind):
    assert machine(text=f'{{"notificationType":"{kind}","mail":{{}}}}') is Machine.REPORT


@pytest.mark.parametrize(
    "text", ["{", '{"notificationType":', '{"a":1}', '{"notificationType":["Bounce"]}', "{" * 5000]
)
def test_text_that_only_begins_like_a_notice_is_a_persons(text):
    assert machine(text=text) is Machine.NONE


def test_an_inbox_rule_that_answers_is_known_and_one_that_redirects_is_not():
    rule = ("X-Auto-Response-Suppress: All", "X-MS-Exchange-Inbox-Rules-Loop: luc@dupont.example")
    assert machine(*rule) is Machine.AUTO_REPLY
    assert machine(*rule, "Resent-From: luc@dupont.example") is Machine.NONE


@pytest.mark.parametrize(
    "field",
    [
        "X-Precedence: auto_reply",
        "X-FC-MachineGenerated: true",
        "X-POST-MessageClass: 9; Autoresponder",
        "X-AutoGenerated: reply",
        "X-Cron-Env: <A=b>",
        "X-Mailer: vacation 1.2",
        "X-Autorespond: yes",
    ],
)
def test_fields_of_vacation_programs_are_known(field):
    assert machine(field) is Machine.AUTO_REPLY


@pytest.mark.parametrize(
    "field",
    ["List-Post: <mailto:x@y.example>", "X-Mailman-Version: 2", "Mailing-List: x; run by ezmlm"],
)
def test_fields_of_list_managers_are_known(field):
    assert machine(field) is Machine.LIST


@pytest.mark.parametrize("field", ["List-Unsubscribe: <mailto:x@y.example>", "X-Priority: 1"])
def test_a_way_out_of_a_list_alone_is_no_list(field):
    assert machine(field) is Machine.NONE
