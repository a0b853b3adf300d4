"""Read labelled lines as people write them, and the devices a mail names (F-4, F-22, F-62)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from parsers.counts import announced, count_of
from parsers.folding import fold
from parsers.lines import (
    QUANTITIES,
    REFERENCES,
    SERIALS,
    Line,
    cells_of,
    columns_of,
    is_header,
    lines_of,
    pairs_of,
)
from parsers.values import serials

# The key of a serial number that stands in a sentence and under no label.
SERIAL = "serial"

Fields = tuple[tuple[str, str], ...]

_LIKE_SERIAL = re.compile(r"(?=\D*\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-_./](?=[A-Za-z0-9])){3,29}")
_TOWN = re.compile(r"(?:[A-Z]{1,2}-?)?\d{4,5} +[A-Z]")
_WRAPPED = 60
_MOST_LINES = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A labelled value: the label as written, its key, its value, its line counted from 1.

    `row` numbers the rows of tables from 1; 0 is a line of its own.
    """

    name: str
    key: str
    value: str
    line: int
    row: int = 0


@lru_cache(maxsize=4)
def labelled(text: str, known: frozenset[str] = frozenset()) -> tuple[Label, ...]:
    """Return the labelled values of a text, in order; an empty value is "".

    "Nature du retour : Hors garantie", "N° de série<tab>ABC", bullets, quoted lines, rows under a
    table header. A value runs on over indented lines, over lines wrapped by the mail program, down
    to the postcode of an address, and over the lines under a label that has nothing behind it.
    With `known` (keys as `key_of` makes them) only those labels are given, and their colon may
    be missing.
    """
    lines = lines_of(text)
    found: list[Label] = []
    position = row = 0
    while position < len(lines):
        rows = _table(lines, position, known, row)
        if rows:
            found += rows
            row, position = rows[-1].row, rows[-1].line
            continue
        labels, position = _labels(lines, position, known)
        found += labels
    return tuple(found)


def _labels(lines: Sequence[Line], position: int, known: frozenset[str]) -> tuple[list[Label], int]:
    """Return the labels of one line and where to read on, the continuation lines passed."""
    pairs = list(pairs_of(lines[position], known))
    if not pairs:
        return [], position + 1
    more = _continuation(lines, position + 1, pairs[-1].value, known)
    value = "\n".join(filter(None, (pairs[-1].value, *more)))
    pairs[-1] = replace(pairs[-1], value=value)
    number = lines[position].number
    labels = [Label(name=p.name, key=p.key, value=p.value, line=number) for p in pairs]
    return labels, position + 1 + len(more)


def _continuation(
    lines: Sequence[Line], start: int, value: str, known: frozenset[str]
) -> list[str]:
    """Return the lines that belong to the value before them: up to a blank line or a label."""
    block: list[Line] = []
    for line in lines[start : start + _MOST_LINES]:
        if not line.text or any(pairs_of(line, known)) or is_header(line, known):
            break
        block.append(line)
    if not value:
        return [line.text for line in block]
    town = next((n for n, line in enumerate(block[:4], 1) if _TOWN.match(line.text)), 0)
    wrapped, before = town, len(value)
    for line in block[town:]:
        if not line.indented and before < _WRAPPED:
            break
        wrapped, before = wrapped + 1, len(line.text)
    return [line.text for line in block[:wrapped]]


