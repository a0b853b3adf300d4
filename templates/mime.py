"""The body of a message as bytes: parts, encodings, multiparts (RFC 2045, 2046, 2231).

Written by hand because the library's object tree costs a hundred times as much. Everything is
7-bit; the boundary holds `=_`, which neither quoted-printable nor base64 can produce.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from templates.encode import field as header_field
from templates.encode import one_line

BASE64_LINE = 76
NAME_LENGTH = 120
CHUNK = 60

_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,80}")
_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,50}")  # RFC 2045 section 5.1, the safe part of it


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file to attach. `name` may hold anything, it is made safe here. With a `content_id` the HTML
    of the message shows it (RFC 2392): it is given without angle brackets."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    content_id: str = ""


def text_part(subtype: str, text: str) -> bytes:
    """Return a text part with its header, quoted-printable, lines ended by CRLF."""
    data = text.encode("utf-8", "replace").replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\n"
    return (
        head.encode()
        + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + _quoted_printable(data)
    )


def file_part(file: File) -> bytes:
    """Return an attachment with its header. An unusable type becomes application/octet-stream."""
    known = _TYPE.fullmatch(file.content_type)
    # A mail inside would have to be 7-bit itself (RFC 2046 section 5.2.1), so it travels as data.
    usable = known and not file.content_type.lower().startswith(("message/", "multipart/"))
    content_type = file.content_type if usable else "application/octet-stream"
    head = header_field("Content-Type", [content_type])
    if file.content_id:
        head += header_field("Content-ID", [f"<{file.content_id}>"])
    kind = "inline" if file.content_id else "attachment"
    head += header_field("Content-Disposition", _disposition(kind, file.name))
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + _base64(file.data)


def multipart(subtype: str, boundary: str, parts: Iterable[bytes]) -> bytes:
    """Return a multipart with its header. `boundary` is unique in the message."""
    edge = f'"=_{boundary}_{subtype}"'
    line = f"--{edge[1:-1]}".encode()
    head = header_field("Content-Type", [f"multipart/{subtype};", f"boundary={edge}"])
    inner = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts)
    return head + b"\r\n" + inner + line + b"--\r\n"


def _quoted_printable(data: bytes) -> bytes:
    """Encode text whose lines end in CRLF."""
    if b"\n" not in data:
        data += b"\r\n"  # the encoder takes its line ends from the first one it meets
    return b2a_qp(data, istext=True)


def _base64(data: bytes) -> bytes:
    line = b2a_base64(data, newline=False)
    cut = range(0, len(line), BASE64_LINE)
    return b"\r\n".join(line[start : start + BASE64_LINE] for start in cut)


def _disposition(kind: str, name: str) -> Iterator[str]:
    """Yield the words of a Content-Disposition, in continuations when needed (RFC 2231)."""
    clean = _file_name(name)
    yield f"{kind};"
    if _TOKEN.fullmatch(clean):
        yield f"filename={clean}"
        return
    chunks = _coded(clean)
    for number, chunk in enumerate(chunks):
        lead = "utf-8''" if number == 0 else ""
        last = "" if number == len(chunks) - 1 else ";"
        yield f"filename*{number}*={lead}{chunk}{last}"


def _coded(text: str) -> list[str]:
    """Return text percent-encoded, cut between characters: readers decode each piece alone."""
    chunks = [""]
    for letter in text:
        coded = quote(letter, safe="")
        if len(chunks[-1]) + len(coded) > CHUNK:
            chunks.append("")
        chunks[-1] += coded
    return chunks


def _file_name(name: str) -> str:
    """Return a name of at most NAME_LENGTH characters that keeps its ending, "file" for none."""
    clean = one_line(name).replace("/", "_").replace("\\", "_").encode("utf-8", "replace").decode()
    if len(clean) > NAME_LENGTH:
        stem, dot, ending = clean.rpartition(".")
        kept = f"{dot}{ending}" if stem and len(ending) <= 8 else ""
        clean = clean[: NAME_LENGTH - len(kept)] + kept
    return clean or "file"
