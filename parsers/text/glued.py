"""Cut lines in which a program glued the history to the writer's own words.

"Merci, c'est noté. Le 3 mars 2026 à 09:12, Anne <anne@example.org> a écrit :" is two lines.
"""

from __future__ import annotations

import re

from parsers.mail_words import any_of, phrases
from parsers.text.attribution import LENGTH_LIMIT, WROTE, find_attribution
from parsers.text.block import FORWARDED, ORIGINAL, marker_of

DATED = rf"{any_of(phrases('wrote_start'))}[\s,]\s*(?:[^\W\d_]+[.,]*\s+){{0,3}}\d"
BEGUN = re.compile(rf"[>\s]*{DATED}", re.IGNORECASE)
OPENING = re.compile(rf"(?<=[^\s>]) +(?={DATED})", re.IGNORECASE)
# Yahoo sets the older text behind the attribution, three spaces apart.
SPACED = re.compile(
    rf"@[^\s<>]{{1,190}}> {any_of(phrases('wrote'))}\s?:(?= {{2,}}\S)", re.IGNORECASE
)
WORD = re.compile(r"[^\W\d_]{2,}")
MARKER = re.compile(
    rf"(?<=[^\s>-]) +(?=-{{2,}} ?{any_of(sorted(FORWARDED | ORIGINAL))} ?-{{2,}})", re.IGNORECASE
)


def cut_glued(lines: list[str]) -> tuple[list[str], frozenset[int]]:
    """Give the lines, cut where history begins inside one, and the numbers of the first halves.

    The halves joined are the line: no character is lost. Linear in the length of the text.
    """
    cut: list[str] = []
    glued: set[int] = set()
    for line in lines:
        place = _place(line)
        if place:
            glued.add(len(cut))
            cut.append(line[:place])
        cut.append(line[place:])
    return cut, frozenset(glued)


def _place(line: str) -> int:
    """Find where history begins inside a line; 0 when it does not."""
    if "@" in line and (spaced := SPACED.search(line)):
        return spaced.end()
    if "--" in line:
        marker = MARKER.search(line)
        if marker and marker_of(line[marker.end() :]):
            return marker.end()
    tail = max(0, len(line) - LENGTH_LIMIT)
    if not line.rstrip().endswith(":") or BEGUN.match(line) or not WROTE.search(line, tail):
        return 0
    for opening in reversed(list(OPENING.finditer(line, tail))):
        found = find_attribution([line[opening.end() :]], 0, 0)
        said = line[: opening.end()]
        if found and found.strong and "@" not in said and _is_said(said):
            return opening.end()
    return 0


def _is_said(text: str) -> bool:
    """Tell words of the writer from the first words of an attribution: "út 2. 9. 2025 v 9:14"."""
    return text.rstrip().endswith((".", "!", "?", ",", ";", ")")) or len(WORD.findall(text)) > 2
