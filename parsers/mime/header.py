"""Read header fields from hostile bytes (RFC 5322 section 2.2).

One linear pass with limits; whatever is broken is kept as it stands and named in `defects`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.mime.charset import decode
from parsers.mime.encoded_word import decode_words

BLOCK_LIMIT = 262_144
FIELD_LIMIT = 65_536
STRUCTURED_LIMIT = 8_192
FIELDS_LIMIT = 1_000
RECEIVED_LIMIT = 100

BLANK = re.compile(rb"\n\r*\n")
NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
ENVELOPE = (b"From ", b">From ")
MARK = b"\xef\xbb\xbf"
FOLD = re.compile(rb"[\r\n]+[ \t]*")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]+")
ID = re.compile(r"<[^<>\s]{1,990}>")

ONCE = frozenset(
    {"from", "sender", "reply-to", "to", "cc", "subject", "message-id", "in-reply-to", "date",
     "references", "mime-version", "content-type", "content-transfer-encoding",
     "content-disposition"}
)  # fmt: skip
"""Fields that stand at most once (RFC 5322 section 3.6, RFC 2045 section 4)."""

STRUCTURED = ONCE - {"subject", "references"}
MOST = ((b";", 100), (b"(", 20), (b'"', 40), (b"=?", 200))
"""What one structured field holds at most; recipients may have more quotes and words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Headers:
    """The fields of one header block, names in lower case, in their order.

    `charset` is the charset of the text below, the best hint for raw 8-bit fields.
    """

    fields: tuple[tuple[str, bytes], ...] = ()
    first: dict[str, bytes] = field(default_factory=dict)
    defects: tuple[str, ...] = ()
    charset: str = ""

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
        return as_text(value[:STRUCTURED_LIMIT], self.charset) if value else ""

    def text(self, name: str) -> str:
        """Give the first value as a person reads it: encoded words decoded, one line."""
        value = self.first.get(name)
        return decode_words(as_text(value, self.charset)) if value else ""


def split_mail(data: bytes) -> tuple[Headers, bytes]:
    """Read the header block of a mail or part and give the body."""
    headers, start = read_header(data)
    return headers, data[start:]


def read_header(data: bytes, start: int = 0, end: int | None = None) -> tuple[Headers, int]:
    """Read the fields from `start` on; the number is where the body begins.

    The block ends at the first empty line, or at a line that is no field when nothing but body
    can follow it. A bare CR ends no line: no field may appear out of one.
    """
    whole = len(data) if end is None else end
    stop = min(whole, start + BLOCK_LIMIT)
    position = start + 3 if data.startswith(MARK, start) else start
    block = _Block()
    while position < stop:
        line, after = _line(data, position, stop)
        if not line:
            return block.headers(), after
        if not block.take(line) and _is_body(data, line, after, stop):
            return block.headers(), position
        position = after
    if stop == whole:
        return block.headers(), stop
    block.defects.append("header_too_long")
    blank = BLANK.search(data, stop, whole)
    return block.headers(), blank.end() if blank else whole


class _Block:
    """The fields of a header block as they come in."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.values: list[list[bytes]] = []
        self.sizes: list[int] = []
        self.defects: list[str] = []
        self.lines = 0

    def take(self, line: bytes) -> bool:
        """Take a line; False when it is neither a field nor a part of one."""
        self.lines += 1
        if b"\r" in line or b"\x00" in line:
            self.defects.append("bare_cr" if b"\r" in line else "nul")
        if line[:1] in {b" ", b"\t"} and self.names:
            self._continue(line)
            return True
        found = NAME.match(line)
        if found:
            self._begin(found[1].decode("latin-1").lower(), line[found.end() :])
            return True
        if self.lines == 1 and line.startswith(ENVELOPE):
            return True
        self.defects.append("broken_header")
        return False

    def _begin(self, name: str, value: bytes) -> None:
        if len(self.names) >= FIELDS_LIMIT:
            self.defects.append("too_many_fields")
            return
        self.names.append(name)
        self.values.append([value])
        self.sizes.append(len(value))

    def _continue(self, line: bytes) -> None:
        self.sizes[-1] += 1 + len(line)
        if self.sizes[-1] <= FIELD_LIMIT:
            self.values[-1].append(line)

    def headers(self) -> Headers:
        """Give the fields read."""
        values = [b"\n".join(lines)[:FIELD_LIMIT] for lines in self.values]
        fields = tuple(zip(self.names, values, strict=True))
        if any(size > FIELD_LIMIT for size in self.sizes):
            self.defects.append("field_too_long")
        first = dict(reversed(fields))
        self._count(fields)
        return Headers(fields=fields, first=first, defects=tuple(dict.fromkeys(self.defects)))

    def _count(self, fields: tuple[tuple[str, bytes], ...]) -> None:
        if self.names.count("received") > RECEIVED_LIMIT:
            self.defects.append("too_many_received")
        once = [name for name in self.names if name in ONCE]
        if len(once) != len(set(once)):
            self.defects.append("repeated_field")
        if any(_overloaded(name, value) for name, value in fields if name in STRUCTURED):
            self.defects.append("overloaded_field")


def _overloaded(name: str, value: bytes) -> bool:
    if name in {"to", "cc"}:
        return False
    return len(value) > STRUCTURED_LIMIT or any(value.count(sign) > most for sign, most in MOST)


def _line(data: bytes, position: int, stop: int) -> tuple[bytes, int]:
    """Give a line without its end, and where the next one begins."""
    end = data.find(b"\n", position, stop)
    if end < 0:
        return data[position:stop].rstrip(b"\r"), stop
    return data[position:end].rstrip(b"\r"), end + 1


def _is_body(data: bytes, line: bytes, after: int, stop: int) -> bool:
    """Tell whether a line that is no field begins the body; the last line does when it has words."""
    if after >= stop:
        return b" " in line.strip()
    return not _fields_follow(data, after, stop)


def _fields_follow(data: bytes, position: int, stop: int) -> bool:
    """Tell whether one of the next three lines is a field: then the block goes on."""
    for _ in range(3):
        line, position = _line(data, position, stop)
        if NAME.match(line):
            return True
        if not line:
            return False
    return False


def as_text(value: bytes, charset: str = "") -> str:
    """Unfold a raw value and decode its bytes (raw UTF-8 and 8-bit are met in the wild)."""
    if b"\n" in value or b"\r" in value:
        value = FOLD.sub(b" ", value)
    if not value.isascii() or b"\x1b" in value:
        text = decode(value, charset)
    else:
        text = value.decode("ascii")
    return CONTROL.sub(" ", text).strip()


def ids(value: str) -> tuple[str, ...]:
    """List message ids with their angle brackets, whole tokens only, in order, once each."""
    return tuple(dict.fromkeys(ID.findall(value)))
