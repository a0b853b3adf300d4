"""Find the titles of a paper: words that name a kind, set so that they head the page.

The same words stand beside numbers as labels ("Commande n° 4500123" on an invoice) and in
sentences; size, height on the page and what stands around them tell the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsers.business import Place
from parsers.fields.spotting import has_digit
from parsers.files.kind_cells import Cell
from parsers.files.kind_words import WORDS, Phrases, folded_words
from parsers.folding import key_of
from parsers.word_lists import mapping_in

_LISTS = mapping_in(WORDS, "titles")
_TITLES = Phrases(
    {sort: [*words, *(key_of(w).replace(" ", "") for w in words)] for sort, words in _LISTS.items()}
)
"""Also without spaces, as what was drawn letter by letter comes out."""
_NAMED = frozenset(token for words in _LISTS.values() for w in words for token in key_of(w).split())
_WEAK = folded_words("weak")
_BESIDE = folded_words("beside")
_CITED = folded_words("cited")
_OWN = folded_words("own")
_ADDRESSED = folded_words("addressed")
_SELLERS = ("quote", "invoice", "credit_note", "delivery_note")
_NUMBER_WORDS = folded_words("number_words")
_SUBJECTS = folded_words("subjects")
_LARGE, _HUGE = 1.22, 1.55
_HIGH, _LOW = 0.4, 0.6
_ROWS = 70
"""Rows of a page among which a title may stand."""
_REST = 6
"""Words that may follow a large title and leave it one."""
_LOOK, _UNDER, _ALIKE = 10, 10, 0.15
_DATE_WORDS = 2
"""So many numbers before a title are a date: the row of a list."""
_PRICE = re.compile(r"\d[.,]\d\d\W*$")
_LABEL = {True: 1.0, False: 2.0}
"""What it costs a strong or a weak title to look like a label."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Title:
    """A name of a kind that heads a page: `sort` as the word list names it, and what it weighs.

    `strong` is False for everyday words, `numbered` tells that a number stands with it, `heads`
    that it begins its cell and that nothing but numbers follows. `subject` is the matter of a
    letter. `label` tells that it looks like the label of a number, `size` is that of its type against
    the usual.
    """

    sort: str
    phrase: str
    weight: float
    place: Place
    row: int
    depth: float
    large: bool
    strong: bool
    numbered: bool
    heads: bool
    capitals: bool
    subject: bool = False
    label: bool = False
    size: float = 1.0


def titles_of(cells: Sequence[Cell]) -> tuple[Title, ...]:
    """Return the titles of a paper in reading order. Linear in the words."""
    found: list[Title] = []
    starts: dict[int, int] = {}
    for number, cell in enumerate(cells):
        start = starts.setdefault(cell.page, cell.row)
        if cell.row - start < _ROWS or cell.size >= _LARGE:
            found.extend(_titles_in(cell, _Around.of(cells, number)))
    return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Around:
    """What stands around a cell: whether a label before it makes it the matter of a letter,
    whether a number follows (`valued`: in its row, as behind a label), and the large cell right
    below that may end its title."""

    subject: bool
    numbered: bool
    valued: bool
    below: Cell | None

    @classmethod
    def of(cls, cells: Sequence[Cell], number: int) -> _Around:
        """Look at the neighbours of one cell."""
        cell = cells[number]
        before = cells[number - 1] if number and cells[number - 1].row == cell.row else None
        after = cells[number + 1 : number + 3]
        under = cells[number + 1 : number + _UNDER] if cell.size >= _LARGE else ()
        return cls(
            subject=bool(before and before.tokens[:1] and before.tokens[0] in _SUBJECTS),
            numbered=any(map(has_digit, (near.text for near in after))),
            valued=any(near.row == cell.row and has_digit(near.text) for near in after[:1]),
            below=next((near for near in under if _continues(cell, near)), None),
        )


def _continues(cell: Cell, near: Cell) -> bool:
    """Say whether a large cell goes on in another: BON DE above COMMANDE, or beside it when
    smaller words between have parted the row."""
    alike = abs(cell.size - near.size) < _ALIKE * cell.size and cell.size >= _LARGE
    left, top, right, bottom = cell.box
    over = near.box[0] < right and left < near.box[2]
    beside = 0 <= near.box[0] - right < bottom - top and near.box[1] < bottom and top < near.box[3]
    return alike and near.row == cell.row + 1 and (over or beside)


