"""Mail systems that write for people: who did not get what, and why (X-28)."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.machines.bounce_prose import find_failures
from parsers.machines.bounce_reason import reason_of
from parsers.machines.delivery_status import read_outcomes
from parsers.machines.returned import cut_returned
from parsers.mail import BounceReason, Machine
from parsers.read import read

CASES = yaml.safe_load((Path(__file__).parent / "bounces.yaml").read_text("utf-8"))
OURS = (
    "Received: from desk.example by mx.example; Mon, 9 Nov 2026 09:12:44 +0100\n"
    "Message-ID: <n42@desk.example>\nFrom: RMA <rma@desk.example>\nTo: {to}\n"
    "Subject: Votre devis\nMIME-Version: 1.0\n\nBonjour, contact@desk.example reste a l'ecoute.\n"
)


def mail(case):
    head = {"From": case["from"], "To": "rma@desk.example", "Subject": case["subject"]}
    fields = {**head, **case.get("headers", {}), "Content-Type": "text/plain; charset=utf-8"}
    ours = OURS.format(to=case["recipients"][0])
    block = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"{block}\n{case['body'].replace('OURS', ours)}".replace("\n", "\r\n").encode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_dialect_is_read(case):
    found = read(mail(case))
    assert found.machine is Machine.BOUNCE
    names = [n for bounce in found.bounces for n in (bounce.recipient, *bounce.aliases)]
    assert names[: len(case["recipients"])] == case["recipients"]
    assert found.bounces[0].status.startswith(case["status"])
    assert found.bounces[0].reason == case.get("reason", found.bounces[0].reason)
    if case.get("ours", True):
        assert {bounce.message_id for bounce in found.bounces} == {"<n42@desk.example>"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_same_words_from_a_person_in_an_answer_are_no_report(case):
    person = case | {"from": "Ana <ana@cafe.example>", "subject": f"Re: {case['subject']}"}
    person |= {"headers": {"In-Reply-To": "<n42@desk.example>"}}
    assert read(mail(person)).machine is not Machine.BOUNCE


def test_two_recipients_keep_their_own_reasons():
    case = next(case for case in CASES if "two fates" in case["name"])
    reasons = [bounce.reason for bounce in read(mail(case)).bounces]
    assert reasons == [BounceReason.USER_UNKNOWN, BounceReason.SPAM_DETECTED]


GROUPS = [
    (
        "Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; b@c.example\nAction: failed\nStatus: 5.1.1",
        [(("b@c.example",), "failed", "5.1.1")],
    ),
    (  # no blank line between two recipients
        ("Final-Recipient: rfc822; b@c.example\nAction: failed\nStatus: 5.1.1\n"
        "Final-Recipient: rfc822; d@c.example\nAction: delayed\nStatus: 4.4.1"),
        [(("b@c.example",), "failed", "5.1.1"), (("d@c.example",), "delayed", "4.4.1")],
    ),
    (  # a blank line too many
        "Final-Recipient: rfc822; b@c.example\n\nAction: failed\nStatus: 5.1.1",
        [(("b@c.example",), "failed", "5.1.1")],
    ),
    (  # the fields in another order, the recipient last
        ("Action: failed\nStatus: 5.0.0\nOriginal-Recipient: rfc822;b@c.example\n"
        "Final-Recipient: rfc822;x@y.example\nDiagnostic-Code: smtp; 550 5.1.1 no"),
        [(("b@c.example", "x@y.example"), "failed", "5.1.1")],
    ),
    (  # the server gave up with a permanent code, the relay softened it
        ("Final-Recipient: rfc822; b@c.example\nAction: failed\nStatus: 4.5.0\n"
        "Diagnostic-Code: smtp; 550 5.5.0 no"),
        [(("b@c.example",), "failed", "5.5.0")],
    ),
    (  # RFC 5321 section 4.1.2: quoted or not, it is the same address
        'Final-Recipient: rfc822; "a..b"@c.example\nAction: failed\nStatus: 5.1.1',
        [(("a..b@c.example",), "failed", "5.1.1")],
    ),
    (  # RFC 6533
        "Final-Recipient: utf-8; j\\x{F6}rg@c.example\nAction: failed\nStatus: 5.1.1",
        [(("jörg@c.example",), "failed", "5.1.1")],
    ),
    ("Final-Recipient: utf-8; jörg@c.example\nAction: failed", [(("jörg@c.example",), "failed", "5.0.0")]),
    ("Final-Recipient: b@c.example\nAction: delayed", [(("b@c.example",), "delayed", "4.0.0")]),
]  # fmt: skip


@pytest.mark.parametrize("text, expected", GROUPS)
def test_groups_are_told_apart_and_read(text, expected):
    outcomes = read_outcomes(text)
    assert [(o.addresses, o.action, o.status) for o in outcomes] == expected


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_good_news_are_no_failure(action):
    (outcome,) = read_outcomes(
        f"Final-Recipient: rfc822; b@c.example\nAction: {action}\nStatus: 2.0.0"
    )
    assert outcome.succeeded


@pytest.mark.parametrize(
    "status, words, reason",
    [
        ("5.1.1", "", "user_unknown"),
        ("5.1.1", "550 5.1.1 recipient rejected", "user_unknown"),
        ("5.7.1", "550 5.7.1 rejected, see blocklist", "blocked"),
        ("4.2.2", "", "mailbox_full"),
        ("5.0.0", "Votre message est trop volumineux", "too_big"),
        ("5.0.0", "Sender address rejected: domain of sender does not exist", "rejected"),
        ("4.0.0", "try again later", "system_error"),
        ("5.4.4", "", "host_unknown"),
        ("5.0.0", "", "undefined"),
        ("", "", "undefined"),
    ],
)
def test_reasons_come_from_clear_words_then_the_code_then_vague_words(status, words, reason):
    assert reason_of(status, words) == reason


def test_a_notice_of_amazon_is_read_without_a_report():
    text = (
        '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":['
        '{"emailAddress":"rosa@hotel.example","action":"failed","status":"5.1.1",'
        '"diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},'
        '"mail":{"commonHeaders":{"messageId":"<n42@desk.example>"}}}\n\n-- \nunsubscribe'
    )
    found = read(f"From: no-reply@sns.amazonaws.com\nSubject: AWS\n\n{text}".encode())
    (bounce,) = found.bounces
    assert (bounce.recipient, bounce.status, bounce.message_id) == (
        "rosa@hotel.example", "5.1.1", "<n42@desk.example>",
    )  # fmt: skip
    assert bounce.reason is BounceReason.USER_UNKNOWN


def test_a_notice_of_amazon_in_the_envelope_for_mail_is_opened():
    notice = (
        r"{\"eventType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Transient\",\"bouncedRecipients\":"
        r"[{\"emailAddress\":\"rosa@hotel.example\"}]},\"mail\":{}}"
    )
    text = f'{{"Type":"Notification","TopicArn":"arn:x","Message":"{notice}"}}'
    found = read(f"From: no-reply@sns.amazonaws.com\nSubject: AWS\n\n{text}".encode())
    assert [(b.recipient, b.status) for b in found.bounces] == [("rosa@hotel.example", "4.0.0")]


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_cut_read_and_weighed(text):
    above, below = cut_returned(text)
    assert (above + below) == text
    find_failures(text, frozenset())
    read_outcomes(text)
    reason_of(text[:10], text)


SHAPES = [
    "a@b.example ",
    "<a@b.example>: 550 5.1.1 user unknown\n",
    "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n",
    "a.b-c+d@",
    "5.1.1.",
    "--- original message\n",
    "x" * 50 + "\n",
    "generated from a@b.example\n",
    "{[",
    "a'b'",
    '"a"@',
    "x: retry",
    "To: a@b.example\n ",
]


@pytest.mark.parametrize("shape", SHAPES)
def test_reading_a_report_takes_time_in_proportion_to_its_length(shape):
    def cost(count):
        raw = (
            b"From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n" + (shape * count).encode()
        )
        best = 9.0
        for _ in range(5):
            start = time.process_time()
            read_bounces_of(raw)
            best = min(best, time.process_time() - start)
        return best

    length = 20_000 // len(shape)
    assert cost(2 * length) <= 2.5 * cost(length) + 0.02


def read_bounces_of(raw):
    text = raw.partition(b"\n\n")[2].decode()
    above, _ = cut_returned(text)
    find_failures(above, frozenset())
    read_outcomes(text)


@settings(deadline=None)
@given(st.sampled_from(CASES), st.integers(0, 2000), st.binary(max_size=20))
def test_a_report_cut_or_spoiled_anywhere_is_still_read(case, place, noise):
    raw = mail(case)
    for spoiled in (raw[:place], raw[:place] + noise + raw[place:]):
        found = read(spoiled)
        assert not any(defect.startswith("unreadable") for defect in found.defects)


STANDARD = (
    "From: MAILER-DAEMON@x.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\n{text}"
    "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n{groups}\r\n"
    "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <n42@desk.example>\r\nTo: {to}\r\n\r\nhi\r\n--b--"
)


def test_the_address_we_wrote_to_comes_first_where_it_was_forwarded():
    groups = (
        "Original-Recipient: rfc822;rosa@hotel.example\r\n"
        "Final-Recipient: rfc822;rosa.verde@mail.example\r\nAction: failed\r\nStatus: 5.2.2\r\n"
    )
    (bounce,) = read(
        STANDARD.format(text="x", groups=groups, to="rosa@hotel.example").encode()
    ).bounces
    assert (bounce.recipient, bounce.aliases) == (
        "rosa@hotel.example",
        ("rosa.verde@mail.example",),
    )


def test_the_address_we_wrote_to_is_an_alias_where_only_the_message_tells_it():
    groups = (
        "Final-Recipient: rfc822;rosa.verde@mail.example\r\nAction: failed\r\nStatus: 5.2.2\r\n"
    )
    (bounce,) = read(
        STANDARD.format(text="x", groups=groups, to="rosa@hotel.example").encode()
    ).bounces
    assert bounce.aliases == ("rosa@hotel.example",)


def test_a_report_inside_a_report_of_a_relay_is_read():
    groups = "Final-Recipient: rfc822;rosa@hotel.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    inner = STANDARD.format(text="x", groups=groups, to="rosa@hotel.example")
    outer = (
        "From: Mail Delivery Subsystem <MAILER-DAEMON@y.example>\r\nSubject: Returned mail\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\n"
        f"----- The following addresses had permanent delivery errors -----\r\n--o\r\n"
        f"Content-Type: message/rfc822\r\n\r\n{inner}\r\n--o--\r\n"
    )
    (bounce,) = read(outer.encode()).bounces
    assert (bounce.recipient, bounce.message_id) == ("rosa@hotel.example", "<n42@desk.example>")


@pytest.mark.parametrize(
    "reported", ["X", "550 5.1.1 <a@b.example>: User unknown\r\n", ">>> RCPT TO:<"]
)
def test_a_long_report_takes_time_in_proportion_to_its_length(reported):
    def cost(count):
        raw = STANDARD.format(
            text=reported * count, groups=reported * count, to="a@b.example"
        ).encode()
        best = 9.0
        for _ in range(3):
            start = time.process_time()
            read(raw)
            best = min(best, time.process_time() - start)
        return best

    length = 12_000 // len(reported)
    assert cost(2 * length) <= 2.5 * cost(length) + 0.05


@pytest.mark.parametrize(
    "head, status, text",
    [
        ("", "X-Original-Message-ID: <n42@desk.example>\r\n", ""),
        ("", "", "  Message-id: <n42@desk.example>\r\n  Subject: devis\r\n"),
        ("In-Reply-To: <n42@desk.example>\r\n", "", ""),
        ("References: <n41@desk.example> <n42@desk.example>\r\n", "", ""),
    ],
)
def test_our_message_is_known_where_it_did_not_come_back(head, status, text):
    groups = f"{status}\r\nFinal-Recipient: rfc822;rosa@hotel.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    raw = STANDARD.replace(
        "Content-Type: message/rfc822\r\n\r\nMessage-ID: <n42@desk.example>\r\n", "\r\n"
    )
    report = head + raw.format(text=f"Failed.\r\n{text}", groups=groups, to="rosa@hotel.example")
    (bounce,) = read(report.encode()).bounces
    assert (bounce.recipient, bounce.message_id) == ("rosa@hotel.example", "<n42@desk.example>")
