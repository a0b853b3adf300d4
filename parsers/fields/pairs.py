"""Find the labels and their values that people write in a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.fields.label_names import PROSE, SERIALS, first_words_of, key_as_written, known_key
from parsers.fields.lines import LONGEST_LINE, Line
from parsers.fields.spotting import has_digit
from parsers.folding import fold, key_of

_HEAD = re.compile(r"[*_ ]*([^\W_]+)")
_COLON_OR_NUMBER = re.compile(r"[\d:=：→\t@?]|->|  | - | – |\.\.|…")
_NAME = re.compile(r"[^\W\d_][^:=\t]{0,70}")
_COLON = re.compile(r"[ \u00a0*_]*(?::|=|：|\t)[ \u00a0*_]*(?!//)")
# What may stand between a label and its value, and where a label may begin inside a line. A gap, a
# tab and a dash may be either. A run of dots or stars is tried at its first only: else a line of
# them would cost the square of its length.
_MARK = re.compile(
    r"(?P<colon>[ \u00a0]?(?:(?<![*_])[*_]+)?[ \u00a0]?(?:[:=：→]|[-=–]>)(?!//)[ \u00a0*_\t]*)"
    r"|(?P<either>[ \u00a0]*\t[ \u00a0\t]*|[ \u00a0]{2,}|[ \u00a0][-–—]{1,2}[ \u00a0]+|[ \u00a0]?(?<![.…_])[.…_]{2,}[ \u00a0]+|\?[ \u00a0]+)"
    r"|(?P<start>[;|,][ \u00a0]*|(?:\.(?![ \u00a0]+(?:Jan|Feb|Mär|Mar|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez))|[!)])[ \u00a0]+|[ \u00a0]/{1,2}[ \u00a0]+)"
)
_MORE_NUMBERS = re.compile(
    r"(?:[ \u00a0]?(?:[,;/+&]|et|and|und|en)[ \u00a0]+(?=\S{0,29}\d)[A-Za-z0-9][\w./-]{3,29})+"
)
_WORD = re.compile(r"[^\W_]+")
_EDGE = " \u00a0*_"
_AROUND = " \u00a0*_\t,;|/-–"
_LONGEST_LABEL = 70
_MOST_WORDS = 8
_MOST_STARTS = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A label and its value as written on one line. `heads` says that the line begins with it."""

    name: str
    key: str
    value: str
    heads: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mark:
    """A label found in a line: its name runs from `start` to `end`, its value from `value` on,
    to `stop` at most: without a colon and inside a sentence, to the end of the clause."""

    start: int
    end: int
    value: int
    key: str
    stop: int = LONGEST_LINE


def pairs_of(line: Line, known: frozenset[str], *, beside: bool = False) -> tuple[Pair, ...]:
    """Return the labels of a line with their values; with `known` only these, colon or not.

    `beside` says that a line next to this one bears labels: then "Panne écran noir" has one too.
    """
    if not known:
        return _any_pair(line)
    if not _may_have_label(line.text, known):
        return ()
    marks = _marks(line.text, known, beside)
    ends = [*(mark.start for mark in marks[1:]), len(line.text)]
    return tuple(
        Pair(
            name=line.text[mark.start : mark.end].strip(_EDGE),
            key=mark.key,
            value=line.text[mark.value : min(mark.stop, max(mark.value, end))]
            .strip(_AROUND)
            .lstrip(": "),
            heads=mark.start == 0 and not _is_sentence(line.text, mark),
        )
        for mark, end in zip(marks, ends, strict=False)
    )


def _may_have_label(text: str, known: frozenset[str]) -> bool:
    """Say no at once to a line that has neither a colon nor a number nor begins like a label."""
    head = _HEAD.match(text)
    begins = head is not None and fold(head.group(1)) in first_words_of(known)
    return begins or bool(_COLON_OR_NUMBER.search(text))


def _is_sentence(text: str, mark: _Mark) -> bool:
    """Say whether a label without colon only begins a sentence: "Serial 44, screen black"."""
    plain = not any(sign in text[mark.end : mark.value] for sign in ":=\t")
    return plain and ", " in text[mark.value :]


