"""Tell the lines of a list apart, whatever they are about: rows of a table, or labels again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from parsers.fields.label_names import TOTALS, known_key
from parsers.fields.labels import Label, labelled
from parsers.folding import key_of

_HEADERS = 20
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """What a text says of one line, keys and values in order, and the `text` in which it is said."""

    fields: Fields = ()
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """The lines of a text, and what stands beside them and is said of all."""

    blocks: tuple[Block, ...] = ()
    shared: Fields = ()


def listing(text: str, known: frozenset[str]) -> Listing:
    """Return the lines that a text lists under these labels (keys as `key_of` makes them).

    The rows of a table are lines; else a label that comes again begins one, values that differ or
    not. What is said once before them, or in a paragraph of its own behind them, is said of all. A
    text whose labels come once has one line.
    """
    labels = tuple(label for label in labelled(text, known) if label.value)
    rows: dict[int, list[Label]] = {}
    for label in labels:
        rows.setdefault(label.row, []).append(label)
    outside = rows.pop(0, [])
    if rows:
        blocks = tuple(_block(row, text) for row in rows.values())
        return Listing(blocks=blocks, shared=_pairs(outside))
    return _repeating(outside, text)


def blocks_of_rows(rows: Iterable[Sequence[str]], known: frozenset[str]) -> Iterator[Block]:
    """Yield the rows of a table as lines: cells under columns that go by these labels.

    Two columns with such labels make the first row that heads the table; it stands among the first
    20, below titles and notes. The cells under a label that comes twice are those of the first.
    """
    columns: tuple[str, ...] = ()
    for number, cells in enumerate(rows):
        if columns and not _is_total(cells):
            named = ((key, cell) for key, cell in zip(columns, cells, strict=False) if key and cell)
            yield Block(fields=tuple(named), text="\n".join(filter(None, cells)))
        elif not columns and number == _HEADERS:
            return
        elif not columns:
            columns = _columns(cells, known)


def _is_total(cells: Sequence[str]) -> bool:
    """Tell whether a row sums up those above it."""
    return key_of(next(filter(None, cells), "")).startswith(TOTALS)


def _columns(cells: Sequence[str], known: frozenset[str]) -> tuple[str, ...]:
    """Return the key of each column of a heading, "" for one nobody asks for; () for another row."""
    keys = [known_key(cell, known) for cell in cells]
    once = tuple(key if keys.index(key) == place else "" for place, key in enumerate(keys))
    return once if sum(map(bool, once)) > 1 else ()


def _repeating(labels: Sequence[Label], text: str) -> Listing:
    """Cut labels where one that comes again comes again."""
    counted = Counter(label.key for label in labels)
    if not any(times > 1 for times in counted.values()):
        return Listing(blocks=(_block(labels, text),) if labels else ())
    shared: list[Label] = []
    blocks: list[list[Label]] = []
    waiting: list[Label] = []
    seen: set[str] = set()
    paragraphs = _paragraphs(text)
    for label in labels:
        place = paragraphs[label.line - 1]
        if counted[label.key] == 1:
            last = blocks[-1][-1] if blocks else None
            beside = last is not None and not waiting and paragraphs[last.last - 1] == place
            (blocks[-1] if beside else waiting).append(label)
            continue
        if not blocks or label.key in seen:
            blocks.append([])
            seen = set()
        near = [one for one in waiting if paragraphs[one.last - 1] == place and len(blocks) > 1]
        shared += [one for one in waiting if one not in near]
        waiting = []
        blocks[-1] += [*near, label]
        seen.add(label.key)
    return Listing(
        blocks=tuple(_block(block, text) for block in blocks), shared=_pairs([*shared, *waiting])
    )


def _paragraphs(text: str) -> list[int]:
    """Return the number of the paragraph of each line; blank lines part them."""
    numbers: list[int] = []
    number, blank = 0, True
    for line in text.split("\n"):
        number += blank and bool(line.strip())
        blank = not line.strip()
        numbers.append(number)
    return numbers


def _block(labels: Sequence[Label], text: str) -> Block:
    lines = text.split("\n")
    numbers = sorted({n for label in labels for n in range(label.line, label.last + 1)})
    said = "\n".join(lines[n - 1] for n in numbers if n <= len(lines))
    return Block(fields=_pairs(labels), text=said)


def _pairs(labels: Sequence[Label]) -> Fields:
    return tuple((label.key, label.value) for label in labels)
