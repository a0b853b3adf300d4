"""Read the mail inside a mail (X-40): a forwarded block of the text, or an attached mail."""

from __future__ import annotations

import re
from datetime import tzinfo
from textwrap import dedent

from parsers.address import read_addresses
from parsers.attribution import is_quoted
from parsers.block import bare
from parsers.dates import read_written_date
from parsers.history import ForwardedMail
from parsers.mail import Address, Forward

MAILTO = re.compile(r"[<\[]\s*mailto:\s*([^\s>\]<]+)\s*[>\]]", re.IGNORECASE)
LINKED = re.compile(r"<([^\s<>@]+@[^\s<>@]+)\s*<mailto:[^<>]*>\s*>", re.IGNORECASE)
NAME_LENGTH = 200
BOLD = re.compile(r"\*+")


def read_sender(value: str) -> Address | None:
    """Read the writer named in a header block; None unless exactly one address is there."""
    value = LINKED.sub(r"<\1>", value[:1_000])
    value = BOLD.sub("", value)
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
        body = [_unquoted(line) for line in body]
    while body and not any(map(str.isalnum, body[0])):
        body = body[1:]
    text = dedent("\n".join(body)).strip()
    if found.attribution:
        return Forward(sender=found.attribution.writer, text=text)
    fields = found.block.fields if found.block else {}
    named = BOLD.sub("", fields.get("from", "")).strip()
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


def _unquoted(line: str) -> str:
    """Take one quote mark off, not those of the mail's own quotations."""
    text = line.lstrip()
    if text.startswith(">"):
        return text[2:] if text.startswith("> ") else text[1:]
    return bare(line)
