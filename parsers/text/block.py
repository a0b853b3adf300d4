"""Recognise the header block that mail programs write above an older mail.

    De : Jean Dupont <jean@example.org>
    Envoyé : lundi 23 novembre 2026 09:12
    À : ...

A block counts when it names a mailbox, or a moment as mail programs write it, so that a customer's
own lines "De : Paris", "Date : 3 mars" are never taken for history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from parsers.folding import plain
from parsers.mail_words import LABELS, any_of, phrases

LABEL = re.compile(
    r"^[>\s|]*[*_]{0,2}([^\W\d_][^:：\n*]{0,28}?)[*_]{0,2}[ \t\u00a0\u202f]*[:：][*_]{0,2}[ \t\u00a0]*(.*)$"
)
PREFIX = re.compile(r"^[ \t]*(?:>[ \t]?)+")
RULE = re.compile(r"^[>\s]*(?:[-_=*–—#~]{4,}|[-_=–—]{2,}\s.*\s[-_=–—]{2,})\s*$")
FORWARDED = frozenset(map(plain, phrases("forwarded")))
ORIGINAL = frozenset(map(plain, phrases("original")))
MARKER_LENGTH = 100
DASHED = re.compile(r"^[>\s]*[-–—_=*#]{2,}([^-–—_=*#]{4,60})[-–—_=*#]{2,}\s*(\S.*)?$")
INLINE = re.compile(
    rf"(?<![^\W\d_])({any_of(sorted(LABELS, key=len, reverse=True))})[ \u00a0\u202f]?[:：]",
    re.IGNORECASE,
)
# Yahoo glues the next label to the zone of the date: "... 09:26:50 CETTemat: ...".
GLUED = re.compile(
    rf"(?<=[A-Z0-9>;\u00c0-\u017f])({any_of(sorted((w.capitalize() for w in LABELS if len(w) > 1), key=len, reverse=True))})"
    r"[ \u00a0\u202f]?[:：]"
)
CLOCK = re.compile(r"\d{1,2}[:h]\d{2}|\d{1,2}\.\d{2}(?![\d.])")
BLOCK_LINES = 30
WRAPPED = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Header lines of an older mail: line numbers [start, end) and values by field name."""

    start: int
    end: int
    fields: dict[str, str]
    labels: int

    @property
    def certain(self) -> bool:
        """Tell whether this is a header block even without a marker line above it."""
        writer, sent = self.fields.get("from", ""), self.fields.get("sent", "")
        timed = CLOCK.search(sent) is not None
        if "@" in writer:
            return timed or (self.labels >= 3 and ("subject" in self.fields or bool(sent)))
        return bool(writer) and self.labels >= 3 and timed

    @property
    def plausible(self) -> bool:
        """Tell whether this is a header block below a marker line."""
        return "from" in self.fields and self.labels >= 2


def bare(line: str) -> str:
    """Take the quote marks off a line."""
    return PREFIX.sub("", line)


def marker_of(line: str) -> str:
    """Tell what a separator line announces: "forwarded", "original" or "" (none)."""
    text = bare(line).strip()
    glued = DASHED.match(text[:200]) if text[:1] in "-–—_=*#" else None
    if glued:
        text = glued[1]
    if not text or len(text) > MARKER_LENGTH:
        return ""
    core = plain(text.strip(" -–—_=*#:：\u00a0"))
    if core in FORWARDED:
        return "forwarded"
    return "original" if core in ORIGINAL else ""


@lru_cache(maxsize=2_048)
def label_of(line: str) -> tuple[str, str]:
    """Give (field, value) of a header block line, ("", "") when it is none."""
    if ":" not in line and "：" not in line:
        return "", ""
    found = LABEL.match(line)
    field = LABELS.get(plain(found[1]), "") if found else ""
    return (field, found[2].strip()) if found and field else ("", "")


def read_block(lines: list[str], start: int) -> Block | None:
    """Read the header block that begins at this line; None when no label stands there."""
    field, value = label_of(lines[start])
    if not field:
        return None
    fields = {field: value}
    labels, end, last, position = 1, start + 1, field, start + 1
    while position < min(len(lines), start + BLOCK_LINES):
        text = bare(lines[position]).strip()
        field, value = label_of(lines[position])
        if field and not (field in fields and field in {"from", "subject"}):
            fields.setdefault(field, value)
            labels += 1
            last, end = field, position + 1
        elif not text:
            if end < position and not _label_follows(lines, position):
                break
            if labels >= 3 and "from" in fields and not _label_follows(lines, position):
                break
        elif end == position and LABEL.match(lines[position]) and _label_near(lines, position):
            end = position + 1  # a label of a language we do not know
        elif _continues(lines, position, end, last):
            fields[last] = f"{fields[last]} {text}".strip()
            end = position + 1
        else:
            break
        position += 1
    return Block(start=start, end=end, fields=fields, labels=labels)


def _label_follows(lines: list[str], position: int) -> bool:
    """Tell whether the next line with words is a header line."""
    for line in lines[position + 1 : position + 3]:
        if bare(line).strip():
            return bool(label_of(line)[0])
    return False


def _label_near(lines: list[str], position: int) -> bool:
    """Tell whether a header line follows behind a few lines of labels that we do not know."""
    for line in lines[position + 1 : position + 5]:
        if label_of(line)[0]:
            return True
        if not LABEL.match(line):
            return False
    return False


def _continues(lines: list[str], position: int, end: int, last: str) -> bool:
    """Tell whether a line without label is the wrapped rest of the field above."""
    text = lines[position]
    if end != position:
        return False
    if text.startswith((" ", "\t")) and last in {"to", "cc", "subject"}:
        return True
    if last in {"from", "to", "cc", "reply_to"} and "@" in text and len(text) < 200:
        return text.rstrip().endswith((",", ";", ">", ")")) or _label_follows(lines, position)
    below = lines[position + 1] if position + 1 < len(lines) else ""
    wrapped = len(lines[position - 1]) >= WRAPPED or label_of(below)[0]
    return (
        bool(wrapped or last != "subject") and len(text) < 200 and _label_follows(lines, position)
    )


def block_below(lines: list[str], marker: int) -> Block | None:
    """Find the header block within four lines below a marker line, or on one line with it."""
    for number in range(marker, min(len(lines), marker + 3)):
        inline = read_inline(lines[number]) if lines[number].count(":") >= 3 else None
        if inline:
            return replace(inline, start=number, end=number + 1)
    for number in range(marker + 1, min(len(lines), marker + 5)):
        if label_of(lines[number])[0]:
            block = read_block(lines, number)
            return block if block and block.plausible else None
        if bare(lines[number]).strip() and not RULE.match(lines[number]):
            return None
    return None


def read_inline(line: str) -> Block | None:
    """Read a header block written on one line, as Samsung and Yahoo do; the line number is 0."""
    text = line[:2_000]
    found = {cut.start(1): cut for cut in (*INLINE.finditer(text), *GLUED.finditer(text))}
    cuts = [found[place] for place in sorted(found)]
    fields: dict[str, str] = {}
    for number, cut in enumerate(cuts):
        end = cuts[number + 1].start() if number + 1 < len(cuts) else len(line)
        fields.setdefault(LABELS[plain(cut[1])], line[cut.end() : end].strip())
    block = Block(start=0, end=1, fields=fields, labels=len(cuts))
    return block if block.certain else None
