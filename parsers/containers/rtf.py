"""Read the text of Outlook's rich text: unpack it (MS-OXRTFCP), find the HTML or the text in it
(MS-OXRTFEX). Linear, with a limit on what comes out; nothing raises.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from parsers.mime.codec import codec_of

TEXT_LIMIT = 4_000_000
DEPTH_LIMIT = 200

COMPRESSED, PLAIN = 0x75465A4C, 0x414C454D
WINDOW = 4_096
DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""What every writer begins with (MS-OXRTFCP section 2.1.2.1)."""

TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
HIDDEN = frozenset(
    {b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"listtable",
     b"listoverridetable", b"rsidtbl", b"generator", b"themedata", b"colorschememapping",
     b"datastore", b"latentstyles", b"xmlnstbl", b"fldinst", b"header", b"footer", b"mhtmltag"}
)  # fmt: skip
SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t",
    b"cell": "\t", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"endash": "–", b"emdash": "—",
}  # fmt: skip
ESCAPED = {b"~": "\xa0", b"_": "-", b"\n": "\n", b"\r": "\n"}


def from_compressed(data: bytes) -> bytes:
    """Undo MS-OXRTFCP; broken or cut input gives what can be read."""
    if len(data) < 16:
        return b""
    size, kind = struct.unpack_from("<4xII", data)
    if kind == PLAIN:
        return data[16 : 16 + size]
    return _inflate(data, min(size, TEXT_LIMIT)) if kind == COMPRESSED else b""


def _inflate(data: bytes, size: int) -> bytes:
    """Copy letters and references into the window of 4096 bytes (section 2.2.2)."""
    out = bytearray(DICTIONARY)
    base, position = len(out), 16
    while position < len(data) and len(out) - base < size:
        flags = data[position]
        position += 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[position : position + 1]
                position += 1
                continue
            if position + 2 > len(data):
                break
            token = data[position] << 8 | data[position + 1]
            position += 2
            back = (len(out) - (token >> 4)) % WINDOW
            if not back or not _repeat(out, back, (token & 15) + 2):
                return bytes(out[base : base + size])
    return bytes(out[base : base + size])


def _repeat(out: bytearray, back: int, count: int) -> bool:
    """Copy `count` bytes from `back` bytes ago; the copy may overlap what it writes."""
    if back > len(out):
        return False
    for _ in range(count):
        out.append(out[-back])
    return True


@dataclass(slots=True)
class _Group:
    """What holds inside a pair of braces."""

    hidden: bool = False
    markup: bool = False
    muted: bool = False
    skip: int = 1
    starred: bool = False


@dataclass(slots=True)
class _Reader:
    pieces: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    group: _Group = field(default_factory=_Group)
    above: list[_Group] = field(default_factory=list)
    deeper: int = 0
    codec: str = "cp1252"
    html: bool = False
    to_skip: int = 0

    def read(self, data: bytes) -> None:
        for found in TOKEN.finditer(data):
            letter, word, number, sign, brace, text = found.groups()
            if brace:
                self._brace(brace)
            elif word:
                self._word(word, int(number) if number else None)
            elif letter:
                self._bytes(bytes.fromhex(letter.decode("ascii")))
            elif sign:
                self._sign(sign)
            elif text:
                self._bytes(text)
        self._flush()

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self.to_skip = 0
        if brace == b"{" and len(self.above) >= DEPTH_LIMIT:
            self.deeper += 1
        elif brace == b"{":
            self.above.append(self.group)
            old = self.group
            self.group = _Group(old.hidden, old.markup, old.muted, old.skip)
        elif self.deeper:
            self.deeper -= 1
        elif self.above:
            self.group = self.above.pop()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.group.starred = True
        elif sign in b"\\{}":
            self._bytes(sign)
        elif sign in ESCAPED:
            self._text(ESCAPED[sign])

    def _word(self, word: bytes, number: int | None) -> None:
        starred, self.group.starred = self.group.starred, False
        if word == b"htmltag":
            self.group.hidden, self.group.markup = False, True
        elif word == b"htmlrtf":
            self.group.muted = number != 0
        elif word in HIDDEN or starred:
            self._flush()
            self.group.hidden = True
        elif word == b"u" and number is not None:
            self._text(chr(number % 65_536))
            self.to_skip = self.group.skip
        elif word == b"uc":
            self.group.skip = min(max(number or 0, 0), 10)
        elif word == b"ansicpg" and number:
            self.codec = codec_of(f"cp{number}") or self.codec
        elif word == b"fromhtml":
            self.html = number != 0
        elif word in SIGNS and not self.group.markup:
            self._text(SIGNS[word])
        elif word in SIGNS and word == b"par":
            self._text("\n")

    def _bytes(self, text: bytes) -> None:
        dropped = min(self.to_skip, len(text))
        self.to_skip -= dropped
        if self._shown():
            self.pending += text[dropped:]

    def _text(self, text: str) -> None:
        self._flush()
        self.to_skip = 0
        if self._shown():
            self.pieces.append(text)

    def _shown(self) -> bool:
        return not (self.group.hidden or self.group.muted or self.deeper)

    def _flush(self) -> None:
        if self.pending:
            self.pieces.append(bytes(self.pending).decode(self.codec, "replace"))
            self.pending.clear()


def read_rtf(data: bytes) -> tuple[str, str]:
    """Give content type and text: `text/html` when the rich text was made from HTML."""
    reader = _Reader()
    reader.read(data[:TEXT_LIMIT])
    text = "".join(reader.pieces)
    # halves of a pair of surrogates come one by one
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return ("text/html" if reader.html else "text/plain"), text
