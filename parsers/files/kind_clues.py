"""Weigh what only papers of one kind say: labels, sentences, the columns of the table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.business import Place
from parsers.files.kind_cells import Cell
from parsers.files.kind_words import WORDS, Phrases, phrases_of, weighed_phrases
from parsers.folding import fold
from parsers.word_lists import mapping_in

_LABELS = weighed_phrases("labels")
_SENTENCES = Phrases(mapping_in(WORDS, "sentences"))
_AGAINST = phrases_of("against_order")
_COLUMNS = Phrases(mapping_in(WORDS, "columns"))
_MAIL_HEAD = Phrases(mapping_in(WORDS, "mail_head"))
_SENTENCE_WEIGHT = 3.0
_SMALL = 0.85
"""What is printed smaller is small print."""
_MAIL_CELLS, _MAIL_LABELS = 40, 3
_PRICE = re.compile(r"(?<![\w.,])\d{1,3}(?:[ .,']?\d{3}){0,3}[.,]\d\d(?![\w.,]?\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Clue:
    """A phrase that speaks for a kind (`against` an order when `kind` is "seller")."""

    kind: str
    phrase: str
    weight: float
    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Clues:
    """What the cells of a paper say for each kind, each phrase once; `table` names the columns
    seen ("quantity", "price"); `priced` tells that amounts with cents stand on the paper."""

    found: tuple[Clue, ...] = ()
    table: frozenset[str] = frozenset()
    priced: bool = False

    def weight(self, kind: str) -> float:
        """Return the sum of what speaks for that kind."""
        return sum(clue.weight for clue in self.found if clue.kind == kind)

    def of(self, kind: str) -> tuple[Clue, ...]:
        """Return what speaks for that kind, heaviest first."""
        found = (clue for clue in self.found if clue.kind == kind)
        return tuple(sorted(found, key=lambda clue: -clue.weight))


def clues_of(cells: Sequence[Cell]) -> Clues:
    """Return the clues of a paper. Linear in the words."""
    found: dict[tuple[str, str], Clue] = {}
    table: set[str] = set()
    priced = False
    for cell in cells:
        priced = priced or bool(_PRICE.search(cell.text))
        table.update(name for name in _COLUMNS.at(cell.tokens)[0] if _is_head(cell))
        if cell.size >= _SMALL:
            for clue in _clues_in(cell):
                found.setdefault((clue.kind, clue.phrase), clue)
    return Clues(found=tuple(found.values()), table=frozenset(table), priced=priced)


def _is_head(cell: Cell) -> bool:
    """Say whether a cell may head a column."""
    return not cell.alone and not any(map(str.isdigit, cell.text))


def _clues_in(cell: Cell) -> list[Clue]:
    """Return the label at the beginning of a cell, and the sentences in it."""
    tokens = cell.tokens
    found: list[Clue] = []
    names, end = _LABELS.at(tokens)
    for name in names:
        kind, _, weight = name.partition(" ")
        found.append(_clue(cell, kind, 0, end, float(weight)))
    for kind, start, stop in _SENTENCES.among(tokens):
        found.append(_clue(cell, kind, start, stop, _SENTENCE_WEIGHT))
    names, end = _AGAINST.at(tokens)
    if names:
        found.append(_clue(cell, "seller", 0, end, 1.5))
    return found


def _clue(cell: Cell, kind: str, start: int, stop: int, weight: float) -> Clue:
    phrase = " ".join(cell.tokens[start:stop])
    return Clue(kind=kind, phrase=phrase, weight=weight, place=cell.place)


def is_printed_mail(cells: Sequence[Cell]) -> bool:
    """Tell whether a paper begins like a mail that somebody printed: From:, Sent:, Subject:."""
    seen: set[str] = set()
    for cell in cells[:_MAIL_CELLS]:
        label, colon, _ = fold(cell.text).partition(":")
        if colon and label.strip():
            names, end = _MAIL_HEAD.at(label.split())
            seen.update(names if end == len(label.split()) else ())
    return {"from", "subject"} <= seen and len(seen) >= _MAIL_LABELS
