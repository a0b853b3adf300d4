"""Write the bytes of a rehearsed mail as a mail program and our own border host would."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from daemon.rehearsal.enclosure import Enclosure
from handlers.desk import Desk


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail with every placeholder filled in."""

    sender: str
    to: Sequence[str]
    cc: Sequence[str]
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str
    headers: dict[str, str]
    enclosures: Sequence[Enclosure]
    authentication: str


def write_mail(letter: Letter, desk: Desk, now: datetime) -> bytes:
    """Return the mail: the lines of the border host on top, then what the sender wrote."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = letter.sender
    mail["To"] = ", ".join(letter.to)
    if letter.cc:
        mail["Cc"] = ", ".join(letter.cc)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = letter.message_id
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
        mail["References"] = letter.in_reply_to
    for name, value in letter.headers.items():
        mail[name] = value
    _fill(mail, letter)
    return _border(letter, desk, now) + mail.as_bytes()


def write_bounce(
    *, to: str, recipient: str, message_id: str, status: str, reason: str, desk: Desk, now: datetime
) -> bytes:
    """Return the delivery report a mail system writes about a message of ours (RFC 3464)."""
    action = "failed" if status.startswith("5") else "delayed"
    host = recipient.rpartition("@")[2]
    lines = [
        f"From: MAILER-DAEMON@{host}",
        f"To: {to}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <dsn.{zlib.crc32(message_id.encode())}@{host}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=dsn"',
        "",
        "--=dsn",
        "Content-Type: text/plain; charset=utf-8",
        "",
        f"Your message to {recipient} could not be delivered: {reason}",
        "--=dsn",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; mx.{host}",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; 550 {status} {reason}",
        "--=dsn",
        "Content-Type: text/rfc822-headers",
        "",
        f"Message-ID: {message_id}",
        f"To: {recipient}",
        "",
        "--=dsn--",
        "",
    ]
    return _received(desk, now) + "\r\n".join(lines).encode()


def _fill(mail: EmailMessage, letter: Letter) -> None:
    """Put text, HTML and files into the mail, as mail programs nest them."""
    if letter.html and not letter.text:
        mail.set_content(letter.html, subtype="html")
    else:
        mail.set_content(letter.text)
    if letter.html and letter.text:
        mail.add_alternative(letter.html, subtype="html")
    for one in letter.enclosures:
        _enclose(mail, one)


def _enclose(mail: EmailMessage, one: Enclosure) -> None:
    major, _, minor = one.content_type.partition("/")
    if major == "message":
        inner = EmailMessage(policy=SMTP)
        inner["Content-Type"] = "message/rfc822"
        inner["Content-Disposition"] = f'attachment; filename="{one.name}"'
        inner.set_payload(one.data.decode("ascii", "surrogateescape"))
        mail.make_mixed()
        mail.attach(inner)
        return
    if one.content_id:
        cid = f"<{one.content_id}>"
        mail.add_attachment(
            one.data, major, minor, filename=one.name, disposition="inline", cid=cid
        )
        return
    mail.add_attachment(one.data, major, minor, filename=one.name)


def _border(letter: Letter, desk: Desk, now: datetime) -> bytes:
    domain = parseaddr(letter.sender)[1].rpartition("@")[2]
    result = ""
    if letter.authentication != "none":
        result = (
            f"Authentication-Results: {desk.authserv_id};"
            f" dmarc={letter.authentication} header.from={domain}\r\n"
        )
    return result.encode() + _received(desk, now)


def _received(desk: Desk, now: datetime) -> bytes:
    told = f"Received: from relay.example by {desk.border_host} with ESMTP; {format_datetime(now)}"
    return f"{told}\r\n".encode()


def quoted(text: str, sender: str, at: datetime) -> str:
    """Return a message of ours as it stands under an answer."""
    lines: Iterable[str] = (f"> {line}".rstrip() for line in text.splitlines())
    return "\n".join([f"Le {at:%d/%m/%Y} à {at:%H:%M}, {sender} a écrit :", *lines, ""])
