"""Cut the text of a mail into segments without losing a character (X-9, X-10)."""

from __future__ import annotations

import re

from parsers.mail import Segment, SegmentKind
from parsers.text.armour import mark_armour
from parsers.text.glued import cut_glued
from parsers.text.hints import Hints
from parsers.text.history import ForwardedMail, mark_history
from parsers.text.signature import mark_signatures

RULER = re.compile(r"^\s*(?:[-_=*~–—]{2,}|—)\s*$")
LINES_LIMIT = 20_000
"""What stands further down is kept, and taken for history."""


def segment(text: str, hints: Hints) -> tuple[tuple[Segment, ...], ForwardedMail | None]:
    """Cut a text: the segments' texts joined are exactly the text. Also tell of a forward."""
    lines, glued = text.split("\n"), frozenset[int]()
    if not hints.numbered:
        lines, glued = cut_glued(lines)
    kinds, forward = mark_history(lines[:LINES_LIMIT], hints)
    mark_armour(lines[:LINES_LIMIT], kinds)
    mark_signatures(lines[:LINES_LIMIT], kinds, answers=hints.answers, writer=hints.writer)
    _sign(lines[:LINES_LIMIT], kinds, hints)
    kinds += [SegmentKind.QUOTE] * (len(lines) - len(kinds))
    _place_rules(lines, kinds)
    _place_blanks(lines, kinds)
    return _join(lines, kinds, glued), forward


def _sign(lines: list[str], kinds: list[SegmentKind], hints: Hints) -> None:
    """Mark the lines that the mail program itself marked as its signature."""
    for number in hints.signatures:
        if number < len(lines) and kinds[number] is SegmentKind.NEW:
            kinds[number] = SegmentKind.SIGNATURE


def _place_rules(lines: list[str], kinds: list[SegmentKind]) -> None:
    """Let a ruled line go with the signature or history right below it."""
    below = SegmentKind.NEW
    for number in range(len(lines) - 1, -1, -1):
        if kinds[number] is SegmentKind.NEW and RULER.match(lines[number]):
            kinds[number] = below
        elif lines[number].strip():
            below = kinds[number]


def _place_blanks(lines: list[str], kinds: list[SegmentKind]) -> None:
    """Let blank lines go with what stands above them."""
    for number in range(1, len(lines)):
        if not lines[number].strip():
            kinds[number] = kinds[number - 1]


def _join(lines: list[str], kinds: list[SegmentKind], glued: frozenset[int]) -> tuple[Segment, ...]:
    """Join neighbouring lines of one kind; a glued line has no line break behind it."""
    pieces = [line if n in glued else f"{line}\n" for n, line in enumerate(lines)]
    pieces[-1] = lines[-1]
    segments: list[Segment] = []
    start = 0
    for number in range(1, len(lines) + 1):
        if number < len(lines) and kinds[number] is kinds[start]:
            continue
        text = "".join(pieces[start:number])
        if text:
            segments.append(Segment(kind=kinds[start], text=text))
        start = number
    return tuple(segments)
