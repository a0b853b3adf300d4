"""Read a mail: bytes in, ParsedMail out, whatever the bytes are.

The steps stand in `_read` in the order they are done. Only here an accident is caught: the mail
is then handed on with the accident named in `defects`, never lost. Files are told apart by their
first bytes and not opened: that is done one by one, elsewhere (`parsers.files.opening`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC

from parsers.dates import read_date, zone_of
from parsers.files.attachment import mark_repeated, read_attachment
from parsers.intents.intent import intent_of_mail
from parsers.language import language_of
from parsers.links import find_links
from parsers.machines.bounce import first_id, read_bounces
from parsers.machines.machine import machine_of
from parsers.machines.return_day import return_day
from parsers.mail import (
    NOBODY,
    Address,
    Attachment,
    Bounce,
    FileKind,
    Forward,
    Machine,
    ParsedMail,
    Received,
    Segment,
    SegmentKind,
)
from parsers.mime.address import read_addresses
from parsers.mime.authentication import read_authentication
from parsers.mime.encoded_word import decode_words
from parsers.mime.header import FIELD_LIMIT, Headers, as_text, ids
from parsers.structure import Part, Structure, split
from parsers.text.body import Body, choose_body
from parsers.text.forward import read_forward
from parsers.text.hints import Hints, without_prefix
from parsers.text.segment import segment

RECEIVED_LIMIT = 100
FILES_LIMIT = 200
UNWRAP_LIMIT = 3
RECIPIENT_FIELDS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")
NEW_KINDS = frozenset({SegmentKind.NEW})


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """Who wrote, and to whom."""

    sender: Address
    sender_count: int
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    recipients: tuple[str, ...]
    defects: tuple[str, ...]


def read(raw: bytes) -> ParsedMail:
    """Read a mail (RFC 5322, RFC 2045). Total: any bytes give a ParsedMail, nothing is raised."""
    try:
        return _read(raw)
    except Exception as accident:  # noqa: BLE001 - promised: any bytes give a value
        return ParsedMail(defects=(f"unreadable: {type(accident).__name__}: {accident}"[:300],))


def _read(raw: bytes) -> ParsedMail:
    structure = split(raw)
    headers = structure.headers
    people = _people(headers)
    body = choose_body(structure.parts)
    subject = headers.text("subject")
    segments, forward = _segments(body, headers, subject, people.sender.name)
    new_text = "".join(part.text for part in segments if part.kind in NEW_KINDS).strip()
    shown_sender = headers.text("from")
    bounces = read_bounces(structure, shown_sender, body.text)
    machine = machine_of(structure, shown_sender, bounces, body.text)
    sent_at = read_date(headers.plain("date"))
    attachments, inner = _attachments(body.files, bounces)
    language = language_of(new_text) or language_of(body.text)
    return ParsedMail(
        message_id=first_id(headers),
        in_reply_to=_ids(headers, "in-reply-to"),
        references=_ids(headers, "references"),
        sender=people.sender,
        sender_count=people.sender_count,
        reply_to=people.reply_to,
        to=people.to,
        cc=people.cc,
        recipients=people.recipients,
        subject=subject,
        sent_at=sent_at,
        received=_received(headers),
        authentication=read_authentication(headers),
        text=body.text,
        segments=segments,
        forward=None if machine is Machine.BOUNCE else forward or inner,
        machine=machine,
        bounces=bounces,
        back_on=return_day(body.text, sent_at.date() if sent_at else None)
        if machine is Machine.AUTO_REPLY
        else None,
        attachments=attachments,
        links=find_links(new_text),
        language=language,
        intent=intent_of_mail(subject, new_text, language),
        defects=tuple(dict.fromkeys((*structure.defects, *people.defects))),
    )


def _ids(headers: Headers, name: str) -> tuple[str, ...]:
    """Read the ids of a field; some programs encode a long one as if it were words."""
    value = headers.first.get(name)
    return ids(decode_words(as_text(value[:FIELD_LIMIT]))) if value else ()


def _people(headers: Headers) -> People:
    named, broken = _addresses(headers, "from")
    writers = list({box.address.lower(): box for box in reversed(named)}.values())
    to, _ = _addresses(headers, "to")
    cc, _ = _addresses(headers, "cc")
    boxes = [*to, *cc]
    for name in RECIPIENT_FIELDS[2:]:
        boxes.extend(_addresses(headers, name)[0])
    certain = len(writers) == 1 and not broken
    return People(
        sender=writers[0] if certain else NOBODY,
        sender_count=len(writers) + broken,
        reply_to=_addresses(headers, "reply-to")[0],
        to=to,
        cc=cc,
        recipients=tuple(dict.fromkeys(box.address for box in boxes)),
        defects=() if certain else (_sender_defect(len(writers), broken),),
    )


def _sender_defect(count: int, broken: int) -> str:
    if not count and not broken:
        return "from_missing"
    return "from_unreadable" if broken else "from_several"


def _addresses(headers: Headers, name: str) -> tuple[tuple[Address, ...], int]:
    """Read every field of this name: a second From is a second writer."""
    found: list[Address] = []
    broken = 0
    for value in headers.all(name)[:RECEIVED_LIMIT]:
        boxes, unread = read_addresses(as_text(value))
        found.extend(boxes)
        broken += unread
    return tuple(found), broken


def _received(headers: Headers) -> tuple[Received, ...]:
    lines: list[Received] = []
    for value in headers.all("received")[:RECEIVED_LIMIT]:
        text = as_text(value[:4_000])
        trace, _, when = text.rpartition(";")
        words = trace.split()
        named = [words[n + 1] for n in range(len(words) - 1) if words[n].lower() == "by"]
        lines.append(Received(by=named[0].lower() if named else "", at=read_date(when)))
    return tuple(lines)


def _segments(
    body: Body, headers: Headers, subject: str, writer: str
) -> tuple[tuple[Segment, ...], Forward | None]:
    hints = Hints(
        subject=subject,
        writer=writer,
        threaded=headers.has("in-reply-to") or headers.has("references"),
        attributions=body.attributions,
        signatures=body.signatures,
        older=body.older,
        history=body.history,
    )
    segments, found = segment(body.text, hints)
    if found is None:
        return segments, None
    forward = read_forward(found, zone_of(headers.plain("date")))
    return segments, replace(forward, subject=forward.subject or without_prefix(subject))


def _attachments(
    files: list[Part], bounces: tuple[Bounce, ...]
) -> tuple[tuple[Attachment, ...], Forward | None]:
    """Read the files; attached mails are opened and their files added (X-14)."""
    found: list[Attachment] = []
    forward: Forward | None = None
    queue = [(part, 0) for part in files]
    while queue and len(found) < FILES_LIMIT:
        part, depth = queue.pop(0)
        attachment = read_attachment(part)
        found.append(attachment)
        if attachment.kind is FileKind.MAIL and not bounces and depth < UNWRAP_LIMIT:
            inner = split(attachment.data)
            queue = [(leaf, depth + 1) for leaf in choose_body(inner.parts).files] + queue
            forward = forward or _attached(inner)
    return tuple(mark_repeated(found)), forward


def _attached(inner: Structure) -> Forward | None:
    """Make a forward of an attached mail; None when it has no header worth the name."""
    headers = inner.headers
    if not headers.has("from"):
        return None
    writers, broken = _addresses(headers, "from")
    sent = read_date(headers.plain("date"))
    return Forward(
        sender=writers[0] if len(writers) == 1 and not broken else None,
        subject=headers.text("subject"),
        sent_at=sent.astimezone(UTC) if sent else None,
        text=choose_body(inner.parts).text.strip(),
    )