def _titles_in(cell: Cell, around: _Around) -> Iterator[Title]:
    """Give the titles of a cell: mostly none, seldom two."""
    below = around.below
    if below:
        whole = (*cell.tokens, *below.tokens)
        if _TITLES.at(whole)[1] > max(len(cell.tokens), _TITLES.at(cell.tokens)[1]):
            cell = replace(
                cell,
                text=f"{cell.text} {below.text}",
                line=f"{cell.line} {below.line}",
                tokens=whole,
                words=(*cell.words, *below.words),
            )
    end = 0
    for start in range(len(cell.tokens)):
        names, stop = _TITLES.at(cell.tokens, start)
        title = _title(cell, around, names[0], start, stop) if names and start >= end else None
        if title:
            end = stop
            yield title


def _title(cell: Cell, around: _Around, sort: str, start: int, stop: int) -> Title | None:
    """Return the title at these words, None when they are a label or part of a sentence."""
    tokens = cell.tokens
    phrase, before, rest = " ".join(tokens[start:stop]), tokens[:start], tokens[stop:]
    strong, large = phrase not in _WEAK, cell.size >= _LARGE
    usual = _ADDRESSED if large and sort in _SELLERS else _SUBJECTS
    leading = all(t in _OWN or t in _SUBJECTS or t in usual or t.isdigit() for t in before)
    leading = leading and sum(map(str.isdigit, before)) < _DATE_WORDS
    subject = leading and (around.subject or bool(_SUBJECTS.intersection(before)))
    capitals = all(map(str.isupper, cell.words[start:stop]))
    if any(map(has_digit, cell.words[start:stop])):
        return None  # "PO-88123" is a number, not a title
    if not (leading or (capitals and before[-1] not in _CITED)) or (cell.behind and not subject):
        return None
    pure = _is_pure(rest, cell.words[stop:])
    prose = sum(not has_digit(word) for word in cell.words[stop:])
    if not pure and not (large and strong and leading and prose <= _REST):
        return None
    numbered = any(map(has_digit, rest))
    heads = leading and pure and not subject
    label = not large and (":" in cell.text or (around.valued and not numbered))
    marks = (
        (4.0 if strong else 2.5)
        + (2.5 if cell.size >= _HUGE else 1.5 if large else 0.0)
        + (1.0 if cell.alone else 0.0)
        + (0.5 if capitals else 0.0)
        + (0.5 if cell.depth < _HIGH else -2.0 if cell.depth > _LOW else 0.0)
        + (1.0 if numbered else 0.0)
        - (0.0 if heads else 1.0)
        - (2.0 if _is_label(rest, numbered) and not (large or cell.text.isupper()) else 0.0)
        - (
            _LABEL[strong]
            if (":" in cell.text or (around.valued and not numbered)) and not large
            else 0.0
        )
    )
    return Title(
        sort=sort,
        phrase=phrase,
        weight=2.5 if subject else marks,
        place=cell.place,
        row=cell.row,
        depth=cell.depth,
        large=large,
        strong=strong,
        numbered=numbered or around.numbered,
        heads=heads,
        capitals=capitals,
        subject=subject,
        label=label or (around.valued and not numbered),
        size=cell.size,
    )


def _is_pure(rest: Sequence[str], words: Sequence[str]) -> bool:
    """Say whether only numbers, or what the paper is about, stand behind a title."""
    if not rest:
        return True
    if rest[-1] in _CITED and rest[-1] not in _BESIDE:
        return False
    if any(map(_PRICE.search, words)):
        return False
    return all(
        token in _BESIDE or token in _CITED or token in _NAMED or has_digit(word)
        for token, word in zip(rest[:_LOOK], words, strict=False)
    )


def _is_label(rest: Sequence[str], numbered: bool) -> bool:
    """Say whether a title is the label of a number in another cell: "RMA number"."""
    return bool(rest) and rest[-1] in _NUMBER_WORDS and not numbered
