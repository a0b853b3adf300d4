"""Cut a text into lines, without quote marks and bullets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.folding import compose

_QUOTE = re.compile(r"(?:[>|] ?)+")
_BULLET = re.compile(r"(?:[-–*•·▪►➢✓☐☑+]|\d{1,2}[.)°]|\(?[a-z]\))[ \t\u00a0]+(?=\S)")
LONGEST_LINE = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line without quote marks and bullet; `number` counts from 1 in the text as given."""

    number: int
    text: str
    indented: bool = False


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines of a text, quote marks, bullets and numbering taken off."""
    return tuple(_line(number, raw) for number, raw in enumerate(compose(text).split("\n"), 1))


def _line(number: int, raw: str) -> Line:
    if (
        raw[:1].isalpha() and raw[1:2] not in ")." and raw[-1] not in " \r\u00a0\u202f"
    ):  # most lines
        return Line(number=number, text=raw[:LONGEST_LINE])
    quote = _QUOTE.match(raw)
    bare = raw[quote.end() :] if quote else raw
    body = bare.strip(" \r\u00a0\u202f")
    bullet = _BULLET.match(body)
    indented = bare[:1] in (" ", "\t", "\u00a0") and bool(body)
    text = body[bullet.end() :] if bullet else body
    return Line(number=number, text=text[:LONGEST_LINE], indented=indented and not bullet)
