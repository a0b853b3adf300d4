"""Show a ParsedMail: the JSON object of `savd parse --json`, and the lines of `savd parse`."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.file_report import file_as_json, file_as_lines
from parsers.mail import Forward, Machine, ParsedMail

Json = dict[str, object]
AUTOMATIC = frozenset(
    {Machine.AUTO_REPLY, Machine.DISPOSITION, Machine.REPORT, Machine.CHALLENGE, Machine.CALENDAR,
     Machine.OWN}
)  # fmt: skip


def as_json(mail: ParsedMail) -> Json:
    """Give the stable object of `savd parse --json`, without `path`: only JSON types."""
    return {
        "text": mail.text,
        "reply": mail.new_text,
        "quoted": mail.quoted,
        "signature": mail.signature,
        "forward": _forward(mail.forward) if mail.forward else None,
        "is_bounce": mail.machine is Machine.BOUNCE,
        "bounce": _bounce(mail) if mail.machine is Machine.BOUNCE else None,
        "is_auto_reply": mail.machine in AUTOMATIC,
        "machine": mail.machine.value,
        "back_on": mail.back_on.isoformat() if mail.back_on else None,
        "from": mail.sender.address,
        "from_name": mail.sender.name,
        "subject": mail.subject,
        "language": mail.language,
        "intent": mail.intent.kind.value,
        "segments": [[segment.kind.value, segment.text] for segment in mail.segments],
        "attachments": [file_as_json(file) for file in mail.attachments],
        "defects": list(mail.defects),
    }


def as_lines(mail: ParsedMail) -> list[str]:
    """Give what a person wants to see: what was understood, then the text with what each line is."""
    told = [f"{name:12} {value}" for name, value in _understood(mail) if value]
    text: list[str] = []
    for segment in mail.segments:
        first, *rest = segment.text.removesuffix("\n").split("\n")
        text.append(f"{segment.kind.value:12} | {first}")
        text.extend(f"{'':12} | {line}" for line in rest)
    return [*told, "", *(line.rstrip() for line in text)]


def _understood(mail: ParsedMail) -> Iterator[tuple[str, str]]:
    yield "from", f"{mail.sender.name} <{mail.sender.address}>".strip()
    yield "subject", mail.subject
    yield "language", mail.language
    yield "machine", mail.machine.value
    yield "back on", mail.back_on.isoformat() if mail.back_on else ""
    if mail.machine is Machine.NONE:
        yield "intent", mail.intent.kind.value
    for bounce in mail.bounces:
        yield "bounced", f"{bounce.recipient} {bounce.status} {bounce.reason.value}"
    if mail.forward:
        sender = mail.forward.sender
        named = f"{sender.name} <{sender.address}>" if sender else mail.forward.sender_name
        yield "forwarded", f"{named or 'nobody can be named'}: {mail.forward.subject}"
    for file in mail.attachments:
        for number, line in enumerate(file_as_lines(file)):
            yield "" if number else "file", line
    yield "odd", ", ".join(mail.defects)


def _forward(forward: Forward) -> Json:
    sender = forward.sender
    return {
        "from": sender.address if sender else "",
        "name": sender.name if sender else forward.sender_name,
        "subject": forward.subject,
        "sent_at": forward.sent_at.isoformat() if forward.sent_at else None,
        "text": forward.text,
    }


def _bounce(mail: ParsedMail) -> Json:
    first = mail.bounces[0]
    return {
        "recipient": first.recipient,
        "recipients": _recipients(mail),
        "status": first.status,
        "reason": first.reason.value,
        "diagnostic": first.diagnostic,
    }


def _recipients(mail: ParsedMail) -> list[str]:
    every = [name for bounce in mail.bounces for name in (bounce.recipient, *bounce.aliases)]
    return list(dict.fromkeys(every))
