"""Render HTML as text, keeping what segmentation needs to know.

A line of the rendering is plain, or stands in a quotation (prefixed "> "), or is known by the
marks that mail programs leave: an attribution, a signature, a line of an older mail.
"""

from __future__ import annotations

from dataclasses import dataclass

from parsers.html.page import ATTRIBUTION, OLDER, SIGNATURE, Line
from parsers.html.reader import read_lines

SIZE_LIMIT = 2_000_000
QUOTE_LIMIT = 8
SIGNATURE_LINES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendering:
    """The text, and the numbers of its lines of which something is known.

    `attributions` introduce a quotation. `signatures` stand in an element by which a mail program
    marks its signature. `older` stand in an element that holds an older mail and have no quote
    marks. `history` is the line from which all the rest is older, -1 when there is none.
    """

    text: str
    attributions: frozenset[int] = frozenset()
    signatures: frozenset[int] = frozenset()
    older: frozenset[int] = frozenset()
    history: int = -1


def render(html: str) -> Rendering:
    """Render HTML as text. Never raises, linear; what stands beyond SIZE_LIMIT is cut."""
    return _rendering(read_lines(html[:SIZE_LIMIT]))


def _rendering(lines: list[Line]) -> Rendering:
    """Drop doubled blank lines, add quote marks and number the lines of which we know."""
    kept = _without_double_blanks(lines)
    prefixes = ["> " * depth for depth in range(QUOTE_LIMIT + 1)]
    texts = [(prefixes[min(line.depth, QUOTE_LIMIT)] + line.text).rstrip() for line in kept]
    _mark_introductions(kept)
    older = _older(kept)
    return Rendering(
        text="\n".join(texts),
        attributions=_numbers(kept, ATTRIBUTION),
        signatures=_signatures(kept),
        older=older,
        history=_history(kept, older),
    )


def _without_double_blanks(lines: list[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        if line.text or (kept and kept[-1].text):
            kept.append(line)
    while kept and not kept[-1].text:
        kept.pop()
    for above, line, below in zip(kept, kept[1:], kept[2:], strict=False):
        if not line.text:
            line.depth = min(above.depth, below.depth)
    return kept


def _mark_introductions(lines: list[Line]) -> None:
    """Mark the sentence that stands first among the lines of an older mail: "X wrote:"."""
    inside = False
    for line in lines:
        if line.text:
            if line.marks & OLDER and not inside and _introduces(line.text):
                line.marks = ATTRIBUTION
            inside = bool(line.marks & (OLDER | ATTRIBUTION)) or line.depth > 0


def _introduces(text: str) -> bool:
    return text.endswith((":", "：")) and any(letter.isdigit() or letter == "@" for letter in text)


def _numbers(lines: list[Line], mark: int) -> frozenset[int]:
    return frozenset(n for n, line in enumerate(lines) if line.marks & mark and line.text)


def _older(lines: list[Line]) -> frozenset[int]:
    """Give the numbers of the lines of older mails and the blank lines between them."""
    found: set[int] = set()
    last = -1
    for number, line in enumerate(lines):
        if line.text and line.marks & OLDER and not line.depth:
            if last >= 0:
                found.update(range(last + 1, number))
            found.add(number)
            last = number
        elif line.text and not line.depth:
            last = -1
    return frozenset(found)


def _history(lines: list[Line], older: frozenset[int]) -> int:
    """Find where the older lines begin that go on to the end."""
    start = -1
    for number in range(len(lines) - 1, -1, -1):
        if number in older:
            start = number
        elif lines[number].text and not (lines[number].depth and start < 0):
            break
    return start


def _signatures(lines: list[Line]) -> frozenset[int]:
    """Give the numbers of signature lines; people type there too, so it is never all there is."""
    found = _numbers(lines, SIGNATURE)
    written = any(
        line.text and not line.depth and not line.marks & (SIGNATURE | OLDER | ATTRIBUTION)
        for line in lines
    )
    return found if written and len(found) <= SIGNATURE_LINES else frozenset()
