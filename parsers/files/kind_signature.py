"""Tell a paper that somebody signed from one that only asks for a signature.

A printed "Bon pour accord, date et signature" is a box. What fills it is a date that stands
nowhere else on the paper, a name, or the words once more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsers.business import Confidence, Place
from parsers.files.kind_cells import Cell
from parsers.files.kind_words import folded_words, phrases_of
from parsers.folding import fold

_ACCEPTANCES = phrases_of("acceptances")
_SIGNED_BY = phrases_of("signed_by")
_ASKS = phrases_of("asks")
_LABELS = phrases_of("box_labels")
_NAMES = phrases_of("names")
_SIGNERS = folded_words("signers")
_PRINTED = folded_words("printed")
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[-.]\d\d[-.]\d\d"
    r"|\d{1,2}\.? [a-z]{3,9} \d{4}|[a-z]{3,9} \d{1,2}, \d{4})(?!\d)"
)
_ROWS = 6
"""Rows below the words of acceptance that belong to the box."""
_MARGIN = 30.0
"""Points by which what stands in a box may begin before its words."""
_LONGEST = 24
CERTAINTY = (Confidence.UNSURE, Confidence.LIKELY, Confidence.SURE)
"""From the least certain on."""
_EARLY, _PHRASE = 3, 3
_REACH = 80.0
"""Points below the words of acceptance in which a lone name signs them."""
_NAME, _SMALL = range(2, 5), 0.85


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """Words by which somebody signed. Sure when a date or a program says so, likely with a
    labelled name, unsure with what may be one, or the words alone. `dated` tells that some day
    stands with them, be it that of the paper."""

    phrase: str
    confidence: Confidence
    place: Place
    dated: bool = False


def seal_of(cells: Sequence[Cell]) -> Signature | None:
    """Return where a program says who signed: "Signé électroniquement par Claire Martin"."""
    return next((seal for cell in cells for seal in _seals(cell)), None)


def typed_signature(cells: Sequence[Cell]) -> Signature | None:
    """Return how texts put on a paper sign it: words of acceptance, a day, a name."""
    accepted = next((c for c in cells if _acceptance(c)), None)
    dated = next((c for c in cells if _days(c)), None)
    named = next((c for c in cells if _is_lone_name(c)), None)
    first = accepted or named or dated
    if first is None:
        return None
    certain = Confidence.SURE if dated and (accepted or named) else Confidence.LIKELY
    if first is dated:
        certain = Confidence.UNSURE
    return Signature(phrase=" ".join(first.tokens), confidence=certain, place=first.place)


def _seals(cell: Cell) -> Iterator[Signature]:
    """Give what says in a cell that somebody signed with a program."""
    if any(True for _ in _ASKS.among(cell.tokens)):
        return
    for _, start, stop in _SIGNED_BY.among(cell.tokens):
        told = stop < len(cell.tokens) and (
            cell.tokens[stop] in _SIGNERS or cell.words[stop][:1].isupper()
        )
        if (told and _name_in(cell.tokens[stop:])) or _is_envelope(cell, stop):
            phrase = " ".join(cell.tokens[start:stop])
            yield Signature(phrase=phrase, confidence=Confidence.SURE, place=cell.place)


def signature_of(cells: Sequence[Cell]) -> Signature | None:
    """Return the first box on a paper that somebody filled, with a date before one without."""
    days = Counter(day for cell in cells for day in _days(cell))
    said = Counter(fold(cell.text) for cell in cells)
    found = [
        signature
        for number, cell in enumerate(cells)
        for signature in _signatures_at(cells, number, days, said)
        if len(cell.tokens) <= _LONGEST
    ]
    return max(found, key=lambda one: CERTAINTY.index(one.confidence), default=None)


def _days(cell: Cell) -> list[str]:
    """Return the dates in a cell as written."""
    return [match[0] for match in _DATE.finditer(fold(cell.text))]


def _signatures_at(
    cells: Sequence[Cell], number: int, days: Counter[str], said: Counter[str]
) -> Iterator[Signature]:
    """Give the signature a cell begins, when it is one of acceptance and its box is filled."""
    cell = cells[number]
    asks = any(True for _ in _ASKS.among(cell.tokens))
    accepted = _acceptance(cell)
    if not accepted:
        return
    start, stop = accepted
    box = _box(cells, number)
    filled = [near for near in (cell, *box) if _is_filled_in(near)]
    dated = any(days[day] == 1 for near in filled for day in _days(near))
    dated = dated or (cell in filled and bool(_days(cell)) and not asks)
    phrase = " ".join(cell.tokens[start:stop])
    again = asks and any(" ".join(near.tokens) == phrase for near in box)
    certain = _certainty(cell, stop, box, dated=dated, asks=asks)
    if certain or again or (not asks and _has_lone_name(cell, box, said)):
        confidence = certain or Confidence.UNSURE
        near = any(map(_days, (cell, *box)))
        yield Signature(phrase=phrase, confidence=confidence, place=cell.place, dated=near)


def _certainty(
    cell: Cell, stop: int, box: Sequence[Cell], *, dated: bool, asks: bool
) -> Confidence | None:
    """Return how certain a day or a labelled name makes a signature, None without either."""
    if dated:
        return Confidence.SURE
    return Confidence.LIKELY if not asks and _has_name(cell, stop, box) else None


def _acceptance(cell: Cell) -> tuple[int, int] | None:
    """Return where words of acceptance stand: at the beginning, or long enough to mean it."""
    for _, start, stop in _ACCEPTANCES.among(cell.tokens):
        if start < _EARLY or stop - start >= _PHRASE:
            return start, stop
    return None


def _is_envelope(cell: Cell, stop: int) -> bool:
    """Say whether the number of a signing platform's envelope stands behind its label."""
    return cell.tokens[stop - 1] == "id" and len(cell.tokens) > stop


