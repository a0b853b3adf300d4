"""Cut a text into the lines and cells in which people write labels and values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from parsers.folding import compose, fold, key_of
from parsers.phrases import phrases_in, read_words

_QUOTE = re.compile(r"(?:[>|] ?)+")
_BULLET = re.compile(r"(?:[-–*•·▪►➢✓☐☑+]|\d{1,2}[.)°]|\(?[a-z]\))[ \t\u00a0]+(?=\S)")
_CELLS = re.compile(r"\t|\||;| {2,}")
_NAME = re.compile(r"[^\W\d_][^:=\t]{0,70}")
_COLON = re.compile(r"[ \u00a0*_]*(?::|=|：|\t)[ \u00a0*_]*(?!//)")
_ASIDE = re.compile(r"\([^)]*\)")
_MOST_WORDS = 8
# What may stand before a label inside a line: "Réf : AX-200, N° de série : 12345".
_GAP = r"(?:^|(?<=[\t,;|])[ \u00a0]?|(?<=[ \u00a0]{2})|(?<= [-–/] ))"
# After a label without colon these go on with a sentence: "numéro de série du lecteur".
_PROSE = frozenset("de du des d l la le les est of the is van der vom ist et and ou or".split())  # noqa: SIM905

_WORDS = read_words("document")
SERIALS = frozenset(key_of(word) for word in phrases_in(_WORDS, "serials"))
REFERENCES = frozenset(key_of(word) for word in phrases_in(_WORDS, "references"))
QUANTITIES = frozenset(key_of(word) for word in phrases_in(_WORDS, "quantities"))
_DEVICES = "|".join(key_of(word) for word in phrases_in(_WORDS, "device"))
_OF_DEVICE = re.compile(rf" (?:du|de l|de la|de cet|de ce|of the|van het|des) (?:{_DEVICES})$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line without quote marks and bullet; `number` counts from 1 in the text as given."""

    number: int
    text: str
    indented: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A label and its value as written on one line."""

    name: str
    key: str
    value: str


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines of a text, quote marks, bullets and numbering taken off."""
    return tuple(_line(number, raw) for number, raw in enumerate(compose(text).split("\n"), 1))


def _line(number: int, raw: str) -> Line:
    quote = _QUOTE.match(raw)
    bare = raw[quote.end() :] if quote else raw
    body = bare.strip(" \r\u00a0\u202f")
    bullet = _BULLET.match(body)
    indented = bare[:1] in (" ", "\t", "\u00a0") and bool(body)
    text = body[bullet.end() :] if bullet else body
    return Line(number=number, text=text[:2000], indented=indented and not bullet)


def cells_of(line: Line) -> tuple[str, ...]:
    """Return the cells of a table row, () for a line of text. Cells are cut at tabs, bars,
    semicolons or wide gaps."""
    if not _CELLS.search(line.text):
        return ()
    mark = next((mark for mark in ("\t", "|", ";") if mark in line.text), None)
    cells = line.text.strip("|").split(mark) if mark else re.split(r" {2,}", line.text)
    return tuple(cell.strip(" \u00a0*_") for cell in cells)


def known_key(name: str, known: frozenset[str]) -> str:
    """Return the known key a written label stands for, "" when it is none of them.

    What stands in brackets may be left out, one side of a slash is enough, and "N° de série du
    lecteur" is "n de serie".
    """
    whole = key_of(name)
    forms = [whole, key_of(_ASIDE.sub(" ", name)), _OF_DEVICE.sub("", whole)]
    forms += [key_of(part) for part in name.split("/")]
    return next((form for form in forms if form in known), "")


def pairs_of(line: Line, known: frozenset[str]) -> Iterator[Pair]:
    """Give the labels of a line with their values; with `known`, only these, colon or not."""
    if not known:
        yield from _any_pair(line)
        return
    whole = _split(line)
    if whole and (key := known_key(whole[0], known)) and not _inner(whole[1], known):
        yield Pair(name=whole[0], key=key, value=whole[1])
        return
    yield from _inner(line.text, known)


def _any_pair(line: Line) -> Iterator[Pair]:
    """Give whatever looks like a label: few words, no sentence, a colon or a tab behind."""
    split = _split(line)
    if split and "," not in split[0] and len(split[0].split()) <= _MOST_WORDS:
        yield Pair(name=split[0], key=key_of(split[0]), value=split[1])


def _split(line: Line) -> tuple[str, str] | None:
    """Cut a line at its first colon or tab, when a name stands before it."""
    text = line.text.lstrip("*_")
    name = _NAME.match(text)
    colon = _COLON.match(text, name.end()) if name else None
    if not name or not colon:
        return None
    return name.group().strip(" \u00a0*_"), text[colon.end() :].strip(" \u00a0*_\t")


def _inner(text: str, known: frozenset[str]) -> list[Pair]:
    """Find known labels at the start of a text and behind commas and gaps, colon or not."""
    folded = fold(text)
    marks = list(_known_labels(known).finditer(folded))
    pairs: list[Pair] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        end = following.start("label") if following else len(text)
        value = text[mark.end() : end].strip(" \u00a0*_\t,;|/-–") if end > mark.end() else ""
        name = text[mark.start("label") : mark.end("label")]
        gap = text[mark.end("label") : mark.end()].strip(".")
        heads = marks[0].start("label") == 0
        if mark["colon"] or (heads and _is_value(name, value, gap)):
            pairs.append(Pair(name=name, key=key_of(name), value=value))
    return pairs


def _is_value(name: str, value: str, gap: str) -> bool:
    """Say whether what follows a label without colon is its value and not the rest of a sentence."""
    words = value.split()
    if not words:
        return not gap
    if len(gap) > 1 or "\t" in gap:
        return True
    if fold(words[0]).strip("'") in _PROSE or fold(words[0])[:2] in ("d'", "l'"):
        return False
    telling = any(c.isdigit() or c == "@" for c in words[0]) or words[0][:1].isupper()
    return telling and (" " in name.strip() or name[:1].isupper() or words[0][:1].isdigit())


@lru_cache(maxsize=64)
def _known_labels(known: frozenset[str]) -> re.Pattern[str]:
    """Compile: a known label at a place for labels, and its colon if it has one."""
    ordered = sorted(known, key=lambda key: (-len(key), key))
    labels = "|".join(r"[\W_]{1,3}".join(map(re.escape, key.split())) for key in ordered)
    return re.compile(
        rf"{_GAP}[*_]*(?P<label>{labels})(?![\w'])\.?(?:[ \u00a0*_]*(?P<colon>[:=：])[ \u00a0*_]*|[ \t\u00a0]*)"
    )


def is_header(line: Line, known: frozenset[str]) -> bool:
    """Say whether a row names columns: two cells that are labels, and none that is a value."""
    return len(columns_of(line, known)) > 1


def columns_of(line: Line, known: frozenset[str]) -> tuple[str, ...]:
    """Return the keys of a header row, "" for a column nobody asks for; () for another line."""
    cells = cells_of(line)
    if len(cells) < 2 or any(character.isdigit() for character in line.text):
        return ()
    wanted = known | SERIALS | REFERENCES | QUANTITIES
    keys = tuple(known_key(cell, wanted) for cell in cells)
    named = [key for key in keys if key]
    return keys if len(named) > 1 and len(named) * 2 >= len(keys) else ()
