"""Tell which words of positions are the article's code, when no column is headed so.

A code is looked for where every position has one: behind "Art. no.", in brackets, alone in a
cell, first or last of a text. The place that holds a code in most positions, each another, wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.fields.numbers import DATE_LIKE
from parsers.files.paper_labels import labels_in, phrases_named
from parsers.files.paper_lines import line_of

_TOKEN = re.compile(r"\S+")
_EDGES = "[](){}:;,.|·•*'\"-–—"
_CODE = re.compile(r"[A-Z0-9][A-Z0-9Ø._/+-]*[A-Z0-9Ø]|[A-Z]\d", re.IGNORECASE)
_MEASURE = re.compile(
    r"\d+(?:[.,]\d+)?[a-zµ°/%]{1,4}\d?|\d{1,3}[-/x]\d{1,3}|\d{1,3}[.,]\d{1,3}|(?:19|20)\d\d",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[\[(]([^\s\[\]()]+)[\])]")
_LEAST_DIGITS, _MOST_DIGITS, _LEAST = 4, 11, 3
"""More digits are a bar code, or an account."""
_MOST = 0.6
"""The share of positions that must have a code in a place."""
_BUCKET = 8.0
_TRUST = {"label": 2.0, "bracket": 1.6, "cell": 1.5, "first": 1.3, "last": 1.0, "only": 0.9}


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """Words of a position that stand together, and where they begin, in points."""

    text: str
    left: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Coded:
    """A code found in a segment: which one, and from where to where what names it stands."""

    code: str
    segment: int
    start: int
    end: int


Segments = Sequence[Segment]


def is_code(token: str) -> bool:
    """Tell a word that can be nothing but an article's code: digits with letters or signs, or
    four digits; no measure, no year."""
    digits = sum(map(str.isdigit, token))
    plain = digits == len(token)
    if not digits or not _CODE.fullmatch(token) or _MEASURE.fullmatch(token):
        return False
    if DATE_LIKE.fullmatch(token):
        return False
    if plain:
        return _LEAST_DIGITS <= digits <= _MOST_DIGITS
    raised = any(map(str.isupper, token)) or not any(map(str.isalpha, token))
    return raised and len(token) >= _LEAST


def _is_joined(token: str) -> bool:
    """Tell capitals with a sign between them: LAB-H."""
    plain = token.replace("-", "").replace("/", "").replace("_", "")
    return plain.isalpha() and plain.isupper() and len(plain) < len(token) and len(plain) >= _LEAST


def may_be_code(token: str) -> bool:
    """Tell a word that is a code where others stand in its place: FORF-DIAG, A7."""
    digits = any(map(str.isdigit, token))
    if token.isdigit():
        return len(token) >= _LEAST
    said = bool(_CODE.fullmatch(token)) and not _MEASURE.fullmatch(token)
    said = said and not DATE_LIKE.fullmatch(token)
    return said and (token.isupper() or (digits and any(map(str.isupper, token))))


def codes_of(positions: Sequence[Segments]) -> list[Coded | None]:
    """Return the code of each position, None for those that have none. Linear in the words."""
    seen = [dict(_places(segments)) for segments in positions]
    counts: dict[str, list[str]] = {}
    for places in seen:
        for place, coded in places.items():
            counts.setdefault(place, []).append(coded.code)
    weights = {place: _weight(place, codes, len(positions)) for place, codes in counts.items()}
    order = sorted(weights, key=lambda place: -weights[place])
    best = [place for place in order if weights[place] > 0]
    return [_best(places, best) for places in seen]


def _best(places: dict[str, Coded], order: Sequence[str]) -> Coded | None:
    """Return the code in the best place; in another one only what can be nothing but a code."""
    if order and order[0] in places:
        return places[order[0]]
    return next((places[one] for one in order if one in places and is_code(places[one].code)), None)


def _weight(place: str, codes: Sequence[str], count: int) -> float:
    """Return how well a place holds the codes of so many positions, 0.0 when it does not."""
    joined = _takes_letters(place)
    sure = [code for code in codes if is_code(code) or (joined and _is_joined(code))]
    different = len({*codes}) / len(codes)
    kind = place.partition(" ")[0]
    if kind == "label":
        sure = list(codes)
    if not sure or len(codes) < _MOST * count or different < _MOST or len(sure) * 2 < len(codes):
        return 0.0
    if count == 1 and kind in ("first", "last", "cell", "only") and not _stands_out(codes[0], kind):
        return 0.0
    return _TRUST[kind] * (len(codes) + len(sure)) * different


def _takes_letters(place: str) -> bool:
    """Tell a place where capitals with a sign between them are a code without any digit."""
    return place.partition(" ")[0] in ("cell", "bracket", "first")


def _stands_out(code: str, kind: str) -> bool:
    """Tell a code that no other position confirms: letters and digits, or many digits."""
    digits = sum(map(str.isdigit, code))
    mixed = 0 < digits < len(code) and len(code) > _LEAST
    return mixed or _is_joined(code) or (digits > _LEAST_DIGITS and kind in ("first", "cell"))


def _places(segments: Segments) -> Iterator[tuple[str, Coded]]:
    """Give the words that may be the code, by the place they stand in; the first of a place."""
    found: dict[str, Coded] = {}
    for number, segment in enumerate(segments):
        for place, coded in _in_segment(number, segment, last=number == len(segments) - 1):
            found.setdefault(place, coded)
    yield from found.items()
    codes = [one for number, segment in enumerate(segments) for one in _codes_in(number, segment)]
    if len({one.code for one in codes}) == 1:
        yield "only", codes[0]


def _codes_in(number: int, segment: Segment) -> Iterator[Coded]:
    """Give the words of a segment that can be nothing but codes."""
    for match in _TOKEN.finditer(segment.text):
        code = match[0].strip(_EDGES)
        if is_code(code):
            yield Coded(code=code, segment=number, start=match.start(), end=match.end())


def _in_segment(number: int, segment: Segment, *, last: bool) -> Iterator[tuple[str, Coded]]:
    text = segment.text
    labelled = _labelled(number, text)
    if labelled:
        yield "label", labelled
    for match in _BRACKETED.finditer(text):
        if is_code(match[1]) or may_be_code(match[1]):
            yield "bracket", Coded(code=match[1], segment=number, start=match.start(), end=match.end())  # fmt: skip
    words = list(_TOKEN.finditer(text))
    first, final = _coded(number, words[0]), _coded(number, words[-1])
    if first and len(words) == 1:
        yield f"cell {round(segment.left / _BUCKET)}", first
        yield f"cell {round(segment.left / _BUCKET + 0.5)}.5", first
    if first:
        yield f"first {number}", first
    if final and len(words) > 1:
        yield f"last {number}", final
        if last:
            yield "last", final


def _coded(number: int, match: re.Match[str]) -> Coded | None:
    code = match[0].strip(_EDGES)
    if not may_be_code(code) and not is_code(code):
        return None
    return Coded(code=code, segment=number, start=match.start(), end=match.end())


def _labelled(number: int, text: str) -> Coded | None:
    """Return the code behind "Art.-Nr.", "Réf. :", "SKU"."""
    line = line_of(text)
    if line is None or len(line.text) != len(text):
        return None
    for label in labels_in(line, phrases_named("columns")):
        if label.meaning != "reference":
            continue
        match = _TOKEN.search(text, label.end + _gap(text[label.end :]))
        code = match[0].strip(_EDGES) if match else ""
        if match and any(map(str.isdigit, code)) | code.isupper() and _CODE.fullmatch(code):
            return Coded(code=code, segment=number, start=label.start, end=match.end())
    return None


def _gap(text: str) -> int:
    """Return how many signs part a label from its value."""
    return len(text) - len(text.lstrip(" .:#°)-="))


def without(segments: Segments, coded: Coded | None) -> str:
    """Return the words of a position without its code."""
    texts = [segment.text for segment in segments]
    if coded:
        text = texts[coded.segment]
        texts[coded.segment] = f"{text[: coded.start]} {text[coded.end :]}"
    return " ".join(" ".join(text.split()).strip(" -–—:|·,;()") for text in texts).strip()
