"""Tell the devices a mail names apart, each with what is said of it (F-4, F-4a, F-62)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.fields.counts import announced, count_of
from parsers.fields.label_names import QUANTITIES, REFERENCES, SERIALS
from parsers.fields.labels import Label, labelled
from parsers.fields.records import SERIAL, records
from parsers.fields.serials import serials
from parsers.folding import fold

Fields = tuple[tuple[str, str], ...]

_BETWEEN = re.compile(r"[,;\n&+]| / | et | and | und | en ")
_LIKE_SERIAL = re.compile(r"(?=\D*\d)[A-Za-z0-9](?:[A-Za-z0-9]|[-_./](?=[A-Za-z0-9])){3,29}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A device: keys with their values, and how many of it the mail announces."""

    fields: Fields = ()
    quantity: int = 1


def items(text: str, known: frozenset[str] = frozenset()) -> tuple[Item, ...]:
    """Return the devices a mail names, at least one; what is said once is said of each.

    Several are: the rows of a table, lines that each name a device, blocks in which a serial number
    or a reference is labelled again, a list of serial numbers. A row without serial number stays an
    item (F-62). When more are announced than serial numbers given ("10 lecteurs"), it is one item
    with that quantity and whatever serial numbers there are (F-4a).
    """
    wider = known | QUANTITIES | SERIALS if known else known
    labels = tuple(_renamed(v, known) for v in labelled(text, wider) if v.value)
    quantity = max((count_of(v.value) for v in labels if _is_count(v)), default=0)
    named = tuple(label for label in labels if label.key not in QUANTITIES)
    rows = _rows(labels)
    if rows:
        return rows
    blocks = _recorded(named, text) or _blocks(named) or _listed(named, text)
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
    by_row: dict[int, list[Label]] = {}
    for label in labels:
        by_row.setdefault(label.row, []).append(label)
    shared = _pairs([v for v in by_row.pop(0, []) if v.key not in QUANTITIES])
    devices = (row for row in by_row.values() if any(v.key in SERIALS | REFERENCES for v in row))
    return tuple(_row(row, shared) for row in devices)


def _row(row: Sequence[Label], shared: Fields) -> Item:
    """Make an item of the cells of a row; a cell wins over what stands outside the table."""
    count = max((count_of(v.value) for v in row if v.key in QUANTITIES), default=1)
    fields = _pairs([v for v in row if v.key not in QUANTITIES])
    own = {key for key, _ in fields}
    rest = tuple(pair for pair in shared if pair[0] not in own)
    return Item(fields=(*rest, *fields), quantity=max(1, count))


def _recorded(labels: Sequence[Label], text: str) -> list[Fields]:
    """Make a block of each line that names a device on its own, with what stands elsewhere."""
    lines = records(text)
    numbers = {line.number for line in lines}
    shared = _pairs([label for label in labels if label.line not in numbers])
    return [(*shared, *line.fields) for line in lines]


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
    pieces = [p.strip(" \t-•*.") for p in _BETWEEN.split(value)]
    pieces = [piece for piece in pieces if piece]
    parts = value.split("/")  # "2021/0456" is one number, "AX1001/AX1002" are two
    if len(pieces) == 1 and len({len(part) for part in parts}) == 1 and len(parts[0]) > 5:
        pieces = parts
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
