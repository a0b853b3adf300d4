"""The properties of an Outlook message (MS-OXPROPS), from winmail.dat and from .msg files alike."""

from __future__ import annotations

import binascii
import struct
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote

from parsers.containers.rtf import from_compressed, read_rtf
from parsers.mime.charset import decode
from parsers.mime.header import Headers, read_header
from parsers.mime.part import Part, safe_filename

SUBJECT, HEADERS = 0x0037, 0x007D
SENT, DELIVERED = 0x0039, 0x0E06
NAMES = (0x0042, 0x0C1A)
ADDRESSES = (0x5D02, 0x5D01, 0x39FE, 0x0065, 0x0C1F)
BODY, HTML, RTF = 0x1000, 0x1013, 0x1009
DATA, SHORT_NAME, LONG_NAME, SHOWN_NAME = 0x3701, 0x3704, 0x3707, 0x3001
CONTENT_ID, HIDDEN, CODEPAGES = 0x3712, 0x7FFE, (0x3FDE, 0x3FFD)

STRING, UNICODE = 0x1E, 0x1F
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
DEPTH_LIMIT = 5
BOUNDARY = b"=_savd"


@dataclass(kw_only=True, slots=True)
class Item:
    """A message or an attached file: properties by number as (type, bytes), and what is inside.

    `inner` is the message an attachment holds. `codepage` is that of 8-bit strings, "" unknown.
    """

    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    files: list[Item] = field(default_factory=list)
    inner: Item | None = None
    codepage: str = ""

    def text(self, *numbers: int) -> str:
        """Give the first of these properties that is a text and not empty."""
        for number in numbers:
            kind, value = self.properties.get(number, (0, b""))
            if kind == UNICODE:
                value = value[: len(value) // 2 * 2]
                found = value.decode("utf-16-le", "replace")
            else:
                found = decode(value, self.codepage) if kind == STRING else ""
            found = found.partition("\x00")[0].strip() if number != BODY else found.strip("\x00")
            if found:
                return found
        return ""

    def data(self, number: int) -> bytes:
        """Give the bytes of a property, b"" when it is absent."""
        return self.properties.get(number, (0, b""))[1]

    def time(self, *numbers: int) -> datetime | None:
        """Give the first of these properties as a time."""
        for number in numbers:
            value = self.data(number)
            ticks = struct.unpack("<Q", value)[0] if len(value) == 8 else 0
            try:
                found = EPOCH + timedelta(microseconds=ticks // 10)
            except OverflowError:
                continue
            if ticks:
                return found
        return None

    @property
    def filename(self) -> str:
        """The name of an attached file or message."""
        name = safe_filename(self.text(LONG_NAME) or self.text(SHORT_NAME, SHOWN_NAME))
        return name or (self.inner.text(SUBJECT)[:150] if self.inner else "")


def codepage_of(item: Item) -> str:
    """Name the charset of 8-bit strings from the codepage properties, "" when not told."""
    for number in CODEPAGES:
        value = item.data(number)
        if len(value) >= 4:
            return f"cp{struct.unpack_from('<I', value)[0]}"
    return ""


def _header_block(item: Item) -> bytes:
    """Give the header fields of a message: those it came with, or made from its properties."""
    headers, _ = read_header(item.text(HEADERS).encode("utf-8", "replace"))
    if headers.has("from"):
        kept = [field for field in headers.fields if not field[0].startswith(("content-", "mime"))]
        return b"".join(name.encode() + b":" + value + b"\n" for name, value in kept)
    sent = item.time(SENT, DELIVERED)
    lines = [("From", _sender(item)), ("Subject", item.text(SUBJECT))]
    lines.append(("Date", format_datetime(sent) if sent else ""))
    block = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in lines if value)
    return block.encode("utf-8", "replace")


def _sender(item: Item) -> str:
    name = item.text(*NAMES).replace("\\", "").replace('"', "")
    # Exchange's own addresses (/O=...) name nobody outside
    found = (item.text(number) for number in ADDRESSES)
    address = next((text for text in found if "@" in text), "")
    return f'"{name}" <{address}>' if address else name and f'"{name}"'


def body_parts(item: Item, like: Part) -> list[Part]:
    """Give the text of a message, plain and HTML as alternatives; RTF when there is no other."""
    plain, html = item.text(BODY), item.data(HTML)
    charset = {"charset": codepage_of(item) or item.codepage}
    if not html and item.text(HTML):
        html, charset = item.text(HTML).encode("utf-8", "replace"), {"charset": "utf-8"}
    found: list[Part] = []
    if plain.strip():
        found.append(
            _text(like, "text/plain", plain.encode("utf-8", "replace"), {"charset": "utf-8"})
        )
    if html.strip():
        found.append(_text(like, "text/html", html, charset))
    if not found and item.data(RTF):
        content_type, text = read_rtf(from_compressed(item.data(RTF)))
        if text.strip():
            raw = text.encode("utf-8", "replace")
            found.append(_text(like, content_type, raw, {"charset": "utf-8"}))
    return found


def _text(like: Part, content_type: str, raw: bytes, parameters: dict[str, str]) -> Part:
    return replace(
        like,
        raw=raw,
        content_type=content_type,
        parameters=parameters,
        encoding="",
        filename="",
        disposition="",
        content_id="",
    )


def file_part(item: Item, like: Part, depth: int = 0) -> Part:
    """Make the part of an attached file; an attached message becomes message/rfc822."""
    content_id = item.text(CONTENT_ID).strip("<> ")
    return Part(
        headers=Headers(),
        raw=as_rfc822(item.inner, depth + 1) if item.inner else item.data(DATA),
        content_type="message/rfc822" if item.inner else "application/octet-stream",
        disposition="inline" if content_id else "attachment",
        filename=item.filename,
        content_id=content_id,
        container=like.container,
        above=like.above,
    )


def as_rfc822(item: Item, depth: int = 0) -> bytes:
    """Write a message the way it would have been mailed, so that one reader reads them all."""
    blank = Part(headers=Headers(), raw=b"")
    texts = body_parts(item, blank)
    files = item.files if depth < DEPTH_LIMIT else []
    inner = b"%s_%d" % (BOUNDARY, 2 * depth + 1)
    outer = b"%s_%d" % (BOUNDARY, 2 * depth)
    parts = [_multipart(b"alternative", inner, [_entity(part) for part in texts])]
    parts += [_entity(file_part(file, blank, depth)) for file in files]
    return _header_block(item) + b"MIME-Version: 1.0\n" + _multipart(b"mixed", outer, parts)


def _multipart(kind: bytes, boundary: bytes, parts: list[bytes]) -> bytes:
    head = b'Content-Type: multipart/%s; boundary="%s"\n\n' % (kind, boundary)
    body = b"".join(b"--%s\n%s\n" % (boundary, part) for part in parts)
    return head + body + b"--%s--\n" % boundary


def _entity(part: Part) -> bytes:
    """Write a leaf; base64 keeps every boundary out of its content."""
    charset = part.parameters.get("charset", "")
    lines = [
        f"Content-Type: {part.content_type}" + (f'; charset="{charset}"' if charset else ""),
        "Content-Transfer-Encoding: base64",
    ]
    if part.disposition:
        lines.append(
            f"Content-Disposition: {part.disposition}; filename*=utf-8''{quote(part.filename)}"
        )
    if part.content_id:
        lines.append(f"Content-ID: <{part.content_id}>")
    block = "\n".join(lines) + "\n\n"
    return block.encode("utf-8", "replace") + binascii.b2a_base64(part.raw)
