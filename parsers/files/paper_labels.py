"""Find the labels of a line of a paper, and what stands right of a label or under it.

Labels are phrases of words/paper.yaml: words without accents and punctuation. At each word the
longest phrase wins, so "total TTC" is never a "total". A look-up for each word: linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from parsers.files.paper_lines import Cell, Line, beneath
from parsers.folding import fold
from parsers.word_lists import mapping_in, phrases_in, read_words

Phrases = Mapping[str, tuple[int, Mapping[tuple[str, ...], str]]]
"""From the first word of phrases to how many words the longest has, and to what each means."""

# "h.t." is one word; a rate such as "20 %" is none: "incl. 21 % BTW" reads as "incl. BTW".
_TOKEN = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[.,]\d{1,2})? ?%|(?:(?<![a-z0-9])[a-z]\.){1,5}[a-z]?(?![a-z0-9])"
    r"|[a-z0-9]+|[%#]"
)
_RATE = re.compile(r"\d.*%")
SEPARATORS = " .:#°\t=-–—*|("
_LONGEST_GAP = 60

Value = TypeVar("Value")
Take = Callable[[Line, int], tuple[Value, int] | None]
"""Read a value of a line from a place on; return it and its end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A word of a folded line without punctuation; "h.t." is one."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A phrase found in a line: what it means and where it stands."""

    meaning: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading(Generic[Value]):
    """A value with the line it was read from, `start` to `end`."""

    value: Value
    line: Line
    start: int
    end: int


def phrases_of(meanings: Mapping[str, Iterable[str | tuple[str, ...]]]) -> Phrases:
    """Prepare phrases for `labels_in`: each also written as one word ("bestell nr": "bestellnr").
    A phrase cut into words already is taken as it is.

    Of two meanings of one phrase the first one given holds.
    """
    table: dict[str, dict[tuple[str, ...], str]] = {}
    for meaning, phrases in meanings.items():
        for phrase in phrases:
            words = words_of_phrase(phrase) if isinstance(phrase, str) else phrase
            forms = (words, ("".join(words),)) if isinstance(phrase, str) else (words,)
            for form in forms:
                table.setdefault(form[0], {}).setdefault(form, meaning)
    return {first: (max(map(len, told)), told) for first, told in table.items()}


def words_of_phrase(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase as they are looked for in a line."""
    return tuple(token.text for token in tokens_of(fold(phrase)))


@lru_cache(maxsize=16)
def phrases_named(name: str) -> Phrases:
    """Return the phrases of a mapping of words/paper.yaml."""
    return phrases_of(mapping_in(read_words("paper"), name))


def words_named(name: str) -> tuple[str, ...]:
    """Return a list of words/paper.yaml."""
    return phrases_in(read_words("paper"), name)


def tokens_of(folded: str) -> tuple[Token, ...]:
    """Return the words of a folded line; "T.V.A." is "tva"."""
    return tuple(
        Token(text=match[0].replace(".", ""), start=match.start(), end=match.end())
        for match in _TOKEN.finditer(folded)
        if not _RATE.match(match[0])
    )


def labels_in(line: Line, phrases: Phrases) -> tuple[Label, ...]:
    """Return the labels of a line from left to right. None reaches over two cells."""
    tokens = _tokens(line.folded)
    found: list[Label] = []
    number = 0
    while number < len(tokens):
        count, meaning = _longest(line.folded, tokens, number, phrases)
        if count:
            last = tokens[number + count - 1]
            found.append(Label(meaning=meaning, start=tokens[number].start, end=last.end))
        number += max(count, 1)
    return tuple(found)


_TABLE_WORDS = frozenset({"description", "reference", "quantity", "price"})


def names_columns(line: Line) -> bool:
    """Tell the head of a table of positions."""
    columns = {label.meaning for label in labels_in(line, phrases_named("columns"))}
    return len(columns & _TABLE_WORDS) > 1


def _is_of_code(folded: str, end: int) -> bool:
    """Tell a word that begins a code, "BC-4471", from a label."""
    return folded[end : end + 1] in ("-", "_", "/") and folded[end + 1 : end + 2].isdigit()


_tokens = lru_cache(maxsize=2_048)(tokens_of)
"""Several readers look at the same line."""


def _longest(
    folded: str, tokens: Sequence[Token], number: int, phrases: Phrases
) -> tuple[int, str]:
    """Return how many words the longest phrase at a word has, and its meaning; 0 for none."""
    longest, meanings = phrases.get(tokens[number].text, (0, {}))
    for count in range(min(longest, len(tokens) - number), 0, -1):
        said = tokens[number : number + count]
        meaning = meanings.get(tuple(token.text for token in said))
        apart = "\t" in folded[said[0].start : said[-1].end] or _is_of_code(folded, said[-1].end)
        if meaning and not apart:
            return count, meaning
    return 0, ""


def past_separators(line: Line, at: int) -> int:
    """Return where something stands behind a label: after a colon, a dash or the gap of a cell."""
    end = min(len(line.folded), at + _LONGEST_GAP)
    while at < end and line.folded[at] in SEPARATORS:
        at += 1
    return at


def beside(
    lines: Sequence[Line], index: int, end: int, take: Take[Value], *, below: bool = True
) -> Reading[Value] | None:
    """Return the value right of a label that ends at `end`, else the one under it.

    A value stands under a label only when the label fills its cell to the end.
    """
    line = lines[index]
    at = past_separators(line, end)
    found = take(line, at)
    if found:
        return Reading(value=found[0], line=line, start=at, end=found[1])
    cell = line.cells[line.cell_at(max(0, end - 1))]
    rest = line.folded[end : cell.end].strip(SEPARATORS + ")")
    if not below or (rest and not rest.startswith("/")):
        return None
    part = line.folded[cell.start : end].count("/")
    return next(_under(lines, index, cell, part, take), None)


def _under(
    lines: Sequence[Line], index: int, cell: Cell, part: int, take: Take[Value]
) -> Iterator[Reading[Value]]:
    """Give the value that begins the cell right under a label; under "No. / Date" the first or
    the second `part`."""
    for line, under in beneath(lines, index, cell, most=1):
        start = under.start
        for _ in range(part):
            mark = line.folded.find(" / ", start, under.end)
            start = mark + 3 if mark >= 0 else start
        found = take(line, start)
        if found:
            yield Reading(value=found[0], line=line, start=start, end=found[1])


for _name in ("totals", "columns", "parties"):
    phrases_named(_name)  # a process that may load nothing any more finds them made
