"""Blocks of words in the head of a paper, and the names of firms in them.

Words that stand under one another are a block. A label at its head says whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from parsers.business import Place
from parsers.files.paper_labels import (
    SEPARATORS,
    Phrases,
    labels_in,
    phrases_named,
    phrases_of,
    words_named,
)
from parsers.files.paper_lines import Cell, Line
from parsers.files.paper_number_labels import number_labels
from parsers.folding import fold
from parsers.word_lists import mapping_in, read_words

Name = tuple[str, Place]
"""A firm's name and where it stands."""

_POSTCODE = re.compile(
    r"(?:^|[ ,])(?:[a-z]{1,2}-)?\d{4,5}(?: [a-z]{2})? [a-z]{2}|[a-z]{1,2}\d[a-z0-9]? \d[a-z]{2}\b"
)
_NOT_NAME = re.compile(
    r"\d{2} \d{2} \d{2}|@|www\.|^(?:tel|fax|n |no |nr|siret|siren|tva|vat|btw|ust|rcs|page|date|datum|attn|"
    r"a l'attention|z\. ?hd|t\.a\.v|m\. |mme |mr |herr |frau |iban)"
    r"|\b(?:nr|no|nummer|number|ref|date|datum)\.?:?$"
)
_STREET = re.compile(r"[a-z.] ?\d{1,4}(?:[-/]\d{1,4})? ?[a-z]?$")
_NEAR = 1.9
_INLINE = re.compile(r" ?[|·•∙] ?| [-–—] |, ")
_BARS, _COMMAS, _DASHES = (re.compile(sign) for sign in (r" ?[|·•∙] ?", ", ", " [-–—] "))


@dataclass(slots=True)
class Block:
    """Cells that stand under one another, and whose they are by their label."""

    cells: list[tuple[Line, Cell]]
    role: str = ""

    @property
    def texts(self) -> list[str]:
        """The text of each cell."""
        return [line.text[cell.start : cell.end] for line, cell in self.cells]


def blocks_of(lines: Sequence[Line], roles: Mapping[str, str]) -> list[Block]:
    """Return the cells of a head as blocks, in the order in which they begin. `roles` tells who
    "from" and "to" are on this kind of paper."""
    blocks: list[Block] = []
    open_blocks: list[Block] = []
    for line in lines:
        open_blocks = [b for b in open_blocks if _is_near(b.cells[-1][0], line)]
        for cell in line.cells:
            role = _role(line, cell)
            role = roles.get(role, role)
            block = None if role else _above(open_blocks, cell, line)
            if block is None:
                block = Block([], role)
                blocks.append(block)
                open_blocks.append(block)
            block.cells.append((line, cell))
    return blocks


def _is_near(above: Line, line: Line) -> bool:
    """Tell whether a line goes on with what stands above it."""
    high = max(line.height, above.height)
    return -high < line.top - above.top <= _NEAR * high


def _above(blocks: Iterable[Block], cell: Cell, line: Line) -> Block | None:
    """Return the block a cell goes on: it begins at the same left edge, or right under it."""
    best: tuple[float, Block] | None = None
    for block in blocks:
        last, above = block.cells[-1]
        if last is line or abs(above.left - cell.left) > 40:
            continue
        if best is None or abs(above.left - cell.left) < best[0]:
            best = (abs(above.left - cell.left), block)
    return best[1] if best else None


def _role(line: Line, cell: Cell) -> str:
    """Return whose block a cell begins, "" when it says nothing: the label stands at its start
    and is alone, or a colon follows."""
    for label in labels_in(line, phrases_named("parties")):
        if cell.start <= label.start < cell.end and not line.folded[cell.start : label.start].strip(
            " -*"
        ):
            rest = line.folded[label.end : cell.end].lstrip(" )/")
            alone = not rest or rest.startswith((":", "("))
            led = " " in line.folded[label.start : label.end] and _is_address(rest)
            capital = line.text[label.start : label.end].isupper()
            if alone or led or (capital and not line.text[label.end : cell.end].isupper()):
                return label.meaning
    return ""


def _is_address(text: str) -> bool:
    """Tell a firm and its address in one line: "Firm, street, 4711 Town"."""
    return bool(_POSTCODE.search(text)) and _INLINE.search(text) is not None


def name_labelled(blocks: Sequence[Block], role: str) -> tuple[str, Place] | None:
    """Return the name in the first block with such a label, beside the label or under it."""
    for number, block in enumerate(blocks):
        if block.role != role:
            continue
        line, cell = block.cells[0]
        beside = _behind_colon(line, cell)
        cells = [(line, beside)] if beside else []
        cells += block.cells[1:] or _right_of(blocks, number)
        for one, place in cells:
            if name := _name(one, place):
                return name, one.place(place.start, place.end)
    return None


