"""Bring a text into the form that phrases are matched against: folded words and clause marks.

This is done a hundred thousand times an hour, so it works on whole texts, not on characters: a text
becomes one byte per character (nearly every mail of our writers fits Windows-1252), one table
folds them all, and a few replacements set the marks apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from parsers.dates import MONTHS
from parsers.folding import compose, fold

# Signs that answer like a word stand for themselves under a code no text uses.
_SIGN_CODES = {"👍": "\x01", "👌": "\x02", "✅": "\x03", "🆗": "\x04", "🙏": "\x05"}
SIGNS = {ord(sign): code for sign, code in _SIGN_CODES.items()}
# A letter that Windows-1252 lacks, in an alphabet none of our phrases is written in.
_FOREIGN = "þ"
_MARKS = {"!": ".", ";": ".", "…": ".", ":": ",", "(": ",", ")": ","} | {
    mark: mark for mark in ",.?€$£%\n"
}
_PAIRS = {"œ": "o", "Œ": "o", "æ": "a", "Æ": "a"}
_DASHES = "-–—"
_ODD = re.compile("[^\t\n\r\x20-\x7e\xa0-\xff€‘’“”–—œŒ…]")
_LINK = re.compile(r"https?://[^\s<>]*")
# A line that goes on in lower case is one sentence with the line before.
_RUNS_ON = re.compile(r"\n(?=[a-zß-öø-ÿœ])")
# The comma of an amount ends no clause. Patterns that begin with one character are found fast.
_COMMA_IN_NUMBER = re.compile(rb",(?=\d)(?<=\d,)")
_DOT_IN_NUMBER = re.compile(rb"\.(?=\d)(?<=\d\.)")
# A full stop that ends no sentence: of an ordinal ("3. März"), of a short form before a number
# ("Nr. 4711"), of a short form anywhere ("inkl."), of an initial ("M. Petit", "z.B.") unless it
# mostly stands at the end ("a.u.b.").
_MONTHS = "|".join(sorted({"maerz", *map(fold, MONTHS)}))
_NUMBERED = (
    "nr", "art", "num", "pos", "abs", "ref", "lfd", "seite", "page", "blz", "tel", "fig", "ligne",
)  # fmt: skip
_SHORT = (
    "bzw", "inkl", "exkl", "incl", "excl", "ca", "evtl", "ggf", "bijv", "max", "min", "dr", "mr",
    "mrs", "ms", "mme", "mlle", "hr", "fr", "dhr", "mevr", "tel", "resp", "gem", "lt", "vgl", "env",
    "st", "sog", "zzgl", "abzgl", "einschl",
)  # fmt: skip


def _after(words: Sequence[str]) -> str:
    """Write that one of these words stands before a full stop."""
    return "|".join(rf"(?<=\b{word}\.)" for word in words)


_STOP_INSIDE = re.compile(
    (
        rf"\.(?:(?= ?(?:{_MONTHS})\b)(?<=\d\.)"
        rf"|(?= ?\d)(?:(?<= no\.)|{_after(_NUMBERED)})"
        rf"|(?= )(?:{_after(_SHORT)})"
        r"|(?= ?[a-z0-9])(?<=\b[a-z]\.)(?<!u\.b\.)(?<!v\.p\.)(?<!f\.g\.))"
    ).encode()
)
_TOKEN = re.compile("[a-z0-9_þ]+|[^a-z0-9_þ ]")


def _folded(code: int) -> bytes:
    """Give the byte that a byte of Windows-1252 becomes: a letter, a digit, a mark or a space."""
    letter = bytes([code]).decode("cp1252", "replace")
    if letter in _MARKS:
        return _MARKS[letter].encode("cp1252")
    if letter in _DASHES:
        return b"-"
    folded = _PAIRS.get(letter) or fold(letter)
    if folded.isalnum():
        return folded.encode() if folded.isascii() else _FOREIGN.encode("cp1252")
    return b" "


_PLAIN = b"".join(map(_folded, range(256)))
_SIGNED = _PLAIN[:1] + b"\x01\x02\x03\x04\x05" + _PLAIN[6:]


@dataclass(frozen=True, kw_only=True, slots=True)
class Canonical:
    """A text as folded words and clause marks (`,` `.` `?`), with the way back to the text.

    `text` has one space around each word; `source` is the text in Unicode form NFC; `flat` has
    one character for each of `source`.
    """

    text: str
    words: tuple[str, ...]
    source: str
    flat: str

    def original(self, start: int, end: int) -> str:
        """Return the writer's own characters for a stretch of the canonical text."""
        first = max(0, self.text.count(" ", 0, start) - 1)
        count = self.text.count(" ", start, end + 1)
        tokens = islice(_TOKEN.finditer(self.flat), first, first + count)
        spans = [match.span() for match in tokens]
        return self.source[spans[0][0] : spans[-1][1]] if spans else ""

    def spelt(self, spelling: Mapping[str, str]) -> Canonical:
        """Return the same text with each word as it was meant."""
        words = tuple(map(spelling.__getitem__, self.words))
        return self if words == self.words else replace(self, text=_joined(words), words=words)


def _joined(words: Sequence[str]) -> str:
    return f" {' '.join(words)} . " if words else " . "


def canonical(text: str) -> Canonical:
    """Cut a text into folded words and marks, in one pass over it for each kind of mark."""
    source = compose(text)
    flat = _flat(source)
    spaced = flat
    for mark in b",.?":
        spaced = spaced.replace(bytes([mark]), b" %c " % mark)
    for mark in b"\x80$\xa3%\x01\x02\x03\x04\x05":
        if mark in spaced:
            spaced = spaced.replace(bytes([mark]), b" %c " % mark)
    words = spaced.decode("cp1252").split()
    return Canonical(
        text=_joined(words), words=tuple(words), source=source, flat=flat.decode("cp1252")
    )


def _flat(source: str) -> bytes:
    """Fold a text byte for character; every mark of a sentence is a full stop."""
    running = _RUNS_ON.sub(" ", source)
    if "://" in running:
        running = _LINK.sub(lambda m: " " * len(m.group()), running)
    try:
        data = running.encode("cp1252").translate(_PLAIN)
    except UnicodeEncodeError:
        data = _ODD.sub(_stand_in, running).encode("cp1252").translate(_SIGNED)
    data = _DOT_IN_NUMBER.sub(b"_", _COMMA_IN_NUMBER.sub(b"_", data))
    if b"." in data:
        data = _STOP_INSIDE.sub(b" ", data)
    if b"-" in data:
        data = data.replace(b" - ", b" , ").replace(b"\n- ", b"\n, ").replace(b"-", b" ")
    return data.replace(b"\n", b".").replace(b".?", b" ?")


def _stand_in(match: re.Match[str]) -> str:
    """Give the character of Windows-1252 that stands for one it lacks."""
    character = match.group()
    if character in _SIGN_CODES:
        return _SIGN_CODES[character]
    folded = fold(character)
    if folded.isalnum():
        return folded if folded.isascii() else _FOREIGN
    return "-" if character in "‐‑‒―" else " "