def _box(cells: Sequence[Cell], number: int) -> list[Cell]:
    """Return what stands in the box of a cell: beside it, and in its column below it."""
    cell = cells[number]
    beside: list[Cell] = []
    below: list[Cell] = []
    right = float("inf")
    for near in cells[number + 1 : number + 1 + 3 * _ROWS]:
        if near.page != cell.page or near.row > cell.row + _ROWS:
            break
        if near.row == cell.row and not _LABELS.at(near.tokens)[0] and not _days(near):
            right = min(right, near.box[0] - 1)
        elif near.row == cell.row:
            beside.append(near)
        elif cell.box[0] - _MARGIN <= near.box[0] < right:
            below.append(near)
    return [near for near in beside if near.box[0] < right] + below


def _is_filled_in(cell: Cell) -> bool:
    """Say whether a cell may have been filled in rather than printed with the paper."""
    return not _PRINTED.intersection(cell.tokens)


def _has_name(cell: Cell, stop: int, box: Sequence[Cell]) -> bool:
    """Say whether a name stands behind the words or behind a label of the box."""
    if _NAMES.at(cell.tokens)[0] and _name_in(cell.tokens[stop:]):
        return True
    inside = (cell, *box)
    return any(_named(inside, place) for place in range(len(inside)))


def _has_lone_name(cell: Cell, box: Sequence[Cell], said: Counter[str]) -> bool:
    """Say whether something like a name stands in the box that the paper says nowhere else."""
    return any(
        _is_lone_name(near)
        and said[fold(near.text)] == 1
        and near.box[1] - cell.box[3] < _REACH
        and near.size >= _SMALL
        for near in box
    )


def _named(inside: Sequence[Cell], place: int) -> bool:
    """Say whether a name stands behind a label for names, in its cell or in the next."""
    cell = inside[place]
    for _, _, stop in _NAMES.among(cell.tokens):
        rest = cell.tokens[stop:]
        after = inside[place + 1 : place + 2]
        if _name_in(rest):
            return True
        if not rest and after and after[0].row == cell.row and _name_in(after[0].tokens):
            return True
    return False


def _name_in(rest: Iterable[str]) -> bool:
    """Say whether something like a name stands before the next label."""
    words = tuple(rest)
    labels = {start for _, start, _ in _LABELS.among(words)}
    value = words[: min(labels, default=len(words))]
    return any(word.isalpha() and len(word) > 1 for word in value)


def _is_lone_name(cell: Cell) -> bool:
    """Say whether a cell is a few capitalised words: "Claire Martin", "C. Martin"."""
    words = cell.text.split()
    plain = len(words) in _NAME and all(w[0].isupper() and w.strip(".,-").isalpha() for w in words)
    return (
        plain and not cell.text.isupper() and not _LABELS.at(cell.tokens)[0] and _is_filled_in(cell)
    )
