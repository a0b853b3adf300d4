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
from parsers.files.kind_words import WORDS, Phrases, folded_words, phrases_of
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
_OWN = folded_words("own") | folded_words("adjectives")
_CITED_BEHIND = phrases_of("cited_behind")
_ADDRESSED = folded_words("addressed")
_SELLERS = ("quote", "invoice", "credit_note", "delivery_note")
_UNNUMBERED = frozenset({"datasheet", "price_list", "contract", "report"})
"""Behind these "no." begins a label: "Catalogue no.", "Contract no."."""
_NUMBER_WORDS = folded_words("number_words")
_SUBJECTS = folded_words("subjects")
_LARGE, _HUGE = 1.22, 1.55
_HIGH, _LOW = 0.4, 0.6
_ROWS = 70
"""Rows of a page among which a title may stand."""
_REST = 6
"""Words that may follow a large title and leave it one."""
_SUBJECT = 2.5
"""What a title weighs that is the matter of a letter."""
_LOOK, _UNDER, _ALIKE = 10, 10, 0.15
_DATE_WORDS = 2
"""So many numbers before a title are a date: the row of a list."""
_DASH = re.compile(" [-–—|·] ")
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


def _whole(cell: Cell, below: Cell | None) -> Cell:
    """Return a cell with the one it goes on in, when only both together name a sort."""
    tokens = (*cell.tokens, *below.tokens) if below else ()
    if below is None or _TITLES.at(tokens)[1] <= max(len(cell.tokens), _TITLES.at(cell.tokens)[1]):
        return cell
    return replace(
        cell,
        text=f"{cell.text} {below.text}",
        line=f"{cell.line} {below.line}",
        tokens=tokens,
        words=(*cell.words, *below.words),
    )


def _titles_in(cell: Cell, around: _Around) -> Iterator[Title]:
    """Give the titles of a cell: mostly none, seldom two."""
    cell = _whole(cell, around.below)
    end = 0
    for start in range(len(cell.tokens)):
        names, stop = _TITLES.at(cell.tokens, start)
        if names and start >= end:
            named = _Named(cell=cell, around=around, sort=names[0], start=start, stop=stop)
            if named.is_title():
                end = stop
                yield named.title()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Named:
    """Words of a cell that name a sort of paper: a title, a label or part of a sentence."""

    cell: Cell
    around: _Around
    sort: str
    start: int
    stop: int

    @property
    def phrase(self) -> str:
        """The words that name the sort."""
        return " ".join(self.cell.tokens[self.start : self.stop])

    @property
    def before(self) -> tuple[str, ...]:
        """What stands before them in the cell."""
        return self.cell.tokens[: self.start]

    @property
    def rest(self) -> tuple[str, ...]:
        """What stands behind them in the cell."""
        return self.cell.tokens[self.stop :]

    @property
    def strong(self) -> bool:
        """Whether they are no everyday words."""
        return self.phrase not in _WEAK

    @property
    def large(self) -> bool:
        """Whether they are set larger than the rest of the page."""
        return self.cell.size >= _LARGE

    @property
    def leads(self) -> bool:
        """Whether they begin the cell but for "our", the word Subject, or a count."""
        usual = _ADDRESSED if self.large and self.sort in _SELLERS else _SUBJECTS
        counts = sum(map(str.isdigit, self.before))
        known = all(t in _OWN or t in _SUBJECTS or t in usual or t.isdigit() for t in self.before)
        return known and counts < _DATE_WORDS

    @property
    def subject(self) -> bool:
        """Whether they are the matter of a letter."""
        return self.leads and (self.around.subject or bool(_SUBJECTS.intersection(self.before)))

    @property
    def capitals(self) -> bool:
        """Whether they are in capitals."""
        return all(map(str.isupper, self.cell.words[self.start : self.stop]))

    @property
    def pure(self) -> bool:
        """Whether nothing but numbers and references follows, or a dash and something else."""
        head = key_of(_DASH.split(self.cell.text, maxsplit=1)[0]).split()
        if self.strong and len(head) == self.stop:
            return True
        return _is_pure(self.rest, self.cell.words[self.stop :])

    @property
    def numbered(self) -> bool:
        """Whether a number follows in the cell."""
        return any(map(has_digit, self.rest))

    @property
    def label(self) -> bool:
        """Whether they look like the label of a number in the next cell or behind a colon."""
        valued = self.around.valued and not self.numbered
        return valued or (":" in self.cell.text and not self.large)

    def is_title(self) -> bool:
        """Tell a title from "PO-88123", from a label's value and from part of a sentence."""
        if any(map(has_digit, self.cell.words[self.start : self.stop])):
            return False
        if self.cell.behind and not self.subject:
            return False
        if (self.sort in _UNNUMBERED or not self.strong) and self._awaits_number():
            return False
        if not self.large and _CITED_BEHIND.at(self.rest)[0]:
            return False
        if not self.leads and not (self.capitals and self.before[-1] not in _CITED):
            return False
        prose = sum(not has_digit(word) for word in self.cell.words[self.stop :])
        return self.pure or (self.large and self.strong and self.leads and prose <= _REST)

    def weight(self) -> float:
        """Return what the title weighs."""
        if self.subject:
            return _SUBJECT
        cell, size = self.cell, self.cell.size
        return (
            (4.0 if self.strong else 2.5)
            + (2.5 if size >= _HUGE else 1.5 if self.large else 0.0)
            + (1.0 if cell.alone else 0.0)
            + (0.5 if self.capitals else 0.0)
            + (0.5 if cell.depth < _HIGH else -2.0 if cell.depth > _LOW else 0.0)
            + (1.0 if self.numbered else 0.0)
            - (0.0 if self.leads and self.pure else 1.0)
            - (_LABEL[self.strong] if self.label and not self.large else 0.0)
            - (2.0 if self._awaits_number() else 0.0)
        )

    def _awaits_number(self) -> bool:
        """Say whether it is "RMA number" with the number in another cell."""
        plain = not (self.large or self.cell.text.isupper() or self.numbered)
        signed = self.cell.text.rstrip(" .:").endswith(("#", "°"))
        return plain and (signed or (bool(self.rest) and self.rest[-1] in _NUMBER_WORDS))

    def title(self) -> Title:
        """Return what the scale needs of it."""
        return Title(
            sort=self.sort,
            phrase=self.phrase,
            weight=self.weight(),
            place=self.cell.place,
            row=self.cell.row,
            depth=self.cell.depth,
            large=self.large,
            strong=self.strong,
            numbered=self.numbered or self.around.numbered,
            heads=self.leads and self.pure and not self.subject,
            capitals=self.capitals,
            subject=self.subject,
            label=self.label,
            size=self.cell.size,
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
