"""Read header fields from hostile bytes (RFC 5322 section 2.2, RFC 2047, RFC 2231).

Everything is linear and limited; whatever is broken is shown as it stands.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from parsers.charset import codec_of, decode

BLOCK_LIMIT = 262_144
FIELD_LIMIT = 65_536
STRUCTURED_LIMIT = 8_192
FIELDS_LIMIT = 1_000
PARAMETERS_LIMIT = 100

BLANK = re.compile(rb"\r?\n\r?\n|\r\r")
NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
FOLD = re.compile(rb"[\r\n]+[ \t]*")
WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?(.{0,2000}?)\?=", re.DOTALL)
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
ID = re.compile(r"<[^<>\s]{1,990}>")
PARAMETER = re.compile(r';\s*([^\s=;"]{1,200})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
SEGMENT = re.compile(r"^([^*]+)(?:\*(\d{1,3}))?(\*)?$")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Headers:
    """The fields of one header block, names in lower case, in their order."""

    fields: tuple[tuple[str, bytes], ...] = ()
    first: dict[str, bytes] = field(default_factory=dict)
    defects: tuple[str, ...] = ()

    def all(self, name: str) -> list[bytes]:
        """List every raw value of a field, topmost first."""
        if name not in self.first:
            return []
        return [value for key, value in self.fields if key == name]

    def has(self, name: str) -> bool:
        """Tell whether the field is there, even empty."""
        return name in self.first

    def plain(self, name: str) -> str:
        """Give the first value as text, unfolded, encoded words left alone; "" when absent."""
        value = self.first.get(name)
        return as_text(value[:STRUCTURED_LIMIT]) if value else ""

    def text(self, name: str) -> str:
        """Give the first value as a person reads it: encoded words decoded, one line."""
        value = self.first.get(name)
        return decode_words(as_text(value)) if value else ""


def split_block(data: bytes) -> tuple[bytes, bytes]:
    """Split a mail or part into header block and body; the blank line belongs to neither."""
    for blank in (b"\n", b"\r\n"):
        if data.startswith(blank):
            return b"", data[len(blank) :]
    found = BLANK.search(data, 0, BLOCK_LIMIT)
    if found:
        return data[: found.start()], data[found.end() :]
    return (data[:BLOCK_LIMIT], b"") if NAME.match(data) else (b"", data)


def split_mail(data: bytes) -> tuple[Headers, bytes]:
    """Read the header block of a mail or part and give the body.

    A line that is no field ends the block when nothing but body can follow it.
    """
    block, body = split_block(data)
    headers, rest = read_fields(block)
    if rest:
        body = rest + data[len(block) :]
    return headers, body


def read_fields(block: bytes) -> tuple[Headers, bytes]:
    """Read the fields of a block; the second value is what looked like a body inside it."""
    fields: list[tuple[str, bytes]] = []
    defects: list[str] = []
    lines = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for number, line in enumerate(lines):
        if line[:1] in {b" ", b"\t"} and fields:
            name, value = fields[-1]
            if len(value) < FIELD_LIMIT:
                fields[-1] = (name, value + b"\n" + line)
            continue
        found = NAME.match(line)
        if found and len(fields) < FIELDS_LIMIT:
            fields.append((found[1].decode("latin-1").lower(), line[found.end() :]))
        elif found:
            defects.append("too_many_fields")
            break
        elif line and not (number == 0 and line.startswith((b"From ", b">From "))):
            defects.append("broken_header")
            if not _fields_follow(lines, number):
                return _headers(fields, defects), b"\n".join(lines[number:])
    return _headers(fields, defects), b""


def _fields_follow(lines: list[bytes], number: int) -> bool:
    return any(NAME.match(line) for line in lines[number + 1 : number + 4])


def _headers(fields: list[tuple[str, bytes]], defects: list[str]) -> Headers:
    trimmed = tuple((name, value[:FIELD_LIMIT]) for name, value in fields)
    first: dict[str, bytes] = {}
    for name, value in trimmed:
        first.setdefault(name, value)
    return Headers(fields=trimmed, first=first, defects=tuple(dict.fromkeys(defects)))


def as_text(value: bytes) -> str:
    """Unfold a raw value and decode its bytes (raw UTF-8 and 8-bit are met in the wild)."""
    if b"\n" in value or b"\r" in value:
        value = FOLD.sub(b" ", value)
    text = value.decode("ascii") if value.isascii() else decode(value)
    return CONTROL.sub("", text).strip()


def decode_words(text: str) -> str:
    """Decode RFC 2047 encoded words, also broken ones; neighbours of one charset are joined.

    Joining first keeps characters whole that a bad encoder cut in two.
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    pending, charset, end = b"", "", 0
    for found in WORD.finditer(text[:FIELD_LIMIT]):
        between = text[end : found.start()]
        if between.strip() or not end or found[1].lower() != charset:
            pieces.append(_flush(pending, charset))
            if between.strip() or not end:
                pieces.append(between)
            pending, charset = b"", found[1].lower()
        pending += _word_bytes(found[2], found[3])
        end = found.end()
    pieces.extend((_flush(pending, charset), text[end:]))
    return CONTROL.sub(" ", "".join(pieces)).strip()


def _flush(data: bytes, charset: str) -> str:
    return decode(data, charset) if data else ""


def _word_bytes(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)
    return from_base64(text.encode("ascii", "ignore"))


def from_base64(data: bytes) -> bytes:
    """Decode base64, forgiving missing padding and foreign characters; never raises."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def ids(value: str) -> tuple[str, ...]:
    """List message ids with their angle brackets, whole tokens only, in order, once each."""
    return tuple(dict.fromkeys(ID.findall(value)))


@lru_cache(maxsize=512)
def read_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split a Content-Type or Content-Disposition value: (word in lower case, parameters).

    RFC 2231 continuations and charsets are resolved, encoded words inside values too. The
    dictionary is shared: do not change it.
    """
    value = value[:STRUCTURED_LIMIT]
    word, _, _ = value.partition(";")
    found: dict[str, str] = {}
    segments: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(PARAMETER.finditer(value)):
        if count >= PARAMETERS_LIMIT:
            break
        _keep(match[1].lower(), _unquote(match[2].strip()), found, segments)
    for name, parts in segments.items():
        found[name] = _join_segments(parts)
    return word.strip().lower(), found


def _keep(
    name: str,
    value: str,
    found: dict[str, str],
    segments: dict[str, dict[int, tuple[str, bool]]],
) -> None:
    match = SEGMENT.match(name) if "*" in name else None
    if not match:
        found.setdefault(name, decode_words(value))
        return
    parts = segments.setdefault(match[1], {})
    parts.setdefault(int(match[2] or 0), (value, match[3] is not None))


def _unquote(value: str) -> str:
    if value.startswith('"'):
        value = value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:]
        return ESCAPED.sub(r"\1", value) if "\\" in value else value
    return value


def _join_segments(parts: dict[int, tuple[str, bool]]) -> str:
    data, charset = b"", ""
    for number in sorted(parts):
        value, encoded = parts[number]
        if encoded and number == min(parts) and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        raw = value.encode("utf-8", "replace")
        data += unquote_to_bytes(raw) if encoded else raw
    codec = codec_of(charset)
    return CONTROL.sub("", decode(data, codec))
