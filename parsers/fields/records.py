"""Read lists in which each line names a device: "1) LECT-400, SN 123456, ne s'allume plus"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.fields.label_names import REFERENCES
from parsers.fields.lines import Line, lines_of
from parsers.fields.part_numbers import part_spans
from parsers.fields.serials import serial_spans
from parsers.fields.spotting import any_folded
from parsers.folding import compose, key_of
from parsers.word_lists import phrases_in, read_words

# The keys of what stands in a sentence and under no label.
SERIAL = "serial"
REFERENCE = "reference"
DESCRIPTION = "description"

_WORDS = read_words("device")
_HEAD = re.compile(
    rf"(?:(?:{any_folded(phrases_in(_WORDS, 'device'))}) ?(?:n[°o]? ?)?\d{{1,3}} ?[:.)=-]*|\d{{1,3}} ?x\b) *",
    re.IGNORECASE,
)
_AROUND = " \t\u00a0,;:/|-–—().=→>*_"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A line that names a device, counted from 1, and what it says of it."""

    number: int
    fields: tuple[tuple[str, str], ...]


def records(text: str) -> tuple[Record, ...]:
    """Return the lines of a list of devices, two at least: each names one serial number after its
    word and one part number, no serial number comes twice. () for any other text."""
    if len(serial_spans(compose(text))) < 2:
        return ()
    found = tuple(filter(None, map(_record, lines_of(text))))
    numbers = {dict(record.fields)[SERIAL] for record in found}
    return found if len(found) > 1 and len(numbers) == len(found) else ()


def _record(line: Line) -> Record | None:
    """Read one line, None when it does not name exactly one device."""
    text = compose(line.text)
    if not any(character.isdigit() for character in text):
        return None
    head = _HEAD.match(text)
    start = head.end() if head else 0
    taken = serial_spans(text)
    parts = [p for p in part_spans(text[start:]) if not _overlaps(p, taken, start)]
    if len(taken) != 1 or len({text[start:][a:b] for a, b in parts}) != 1:
        return None
    (said, value), part = taken[0], parts[0]
    spans = sorted([(said[0], said[1]), (part[0] + start, part[1] + start)])
    rest = [text[start : spans[0][0]], text[spans[0][1] : spans[1][0]], text[spans[1][1] :]]
    words = ", ".join(filter(None, (_words(one) for one in rest)))
    fields = [(REFERENCE, text[start:][part[0] : part[1]]), (SERIAL, value), (DESCRIPTION, words)]
    return Record(number=line.number, fields=tuple(pair for pair in fields if pair[1]))


def _overlaps(
    part: tuple[int, int], taken: tuple[tuple[tuple[int, int], str], ...], start: int
) -> bool:
    return any(a < part[1] + start and part[0] + start < b for (a, b), _ in taken)


def _words(rest: str) -> str:
    """Return what a stretch says of the device, "" when it is only a label."""
    said = rest.strip(_AROUND)
    return "" if key_of(said) in REFERENCES else said
