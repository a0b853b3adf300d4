"""Undo transfer encodings (RFC 2045 section 6) and uuencode; nothing here raises."""

from __future__ import annotations

import binascii
import re
from itertools import takewhile

# Blanks around the name are taken off later: a pattern for them would try every place to part them.
UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,300}+)\r?\n", re.MULTILINE)
FOREIGN = re.compile(rb"[^A-Za-z0-9+/=]")
PADDED_LINES = re.compile(rb"[A-Za-z0-9+/=\s]*")
PADDED = re.compile(rb"[A-Za-z0-9+/]+=*")
SOFT = re.compile(rb"=[ \t]+(?=\r?\n)")
"""A soft line break with blanks that a relay put behind it (RFC 2045 section 6.7, rule 3)."""

FOOTER = re.compile(
    rb"\n[ \t\r]*\n(?=[ \t]*[-_*=]{3}|[^\n]*[^A-Za-z0-9+/=_\s-]|[ \t]*[^\s]+[ \t]+[^\s])"
)
"""An empty line and then words: what a mailing list puts below."""

UU_END = frozenset({b"end", b"`"})
UU_LINE = 62
"""Characters of the longest uuencoded line, its length included."""


def undo_encoding(raw: bytes, encoding: str) -> bytes:
    """Undo a Content-Transfer-Encoding (RFC 2045 section 6); unknown ones leave the bytes."""
    if encoding == "base64":
        return raw if _is_prose(raw[:2_000]) else from_base64(raw)
    if encoding in {"quoted-printable", "quopri"}:
        return binascii.a2b_qp(SOFT.sub(b"=", raw))
    if encoding in {"x-uuencode", "uuencode", "x-uue", "uue"}:
        return from_uu(raw)
    return raw


def _is_prose(start: bytes) -> bool:
    """Tell words that somebody labelled base64 and never encoded: base64 has no short words."""
    words = start.lstrip().partition(b"\n")[0].split()
    return len(words) > 2 and sum(map(len, words)) < 16 * len(words)


def from_base64(data: bytes) -> bytes:
    """Decode base64, forgiving missing padding and foreign characters; never raises.

    Padding in the middle ends a piece: some programs encode line by line. What follows the
    padding and is no base64 (the footer of a mailing list) is left out.
    """
    footer = FOOTER.search(data)
    data = data[: footer.start()] if footer else data
    padding = data.find(b"=")
    rest = data[padding:].lstrip(b"= \t\r\n") if padding >= 0 else b""
    if rest and (len(b"".join(rest.split())) % 4 or not PADDED_LINES.fullmatch(rest)):
        rest = b""
        data = data[:padding]
    if not rest:
        try:
            return binascii.a2b_base64(data)
        except binascii.Error:
            pass
    return b"".join(_piece(piece) for piece in PADDED.findall(FOREIGN.sub(b"", data)))


def _piece(letters: bytes) -> bytes:
    letters = letters.rstrip(b"=")
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def from_uu(raw: bytes) -> bytes:
    """Decode what stands between `begin` and `end`; without a `begin` the bytes stay."""
    begin = UU_BEGIN.search(raw)
    if not begin:
        return raw
    lines = raw[begin.end() :].splitlines()
    return b"".join(map(uu_line, takewhile(lambda line: line.strip() not in UU_END, lines)))


def uu_line(line: bytes) -> bytes:
    """Decode one uuencoded line; b"" when it is none."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    try:  # some programs pad the last group with letters of their own
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
    except (binascii.Error, IndexError):
        return b""


def is_uu_line(line: bytes) -> bool:
    """Tell whether a line can be uuencoded: its first character says how long it is."""
    line = line.rstrip(b"\r\n")
    if not line or len(line) > UU_LINE or min(line) < 32 or max(line) > 96 or line[0] == 32:
        return False
    groups = (((line[0] - 32) & 63) + 2) // 3
    return groups > 0 and len(line.rstrip()) <= 1 + groups * 4 + 1
