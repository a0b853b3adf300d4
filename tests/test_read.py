"""Reading a whole mail: the golden mails, and what no golden mail shows."""

import pickle
from datetime import UTC, date, datetime

import pytest

from parsers.mail import FileKind, Machine, SegmentKind
from parsers.read import read
from tests.golden import FOLDER, got, mails

HEAD = (
    b"From: Rosa Lind <rosa@Lind-Hotel.example>\r\nTo: rma@desk.example\r\n"
    b"Date: Mon, 9 Nov 2026 09:14:00 +0100\r\nMessage-ID: <a.1@lind-hotel.example>\r\n"
)


@pytest.mark.parametrize("path", mails(), ids=lambda path: path.stem)
def test_a_golden_mail_reads_as_written_down(path):
    assert got(path) == path.with_suffix(".json").read_text("utf-8")


def test_every_golden_mail_says_why_it_is_here():
    assert all(path.with_suffix(".md").read_text("utf-8").strip() for path in mails())
    assert len(list(FOLDER.glob("*.json"))) == len(mails()) >= 25


def test_every_golden_mail_is_cut_without_losing_a_character():
    for path in mails():
        mail = read(path.read_bytes())
        assert "".join(segment.text for segment in mail.segments) == mail.text


def test_ids_keep_their_brackets_and_the_domain_is_lowered():
    mail = read(HEAD + b"In-Reply-To: <n1@d> (x)\r\nReferences: <n0@d>\r\n <n1@d>\r\n\r\nHello")
    assert mail.message_id == "<a.1@lind-hotel.example>"
    assert mail.in_reply_to == ("<n1@d>",)
    assert mail.references == ("<n0@d>", "<n1@d>")
    assert mail.sender.address == "rosa@lind-hotel.example"
    assert mail.sent_at == datetime(2026, 11, 9, 8, 14, tzinfo=UTC)


def test_a_message_id_encoded_as_words_is_read():
    """Python's mail library writes a long id like this."""
    mail = read(
        b"From: a@b.example\nIn-Reply-To: =?utf-8?q?=3Ct1=2Em1=2EN=5Fstatus=2Ecnf7pvyyq=2Ek1=2Eu?=\n"
        b" =?utf-8?q?ikgmr=40desk=2Eexample=3E?=\n\nx\n"
    )
    assert mail.in_reply_to == ("<t1.m1.N_status.cnf7pvyyq.k1.uikgmr@desk.example>",)


def test_recipients_come_from_five_fields_once_each():
    mail = read(
        HEAD + b"Cc: Bob <bob@x.example>\r\nDelivered-To: rma+k.t@desk.example\r\n"
        b"X-Original-To: rma@desk.example\r\nEnvelope-To: old@desk.example\r\n\r\n"
    )
    assert mail.recipients == (
        "rma@desk.example",
        "bob@x.example",
        "rma+k.t@desk.example",
        "old@desk.example",
    )


def test_received_lines_give_host_and_time_topmost_first():
    mail = read(
        b"Received: from a (b [192.0.2.1])\r\n by MX.desk.example with ESMTPS;"
        b" Mon, 9 Nov 2026 09:14:03 +0100\r\nReceived: by other; nonsense\r\n" + HEAD + b"\r\n"
    )
    assert [line.by for line in mail.received] == ["mx.desk.example", "other"]
    assert mail.received[0].at == datetime(2026, 11, 9, 8, 14, 3, tzinfo=UTC)
    assert mail.received[1].at is None


def test_only_the_quote_with_our_marker_is_ours():
    mail = read(
        HEAD
        + b"In-Reply-To: <n1@d>\r\n\r\nfine\r\n\r\nOn 9 Nov 2026 at 08:02, Desk <d@d.example> wrote:"
        b"\r\n> --- Reply above this line ---\r\n> approved?\r\n"
    )
    kinds = {segment.kind for segment in mail.segments}
    assert SegmentKind.QUOTE_OF_OURS in kinds
    assert SegmentKind.QUOTE not in kinds
    assert mail.new_text == "fine"


def test_sharing_links_of_the_new_text_are_listed_and_of_the_quote_not():
    mail = read(
        HEAD + b"\r\nPhotos: https://we.tl/t-abc, https://example.org/x\r\n\r\n"
        b"> https://drive.google.com/old\r\n"
    )
    assert mail.links == ("https://we.tl/t-abc",)


def test_an_absence_tells_the_day_of_return():
    mail = read(
        HEAD + b"Auto-Submitted: auto-replied\r\nSubject: Automatic reply: quote\r\n\r\n"
        b"I am away from 2 November and will be back on 23 November.\r\n"
    )
    assert mail.machine is Machine.AUTO_REPLY
    assert mail.back_on == date(2026, 11, 23)


def test_files_of_an_attached_mail_are_listed_behind_it():
    mail = read(
        HEAD + b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n"
        b"Content-Type: message/rfc822\r\n\r\nFrom: a@b.example\r\n"
        b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n\r\nhi\r\n--i\r\n"
        b"Content-Type: application/pdf; name=o.pdf\r\n\r\n%PDF-1.4 startxref\r\n--i--\r\n--o--\r\n"
    )
    assert [file.kind for file in mail.attachments] == [FileKind.MAIL, FileKind.PDF]
    assert mail.forward is not None
    assert mail.forward.sender is not None
    assert mail.forward.sender.address == "a@b.example"


def test_a_read_mail_survives_the_way_between_processes():
    for path in mails():
        mail = read(path.read_bytes())
        assert pickle.loads(pickle.dumps(mail)) == mail


def test_the_same_writer_named_twice_is_one_writer():
    twice = read(b"From: Ann <ann@x.example>\r\nFrom: ann@X.example\r\n\r\nx")
    assert (twice.sender.address, twice.sender_count) == ("ann@x.example", 1)
    other = read(b"From: ann@x.example\r\nFrom: bob@x.example\r\n\r\nx")
    assert (other.sender.address, other.sender_count) == ("", 2)


def test_a_text_file_to_be_shown_is_the_text_of_a_mail_without_other_text():
    part = (
        b"--b\r\nContent-Type: text/plain; name=a.txt\r\nContent-Disposition: %s\r\n\r\nhello\r\n"
    )
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    shown = read(head + part % b"inline; filename=a.txt" + b"--b--")
    assert (shown.text, [file.filename for file in shown.attachments]) == ("hello", ["a.txt"])
    assert read(head + part % b"attachment; filename=a.txt" + b"--b--").text == ""
