"""The other side of the demo: who sends to savd by LMTP, and who takes what savd sends."""

from __future__ import annotations

import asyncio
import email
import smtplib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from email.policy import default
from email.utils import format_datetime, formataddr
from html import escape
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from daemon.demo.story import Scene, Story
from daemon.rehearsal.papers import make_paper


class Sink:
    """An SMTP server that keeps every message; `port` is where it listens."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep a message."""
        content = envelope.content
        data = content if isinstance(content, bytes) else (content or "").encode()
        self.taken.append(email.message_from_bytes(data, policy=default))
        return "250 2.0.0 Taken"

    def find(self, message_id: str) -> EmailMessage | None:
        """Return the message with this Message-ID, None when it has not come."""
        found = (message for message in self.taken if message["Message-ID"] == message_id)
        return next(found, None)


@asynccontextmanager
async def open_sink() -> AsyncIterator[Sink]:
    """Listen on a free port of this machine until the block ends."""
    sink = Sink()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink.example"), "127.0.0.1", 0)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()


def write(
    story: Story, scene: Scene, message_id: str, answered: EmailMessage | None
) -> tuple[bytes, str]:
    """Return the mail of a scene as a mail program and our border server write it, and whom to.

    `answered` is the message it replies to: it is quoted below, as people do.
    """
    recipient = answered["Reply-To"].addresses[0].addr_spec if answered else story.address
    who = story.writer(scene)
    mail = EmailMessage(policy=CRLF)
    mail["From"] = formataddr((who.name, who.address))
    mail["To"] = recipient
    mail["Subject"] = f"Re: {answered['Subject']}" if answered else scene.subject
    mail["Date"] = format_datetime(scene.moment)
    mail["Message-ID"] = message_id
    if answered:
        mail["In-Reply-To"] = mail["References"] = answered["Message-ID"]
    mail.set_content(_text(story, scene) + (_quoted(story, answered) if answered else ""))
    if scene.rows:
        mail.add_alternative(_page(scene), subtype="html")
    for paper in scene.attach:
        made = make_paper(paper, Path(), scene.moment)
        kind, _, subtype = made.content_type.partition("/")
        mail.add_attachment(made.data, maintype=kind, subtype=subtype, filename=made.name)
    return _stamped(mail.as_bytes(), story, scene), recipient


async def send(port: int, data: bytes, sender: str, recipient: str) -> None:
    """Hand a mail over by LMTP; returns once it was acknowledged, raises SMTPException if not."""
    await asyncio.to_thread(_hand_over, port, data, sender, recipient)


def _hand_over(port: int, data: bytes, sender: str, recipient: str) -> None:
    with smtplib.LMTP("127.0.0.1", port, local_hostname="mx.example") as lmtp:
        lmtp.sendmail(sender, [recipient], data)


def _text(story: Story, scene: Scene) -> str:
    """Return what a person types: customers greet and sign, agents command."""
    words = "\n".join(scene.shown)
    if scene.who in story.agents:
        return f"{words}\n"
    return f"{words}\n\n{story.people[scene.who].name}\n"


def _page(scene: Scene) -> str:
    """Return the text with its table as a mail program writes it in HTML."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in scene.text.strip().splitlines())
    rows = (f"<td>{'</td><td>'.join(map(escape, row))}</td>" for row in scene.rows)
    return f"{lines}<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _quoted(story: Story, answered: EmailMessage) -> str:
    day = answered["Date"].datetime
    lines = readable(answered).splitlines()
    head = f"\nLe {day:%d/%m/%Y} à {day:%H:%M}, {story.desk['title']} a écrit :\n"
    return head + "".join(f"> {line}\n" for line in lines)


def readable(message: EmailMessage) -> str:
    """Return the plain text of a message."""
    part = message.get_body(("plain",))
    return "\n".join(str(part.get_content()).splitlines()) if part else ""


def _stamped(data: bytes, story: Story, scene: Scene) -> bytes:
    """Add what the border mail server adds: that DMARC passed, and when the mail came."""
    domain, border = story.writer(scene).address.partition("@")[2], f"mx.{story.domain}"
    head = (
        f"Authentication-Results: {border}; dmarc=pass header.from={domain}\r\n"
        f"Received: from mail.{domain} by {border} with ESMTPS;"
        f" {format_datetime(scene.moment)}\r\n"
    )
    return head.encode() + data
