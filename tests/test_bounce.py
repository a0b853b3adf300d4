"""Delivery reports: who did not get which message of ours, and for how long (X-28)."""

import pytest

from parsers.mail import BounceReason, Machine
from parsers.read import read


def report(
    status,
    text="It failed.",
    returned="Message-ID: <n42@desk.example>\r\nTo: rosa@hotel.example\r\n",
):
    return read(
        (
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: bounce@desk.example\r\n"
            "Subject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            f"--b\r\n\r\n{text}\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
            f"{status}\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{returned}\r\n--b--\r\n"
        ).encode()
    )


def prose(text, subject="failure notice", sender="MAILER-DAEMON@mx.example"):
    return read(
        f"From: {sender}\r\nTo: rma@desk.example\r\nSubject: {subject}\r\n\r\n{text}".encode()
    )


def test_a_standard_report_names_recipient_status_reason_and_our_message():
    mail = report(
        "Final-Recipient: rfc822; rosa@hotel.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
    )
    assert mail.machine is Machine.BOUNCE
    (bounce,) = mail.bounces
    assert (bounce.recipient, bounce.status) == ("rosa@hotel.example", "5.1.1")
    assert bounce.reason is BounceReason.USER_UNKNOWN
    assert bounce.diagnostic == "550 5.1.1 no such user"
    assert bounce.message_id == "<n42@desk.example>"
    assert bounce.permanent


def test_a_delay_is_a_bounce_that_is_not_permanent():
    mail = report(
        "Final-Recipient: rfc822; rosa@hotel.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n"
    )
    assert mail.machine is Machine.BOUNCE
    assert not mail.bounces[0].permanent


@pytest.mark.parametrize("status, action", [("4.4.7", "failed"), ("5.1.1", "failed")])
def test_a_message_the_mail_system_gave_up_is_lost_whatever_the_class(status, action):
    mail = report(
        f"Final-Recipient: rfc822; rosa@hotel.example\r\nAction: {action}\r\nStatus: {status}\r\n"
    )
    assert mail.bounces[0].status == status
    assert mail.bounces[0].permanent


def test_several_recipients_are_several_bounces():
    mail = report(
        "Final-Recipient: rfc822; a@x.example\r\nAction: failed\r\nStatus: 5.0.0\r\n\r\n"
        "Final-Recipient: rfc822; b@x.example\r\nAction: failed\r\nStatus: 5.2.2\r\n"
    )
    assert [bounce.recipient for bounce in mail.bounces] == ["a@x.example", "b@x.example"]


def test_a_report_of_success_is_a_report_and_no_bounce():
    mail = report("Final-Recipient: rfc822; a@x.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n")
    assert mail.machine is Machine.REPORT
    assert mail.bounces == ()


@pytest.mark.parametrize(
    "text, recipient, status",
    [
        (
            "Hi. I couldn't deliver your message.\n<a@x.example>:\nuser unknown\n\nReceived: from",
            "a@x.example",
            "5",
        ),
        (
            "The following address failed:\n\n  a@x.example\n    550 no such user\n\nmessage follows",
            "a@x.example",
            "5",
        ),
        (
            "<a@x.example>: host mx[192.0.2.1] said: 452 4.2.2 mailbox full, giving up\n\nReceived: from",
            "a@x.example",
            "4.2.2",
        ),
        (
            "Votre message n'a pas pu être remis à a@x.example\n\nmessage original",
            "a@x.example",
            "5",
        ),
        (
            "Warning: message to a@x.example is delayed, you do not need to resend\n\nReceived: from",
            "a@x.example",
            "4",
        ),
    ],
)
def test_prose_of_mail_systems_is_understood(text, recipient, status):
    mail = prose(text)
    assert mail.machine is Machine.BOUNCE
    assert mail.bounces[0].recipient == recipient
    assert mail.bounces[0].status.startswith(status)


@pytest.mark.parametrize(
    "text, subject",
    [
        (
            "Hello, my parcel could not be delivered last week, address unknown.",
            "Parcel not delivered",
        ),
        ("Re your message: the 550 model does not exist any more?", "Re: order"),
    ],
)
def test_a_customer_who_writes_about_delivery_is_no_bounce(text, subject):
    assert prose(text, subject, "Ana <ana@cafe.example>").machine is Machine.NONE


@pytest.mark.parametrize(
    "sender, subject, text",
    [
        ("Delivery Service Lang <info@lang.example>", "Delivery status of order 88",
         "The box was not delivered to Mrs Roth (roth@cafe.example): nobody at home. Try again?"),
        ("Bounce Gym <hello@bounce-gym.example>", "Delivery problem",
         "The bench could not be delivered, our address is unknown to the carrier."),
        ("Jo, system administrator <jo@cafe.example>", "Delayed printer",
         "The printer has been delayed again. Please write to jo@cafe.example."),
    ],
)  # fmt: skip
def test_people_with_the_name_of_a_mail_system_are_no_bounce(sender, subject, text):
    assert prose(text, subject, sender).machine is Machine.NONE
