"""Find the message that came back in a delivery report: ours, or what is left of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.machines.bounce_words import LINES, TITLES
from parsers.mime.address import read_addresses
from parsers.mime.charset import clean, decode
from parsers.mime.header import Headers, ids, split_mail
from parsers.structure import Part, Structure

TEXT_LIMIT = 60_000
LINE_LIMIT = 160
DECORATED = re.compile(r"^[\s>|]*[-=*_+#~]{2}")
HEADER = re.compile(
    r"^[\s>]{0,8}(?:received|return-path|delivered-to|mime-version)[ \t]*:", re.IGNORECASE
)
FIELD = re.compile(r"^[\s>]{0,8}[A-Za-z][A-Za-z0-9-]{1,40}[ \t]*:")
NAMED_ID = re.compile(
    r"^[\s>]{0,8}(?:x-)?(?:original-)?message-id[ \t]*:\s{0,4}(<[^<>\s]{1,500}>)",
    re.IGNORECASE | re.MULTILINE,
)
RETURNED_PARTS = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global",
     "message/global-headers", "message/partial", "text/rfc822"}
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """The message that came back: its Message-ID, whom it was for, who had written it."""

    message_id: str = ""
    recipients: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    found: bool = False


def cut_returned(text: str) -> tuple[str, str]:
    """Cut what a mail system wrote from the message it returned below: (above, below)."""
    position = 0
    for line in text[:TEXT_LIMIT].split("\n"):
        if position and (HEADER.match(line) or (8 < len(line) < LINE_LIMIT and _announces(line))):
            return text[:position], text[position:TEXT_LIMIT]
        position += len(line) + 1
    return text[:TEXT_LIMIT], ""


def _announces(line: str) -> bool:
    lowered = " ".join(line.lower().split())
    if "transcript" in lowered:
        return False
    if any(phrase in lowered for phrase in LINES):
        return True
    if DECORATED.match(line) or lowered.endswith(":"):
        return len(lowered) < 90 and any(
            title in lowered for title in TITLES if DECORATED.match(line) or lowered[:-1] == title
        )
    return False


def find_returned(mail: Structure, below: str) -> Returned:
    """Read the headers of the returned message: of its part, or of the text below."""
    for part in mail.parts:
        if part.content_type in RETURNED_PARTS or part.filename.lower().endswith(".eml"):
            headers, _ = split_mail(part.data[:TEXT_LIMIT].lstrip())
            if headers.fields:
                return _identity(headers)
    for part in mail.parts[1:]:
        if part.headers.has("message-id") or part.headers.has("received"):
            return _identity(part.headers)  # a server that forgot the part's own header
    return _in_text(below)


def named_id(mail: Structure, text: str) -> str:
    """Give our Message-ID as the report itself names it: in a field, a line, or as its thread."""
    found = NAMED_ID.search(text[:TEXT_LIMIT])
    if found:
        return found[1]
    thread = (*ids(mail.headers.plain("in-reply-to")), *ids(mail.headers.plain("references")))
    return thread[-1] if thread else ""


def _in_text(below: str) -> Returned:
    lines = below.split("\n")
    first = next((n for n, line in enumerate(lines) if FIELD.match(line)), -1)
    if first < 0:
        return Returned()
    indent = len(lines[first]) - len(lines[first].lstrip(" \t>"))
    block = "\n".join(line[indent:] for line in lines[first : first + 400])
    headers, _ = split_mail(block.partition("\n\n")[0].encode("utf-8", "replace"))
    if not headers.has("message-id") and not headers.has("to") and "\n\n" in block:
        headers, _ = split_mail(block.partition("\n\n")[2][:20_000].encode("utf-8", "replace"))
    return _identity(headers)


def _identity(headers: Headers) -> Returned:
    found = ids(headers.plain("message-id"))
    return Returned(
        message_id=found[0] if found else "",
        recipients=_boxes(headers, "to"),
        senders=_boxes(headers, "from"),
        found=any(headers.has(name) for name in ("message-id", "received", "return-path")),
    )


def _boxes(headers: Headers, name: str) -> tuple[str, ...]:
    boxes, _ = read_addresses(headers.plain(name))
    return tuple(box.address for box in boxes)


def unknown_reports(mail: Structure) -> str:
    """Join report parts of no known type: some mail systems hide the reason there."""
    texts = [shown(part) for part in mail.parts if _is_unknown_report(part)]
    return "\n".join(texts)


def _is_unknown_report(part: Part) -> bool:
    kind = part.content_type
    broken = kind.startswith("text/plain") and kind != "text/plain"
    return broken or kind.startswith(("message/delivery", "text/x-", "application/x-report"))


def shown(part: Part) -> str:
    """Give the text of a part, decoded, with plain line ends."""
    return clean(decode(part.data[:TEXT_LIMIT], part.parameters.get("charset", "")))