def _any_pair(line: Line) -> tuple[Pair, ...]:
    """Give whatever looks like a label: few words, no sentence, a colon or a tab behind."""
    text = line.text.lstrip("*_")
    name = _NAME.match(text)
    colon = _COLON.match(text, name.end()) if name else None
    if not name or not colon:
        return ()
    said = name.group().strip(_EDGE)
    if "," in said or len(said.split()) > _MOST_WORDS:
        return ()
    return (Pair(name=said, key=key_of(said), value=text[colon.end() :].strip(" \u00a0*_\t")),)


def _marks(text: str, known: frozenset[str], beside: bool) -> list[_Mark]:
    """Find the known labels of a line, from left to right; they do not overlap."""
    found: list[_Mark] = []
    starts = [0]
    for mark in _MARK.finditer(text):
        if _is_short_for(text, starts[-1], mark, known):
            continue
        label = _labelled_by(text, mark, starts, known)
        bare = None if label else _bare(text, starts[-1], mark.start(), known, beside)
        if label or bare:
            found += [label] if label else [bare] if bare else []
            starts = [mark.end()]
        elif not mark["colon"]:
            starts = [*starts[1 - _MOST_STARTS :], mark.end()]
    last = _bare(text, starts[-1], len(text), known, beside)
    return [*found, last] if last else found


def _is_short_for(text: str, start: int, mark: re.Match[str], known: frozenset[str]) -> bool:
    """Say whether a full stop ends no sentence but a label: "Réf. LECT-400"."""
    short = text[mark.start()] == "." and mark.start() - start < _LONGEST_LABEL
    return short and bool(key_as_written(text[start : mark.start()], known))


def _labelled_by(
    text: str, mark: re.Match[str], starts: Sequence[int], known: frozenset[str]
) -> _Mark | None:
    """Look left of a colon for a known label that begins where labels begin."""
    if mark["start"] is not None:
        return None
    dash = mark["either"] is not None and mark["either"].strip(" \u00a0\t") != ""
    for start in starts:
        if mark.start() - start > _LONGEST_LABEL or (dash and start):
            continue
        if start and "/ " in text[start : mark.start()]:  # the label begins behind the slash
            continue
        if key := known_key(text[start : mark.start()].strip(_EDGE), known):
            return _Mark(start=start, end=mark.start(), value=mark.end(), key=key)
    return None


def _bare(text: str, start: int, end: int, known: frozenset[str], beside: bool) -> _Mark | None:
    """Find a known label without colon at `start`, when what follows it is its value."""
    while text[start : start + 1] in tuple(_EDGE):
        start += 1
    words = list(_WORD.finditer(text, start, min(end, start + _LONGEST_LABEL)))[: _MOST_WORDS + 1]
    if not words or fold(words[0].group()) not in first_words_of(known):
        return None
    for count in range(min(_MOST_WORDS, len(words)), 0, -1):
        stop = words[count - 1].end()
        key = key_as_written(text[start:stop], known)
        if key in SERIALS and len(text[stop:end].strip(" .\u00a0").partition(" ")[0]) in (1, 2, 3):
            continue  # "serial numbers B1, B2 and B3 are on the photo"
        if key and _is_value(text, start, stop, end, beside):
            after = stop + 1 if text[stop : stop + 1] == "." else stop
            last = _end_of(text, end, key) if start else LONGEST_LINE
            return _Mark(start=start, end=stop, value=after, key=key, stop=last)
    return None


def _end_of(text: str, end: int, key: str) -> int:
    """Return where a value inside a sentence ends: with its clause, or with a list of numbers."""
    more = _MORE_NUMBERS.match(text, end) if key in SERIALS else None
    return more.end() if more else end


def _is_value(text: str, start: int, stop: int, end: int, beside: bool) -> bool:
    """Say whether what follows a label without colon is its value and not the rest of a sentence."""
    name = text[start:stop]
    rest = text[stop:end].lstrip(". \u00a0")
    words = rest.split(None, 1)
    if not words:
        return start == 0 and end == len(text) and name[:1].isupper()
    first = fold(words[0])
    if text[stop : stop + 1] not in (" ", "\u00a0", ".", ""):
        return False
    if key_of(words[0]).partition(" ")[0] in PROSE and not words[0].isupper():
        return False
    if has_digit(first) or "@" in first:
        return " " in name or name[:1].isupper() or not words[0].islower() or not start
    if start:
        return False
    return (words[0][:1].isupper() and (" " in name or name[:1].isupper())) or (
        beside and name[:1].isupper()
    )
