"""Whatever the bytes are: a ParsedMail, twice the same, picklable, its segments joined its text."""

import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.mail import ParsedMail
from parsers.read import read

FIELD = st.sampled_from(
    [
        b"From: ", b"To: ", b"Subject: ", b"Date: ", b"Content-Type: ", b"Message-ID: ",
        b"Content-Type: multipart/mixed; boundary=b", b"Content-Type: text/html",
        b"Content-Type: multipart/report; boundary=b", b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable", b"--b", b"--b--", b"\r\n", b"\n", b"> ",
        b"=?utf-8?B?", b"?=", b"De : ", b"a@b.example", b"Auto-Submitted: auto-replied",
        b"On 1 Jan 2026 at 10:00, a <a@b.example> wrote:", b"-- ", b"Content-Type: message/rfc822",
    ]
)  # fmt: skip
# What people and their programs write, cut anywhere: heads, boundaries, encodings, HTML, quoting.
PIECE = st.sampled_from(
    [
        "From: Léa <lea@a.example>\n", "To: b@b.example, c@b.example\n", "Subject: Re: Tr: n° 12\n",
        "Content-Type: text/html; charset=iso-8859-1\n", "Content-Type: text/plain; charset=",
        "Content-Transfer-Encoding: base64\n", "Content-Transfer-Encoding: quoted-printable\n",
        "Content-Type: multipart/alternative; boundary=b\n", "Content-Type: message/rfc822\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
        "Content-Type: message/delivery-status\n", "Final-Recipient: rfc822; a@a.example\n",
        "Content-Disposition: attachment; filename*0*=utf-8''a%20; filename*1=b.pdf\n",
        "Content-Type: application/ms-tnef\n", "Content-Type: application/pdf\n", "%PDF-1.4\n",
        "Content-Type: text/plain; format=flowed; delsp=yes\n", "\n--b\n", "\n--b--\n", "\n", "\n\n",
        "=?utf-8?q?=C3=A9?= ", "=?iso-2022-jp?B?GyRC?=", "=?x", "=E9=\n", "utf-7\n", "big5\n", "\x1b$B",
        "Auto-Submitted: auto-replied\n", "Return-Path: <>\n", "Status: 5.1.1\n", "Date: 1 Jan 2026\n",
        "<div class=gmail_quote>", "<blockquote type=cite>", "</blockquote>", "<div id=appendonsend>",
        "<table><tr><td>a<td>b</table>", "<p style='display:none'>", "<br>", "&nbsp;&#233;&#x110000;",
        "<a href='http://a.example/'>a</a>", "<!--", "<style>", "</div>", "<li>", "<pre>",
        "Le lun. 5 janv. 2026 à 10:00, Léa <lea@a.example> a écrit :\n", "> oui\n", ">> non\n",
        "On Mon, Jan 5, 2026 at 10:00 AM Bob wrote:\n", "Am 05.01.26 schrieb Bob:\n",
        "De : Bob\nEnvoyé : lundi 5 janvier 2026\nÀ : Léa\nObjet : panne\n", "-----Original Message-----\n",
        "---------- Forwarded message ---------\n", "Von: Bob\nGesendet: Montag\n", "-- \n", "--\n",
        "Cordialement,\n", "Envoyé de mon iPhone\n", "Sent from my phone\n", "This e-mail is confidential",
        "Absent jusqu'au 4 décembre", "N° de série : AX-1\tQté 2\n", "je veux être remboursé. ",
        "\u2028", "\x85", "\x0c", "\ud800", "\u202e", "e\u0301", "\U0001f600", "\xa0", "\x00", "\t", "\r",
    ]
).map(lambda text: text.encode("utf-8", "surrogatepass"))  # fmt: skip
PATCHWORK = st.lists(st.one_of(PIECE, st.binary(max_size=6)), max_size=60).map(b"".join)
MAILISH = st.lists(st.one_of(FIELD, st.binary(max_size=12)), max_size=40).map(b"\r\n".join)


def check(raw):
    mail = read(raw)
    assert read(raw) == mail
    check_mail(mail)


def check_mail(mail):
    assert isinstance(mail, ParsedMail)
    assert not [defect for defect in mail.defects if defect.startswith("unreadable")]
    assert "".join(segment.text for segment in mail.segments) == mail.text
    assert pickle.loads(pickle.dumps(mail)) == mail
    assert "\x00" not in mail.text + mail.subject
    assert not set("\r\n") & set(mail.subject + mail.sender.address + mail.sender.name)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_give_a_mail(raw):
    check(raw)


@given(MAILISH)
@settings(deadline=None, max_examples=300)
def test_anything_like_a_mail_gives_a_mail(raw):
    check(raw)


@given(PATCHWORK)
@settings(deadline=None, max_examples=400)
def test_any_patchwork_of_mails_gives_a_mail_and_the_same_one_twice(raw):
    check(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"(" * 100_000,
        b"From: " + b'"\\' * 60_000,
        b"To: " + b"," * 100_000,
        b"Content-Type: text/plain" + b";" * 200_000,
        b'Content-Type: text/plain; a="' + b'\\";' * 60_000,
        b"Subject: " + b"=?utf-8?Q?" * 20_000,
        b"Content-Type: text/html\n\n" + b"<div>" * 200_000,
        b"Content-Type: text/html\n\n<div " + b"a=1 " * 100_000 + b">",
        b"Content-Type: text/html\n\n" + b"<!--" * 100_000,
        b"\n" + b"> " * 200_000,
        b"\n" + b" " * 1_000_000 + b"x:",
        b"\nx:" + b" " * 1_000_000 + b"x",
        b"\n" + b"--- " * 250_000 + b"x",
        b"\n" + b"-" * 1_000_000 + b"x:",
        b"\n" + b"* |" * 300_000 + b":",
        b"\n" + b"On a a a a " * 20_000 + b"wrote:",
        b"\n" + b"De : a\n" * 50_000,
        b"\n" + b"- - -----\n" * 50_000,
        b"".join(
            b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(2_000)
        ),
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000,
        b"Content-Type: text/plain; charset=punycode\n\n" + b"\xff" * 100_000,
        b"Content-Type: text/plain; charset=undefined\n\n\xff",
        b"Content-Disposition: attachment; filename*" + b"9" * 5_000 + b"*=undefined''x\n\nx",
        b"Date: Mon, 32 Foo 99999 99:99:99 +99999999\n\nx",
        b"Message-ID: <>\nIn-Reply-To: <[x]@[y\n\nx",
    ],
    ids=lambda raw: raw[:30].decode("latin-1").strip(),
)
def test_bad_input_is_read_in_bounded_time(raw):
    start = time.process_time()
    mail = read(raw)
    assert time.process_time() - start < 5
    check_mail(mail)