def _behind_colon(line: Line, cell: Cell) -> Cell | None:
    """Return what follows the label of a cell, in it."""
    label = next(
        (one for one in labels_in(line, phrases_named("parties")) if one.start >= cell.start), None
    )
    start = label.end if label else cell.end
    while start < cell.end and line.folded[start] in SEPARATORS + ")":
        start += 1
    return replace(cell, start=start) if start < cell.end else None


def _right_of(blocks: Sequence[Block], number: int) -> list[tuple[Line, Cell]]:
    """Return the block right of a label that stands alone."""
    line, cell = blocks[number].cells[0]
    for block in blocks[number + 1 :]:
        if block.cells[0][0] is line and not block.role and block.cells[0][1].left > cell.right:
            return block.cells
    return []


def letterhead_of(block: Block) -> Name | None:
    """Return the name a block begins with."""
    line, cell = block.cells[0]
    name = _name(line, cell)
    return (name, line.place(cell.start, cell.end)) if name else None


def names_addressed(blocks: Sequence[Block]) -> list[Name]:
    """Return the names at the head of the addresses nobody labelled, each once."""
    found: dict[str, Name] = {}
    for block in blocks:
        for name in () if block.role else _names_above_towns(block):
            found.setdefault(key_of_name(name[0]), name)
    return list(found.values())


def _names_above_towns(block: Block) -> Iterator[Name]:
    """Give the names addresses begin with: the topmost of the lines of one size that end with
    postcode and town, or the larger line right above them."""
    cells, begin = block.cells, 0
    for town, text in enumerate(block.texts):
        if not _POSTCODE.search(fold(text)):
            continue
        first = town
        while first > max(begin, town - 5) and _are_of_size(cells[first - 1], cells[town]):
            first -= 1
        lines = cells[max(begin, first - 1) : town + 1]
        names = ((name, line, cell) for line, cell in lines if (name := _name(line, cell)))
        name, line, cell = next(names, ("", *cells[town]))
        if name:
            yield name, line.place(cell.start, cell.end)
        begin = town + 1


def _are_of_size(one: tuple[Line, Cell], other: tuple[Line, Cell]) -> bool:
    """Tell whether two cells are set in one size."""
    high = _height(*other)
    return abs(_height(*one) - high) <= 0.12 * high


def _height(line: Line, cell: Cell) -> float:
    word = line.words(cell.start, cell.end)[0]
    return max(word.bottom - word.top, 1.0)


def key_of_name(name: str) -> str:
    """Return a name as it is compared."""
    return fold(name).strip()


def _name(line: Line, cell: Cell) -> str:
    """Return the text of a cell when it can be the name of a firm, "" otherwise. Of an address in
    one line ("Firm | street | town") its first part."""
    text = line.text[cell.start : cell.end].strip(" :-,|")
    if _POSTCODE.search(fold(text)):
        text = _first_part(text)
    folded = fold(text)
    letters = sum(map(str.isalpha, text))
    code = " " not in text and any(map(str.isdigit, text))
    wrong = letters < 3 or code or text[0].isdigit() or _NOT_NAME.search(folded)
    wrong = wrong or _STREET.search(folded)
    if wrong or _POSTCODE.search(folded) or _is_label(line, cell):
        return ""
    return text[:120]


def _first_part(text: str) -> str:
    """Return what stands before the street in an address of one line, "" in any other."""
    for sign in (_BARS, _COMMAS, _DASHES):
        if sign.search(text):
            return sign.split(text, maxsplit=1)[0].strip()
    return ""


def _is_label(line: Line, cell: Cell) -> bool:
    """Tell a label, a title or a date from a name."""
    text = line.folded[cell.start : cell.end]
    labels = (*labels_in(line, _not_names()), *number_labels(line))
    for label in labels:
        if label.start != cell.start:
            continue
        rest = line.folded[label.end : cell.end].strip(" .:#°-")
        numbered = not rest or any(map(str.isdigit, rest)) or ":" in text
        if label.meaning == "never" or numbered:
            return True
    return False


@lru_cache(maxsize=1)
def _not_names() -> Phrases:
    """Return what a name does not begin with: "never", or only when a number or colon follows."""
    titles = mapping_in(read_words("paper"), "nouns")
    of_kinds = mapping_in(read_words("paper"), "dated_of").values()
    days = (
        *words_named("dated"),
        *(word for words in of_kinds for word in words),
        *words_named("others"),
        *words_named("valid"),
    )
    parties = mapping_in(read_words("paper"), "parties")
    labels = (*days, *words_named("signs"), *words_named("own"), *words_named("yours"))
    told = {f"noun:{name}": words for name, words in titles.items()}
    told |= {f"party:{name}": words for name, words in parties.items()}
    return phrases_of({"never": words_named("not_names"), "label": labels} | told)


_not_names()  # a process that may load nothing any more finds them made
