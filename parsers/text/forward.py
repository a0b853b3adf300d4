"""Read the mail inside a mail (X-40): a forwarded block of the text, or an attached mail."""

from __future__ import annotations

import re
from datetime import tzinfo
from html import unescape
from textwrap import dedent

from parsers.dates import read_written_date
from parsers.mail import Address, Forward
from parsers.mail_words import any_of, phrases
from parsers.mime.address import read_address, read_addresses
from parsers.text.attribution import is_quoted
from parsers.text.block import bare
from parsers.text.history import ForwardedMail

RULER = re.compile(r"^[>\s]*(?:[-_=–—#]{3,}|-- )\s*$")
MAILTO = re.compile(r"[<\[]\s*mailto:\s*([^\s>\]<]+)\s*[>\]]", re.IGNORECASE)
BRACKETED = re.compile(r"\[\s*(?:SMTP:\s*)?([^\s\[\]@]+@[^\s\[\]@]+)\s*\]")
PARENTHESISED = re.compile(r"^([^<>]*)\(([^\s()@<>]+@[^\s()@<>]+)\)$")
SHOWN = re.compile(r"^([^<>,;]*?)\s*<([^<>\s:]+@[^<>\s]+)>$")
OTHER = re.compile(r"\w@\w")  # a name that is an address names somebody else
LEGACY = re.compile(r"(?<!\s)\s*\[?/O=.*$", re.IGNORECASE)  # Exchange's own address
BEHALF = re.compile(rf"\s{any_of(phrases('on_behalf'))}\s.*$", re.IGNORECASE)
LINKED = re.compile(r"<([^\s<>@]+@[^\s<>@]+)\s*<(?:mailto|https?):[^<>]*>\s*>", re.IGNORECASE)
NAME_LENGTH = 200
BOLD = re.compile(r"\*+")


def read_sender(value: str) -> Address | None:
    """Read the writer named in a header block; None unless exactly one address is there."""
    value = LINKED.sub(r"<\1>", unescape(value[:1_000]))
    value = BEHALF.sub("", BRACKETED.sub(r"<\1>", BOLD.sub("", value))).strip()
    named = SHOWN.match(value) or PARENTHESISED.match(value)
    if named and not OTHER.search(named[1]) and (address := read_address(named[2])):
        return Address(address=address, name=named[1].strip(" \t\"'„“”«»"))
    plain = MAILTO.sub("", value) if value.count("@") > 1 else value
    found, broken = read_addresses(plain if "@" in plain else MAILTO.sub(r"<\1>", value))
    if len(found) == 1 and not broken:
        return found[0]
    shown = MAILTO.sub(r"<\1>", value)
    found, broken = read_addresses(shown)
    return found[0] if len(found) == 1 and not broken else None


def read_forward(found: ForwardedMail, zone: tzinfo) -> Forward:
    """Read the forwarded mail found in the text. Dates without a zone are taken in `zone`."""
    body = found.lines[found.body : found.end]
    if found.quoted or _is_all_quoted(body):
        body = _unquoted(body)
    while body and (not body[0].strip() or RULER.match(body[0])):
        body = body[1:]
    while body and (not body[-1].strip() or RULER.match(body[-1])):
        body = body[:-1]
    text = dedent("\n".join(body)).strip()
    if found.attribution:
        return Forward(sender=found.attribution.writer, text=text)
    fields = found.block.fields if found.block else {}
    named = LEGACY.sub("", BOLD.sub("", fields.get("from", ""))).strip()
    return Forward(
        sender=read_sender(named),
        sender_name="" if "@" in named else named[:NAME_LENGTH],
        subject=BOLD.sub("", fields.get("subject", "")).strip(),
        sent_at=read_written_date(fields.get("sent", ""), zone),
        text=text,
    )


def _is_all_quoted(body: list[str]) -> bool:
    """Tell whether a program put quote marks before the text, but not before the header block."""
    written = [line for line in body if line.strip()]
    return bool(written) and all(is_quoted(line) for line in written)


def _unquoted(body: list[str]) -> list[str]:
    """Take the quote marks off that all lines have, not those of the mail's own quotations."""
    depth = min((_depth(line) for line in body if is_quoted(line)), default=0)
    mark = re.compile(rf"^[ \t]*(?:>[ \t]?){{1,{max(depth, 1)}}}")
    return [mark.sub("", line) for line in body]


def _depth(line: str) -> int:
    return len(line) - len(bare(line)) - line[: len(line) - len(bare(line))].count(" ")