def _table(lines: Sequence[Line], position: int, known: frozenset[str], row: int) -> list[Label]:
    """Return the cells of the table whose header stands here, each under its column's label."""
    columns = columns_of(lines[position], known)
    if not columns:
        return []
    names = cells_of(lines[position])
    found: list[Label] = []
    for line in lines[position + 1 :]:
        cells = cells_of(line)
        if len(cells) < 2 or fold(cells[0]).startswith("total"):
            break
        row += 1
        found += [
            Label(name=name, key=key, value=cell, line=line.number, row=row)
            for name, key, cell in zip(names, columns, cells, strict=False)
            if key and (not known or key in known or key in QUANTITIES)
        ]
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A device: keys with their values, and how many of it the mail announces."""

    fields: Fields = ()
    quantity: int = 1


def items(text: str, known: frozenset[str] = frozenset()) -> tuple[Item, ...]:
    """Return the devices a mail names, at least one; what is said once is said of each.

    Several are: the rows of a table, blocks in which a serial number or a reference is labelled
    again, a list of serial numbers. A row without serial number stays an item (F-62). When more
    are announced than serial numbers given ("10 lecteurs"), it is one item with that quantity and
    whatever serial numbers there are (F-4a).
    """
    wider = known | QUANTITIES | SERIALS if known else known
    labels = tuple(_renamed(v, known) for v in labelled(text, wider) if v.value)
    quantity = max((count_of(v.value) for v in labels if _is_count(v)), default=0)
    named = tuple(label for label in labels if label.key not in QUANTITIES)
    rows = _rows(labels)
    if rows:
        return rows
    blocks = _blocks(named) or _listed(named, text)
    quantity = quantity or announced(text)
    if len(blocks) > 1 and quantity <= len(blocks):
        return tuple(Item(fields=fields) for fields in blocks)
    if len(blocks) > 1:
        return (Item(fields=_merged(blocks), quantity=quantity),)
    return (Item(fields=_single(named, text), quantity=max(1, quantity)),)


def _renamed(label: Label, known: frozenset[str]) -> Label:
    """Give a serial number the caller has no such word for the key every caller knows."""
    strange = label.key in SERIALS and known and label.key not in known
    return replace(label, key=SERIAL) if strange else label


def _is_count(label: Label) -> bool:
    """Say whether a label outside tables tells how many."""
    return label.key in QUANTITIES and not label.row


def _pairs(labels: Sequence[Label]) -> Fields:
    """Return keys and values of labels."""
    return tuple((label.key, label.value) for label in labels)


def _rows(labels: Sequence[Label]) -> tuple[Item, ...]:
    """Make an item of each table row that names a device, with what stands outside the table."""
    shared = _pairs([v for v in labels if not v.row and v.key not in QUANTITIES])
    numbers = sorted({v.row for v in labels if v.row and v.key in SERIALS | REFERENCES})
    found = []
    for number in numbers:
        row = [label for label in labels if label.row == number]
        count = max((count_of(v.value) for v in row if v.key in QUANTITIES), default=1)
        fields = _pairs([v for v in row if v.key not in QUANTITIES])
        own = {key for key, _ in fields}
        rest = tuple(pair for pair in shared if pair[0] not in own)
        found.append(Item(fields=(*rest, *fields), quantity=max(1, count)))
    return tuple(found)


def _blocks(labels: Sequence[Label]) -> list[Fields]:
    """Cut labels into blocks, one a device, where a serial number or a reference comes again."""
    repeated = _repeated(labels)
    if not repeated & (SERIALS | REFERENCES):
        return []
    starts = _starts(labels, repeated)
    shared: list[Label] = list(labels[: starts[0]])
    blocks: list[list[Label]] = []
    for start, end in zip(starts, [*starts[1:], len(labels)], strict=True):
        block = labels[start:end]
        last = max(n for n, label in enumerate(block) if label.key in repeated)
        blocks.append(list(block[: last + 1]))
        shared += block[last + 1 :]
    return [_pairs((*shared, *block)) for block in blocks]


def _repeated(labels: Sequence[Label]) -> frozenset[str]:
    """Return the keys that stand there with more than one value."""
    values: dict[str, set[str]] = {}
    for label in labels:
        values.setdefault(_concept(label.key), set()).add(fold(label.value))
    many = {key for key, said in values.items() if len(said) > 1}
    return frozenset(label.key for label in labels if _concept(label.key) in many)


def _concept(key: str) -> str:
    """Take all words for a serial number as one."""
    return SERIAL if key in SERIALS else key


def _starts(labels: Sequence[Label], repeated: frozenset[str]) -> list[int]:
    """Return where each block begins: at a repeated label the block already has."""
    starts: list[int] = []
    seen: set[str] = set()
    for position, label in enumerate(labels):
        if label.key not in repeated:
            continue
        if not starts or _concept(label.key) in seen:
            starts.append(position)
            seen = set()
        seen.add(_concept(label.key))
    return starts


def _listed(labels: Sequence[Label], text: str) -> list[Fields]:
    """Make a block of each serial number of a list, under one label or in a sentence."""
    for label in labels:
        pieces = _pieces(label.value) if label.key in SERIALS else ()
        if len(pieces) > 1:
            rest = _pairs([other for other in labels if other is not label])
            return [(*rest, (label.key, piece)) for piece in pieces]
    if any(label.key in SERIALS for label in labels):
        return []
    said = serials(text)
    return [(*_pairs(labels), (SERIAL, one)) for one in said] if len(said) > 1 else []


def _pieces(value: str) -> tuple[str, ...]:
    """Cut a value into serial numbers; () when one piece is none."""
    pieces = [p.strip(" \t-•*.") for p in re.split(r"[,;/\n]| et | and | und | en ", value)]
    pieces = [piece for piece in pieces if piece]
    whole = all(_LIKE_SERIAL.fullmatch(piece) for piece in pieces)
    return tuple(dict.fromkeys(pieces)) if whole else ()


def _merged(blocks: Sequence[Fields]) -> Fields:
    """Join blocks into one device sheet: values that differ stand one under the other."""
    values: dict[str, list[str]] = {}
    for key, value in (pair for block in blocks for pair in block):
        said = values.setdefault(key, [])
        if value not in said:
            said.append(value)
    return tuple((key, "\n".join(said)) for key, said in values.items())


def _single(labels: Sequence[Label], text: str) -> Fields:
    """Return the fields of the only device, its serial number from a sentence if need be."""
    fields = _pairs(labels)
    if any(label.key in SERIALS for label in labels):
        return fields
    said = serials(text)
    return (*fields, (SERIAL, said[0])) if len(said) == 1 else fields
