"""Filters of notice sources for what can be long: they take from the room of the message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from jinja2.runtime import Context
from jinja2.utils import pass_context

from templates import block, digest, lists
from templates.enclosed import SHOWN
from templates.language import Language
from templates.room import Room, item_weight, row_weight
from templates.view import DocumentView

T = TypeVar("T")
TASK = 1_000  # octets of a ticket in a digest


def room_of(context: Context) -> tuple[Room, Language]:
    """Return the room of the message, and the language that says what had none."""
    room: Room = context["room"]
    language: Language = context["language"]
    return room, language


def fitted(context: Context, pairs: Iterable[block.Pair]) -> list[tuple[str, str]]:
    """Return (label, value) pairs, values as far as there is room."""
    room, _ = room_of(context)
    return [(label, room.words(value)) for label, value in map(block.pair, pairs)]


@pass_context
def quote(context: Context, words: object) -> block.Block:
    """Return somebody's words, set apart."""
    return block.quote(room_of(context)[0].words(block.clean(words).strip("\n")))


@pass_context
def letter(context: Context, words: object) -> block.Block:
    """Return somebody's words as the body of a letter."""
    return block.letter(room_of(context)[0].words(block.clean(words).strip("\n")))


@pass_context
def rows(context: Context, pairs: Iterable[block.Pair]) -> block.Block:
    """Return (label, value) pairs as a recap."""
    return block.rows(fitted(context, pairs), room_of(context)[1].words["colon"])


@pass_context
def table(
    context: Context, lines: Iterable[Sequence[object]], header: Sequence[object] = ()
) -> block.Block:
    """Return rows under a header, the first of them when there is no room for all: a file has them."""
    _, spoken = room_of(context)
    read = [[block.plain(cell) for cell in line] for line in lines]
    shown, more = _first(context, read, header, [[cell.text for cell in line] for line in read])
    return _with(block.table(shown, header, spoken.words["colon"]), more)


@pass_context
def comparison(
    context: Context, compared: Iterable[Mapping[str, object]], header: Sequence[object] = ()
) -> block.Block:
    """Return an order beside its quote; where there is no room for all, first what differs."""
    _, spoken = room_of(context)
    read = list(compared)
    odd_first = sorted(read, key=lambda one: not one["odd"])
    cells = [_compared(one) for one in odd_first]
    shown, more = _first(context, odd_first, header, cells)
    kept = read if not more else shown
    return _with(block.comparison(kept, header, spoken.words["colon"]), more)


def _compared(one: Mapping[str, object]) -> list[str]:
    return [block.clean(one[name]) for name in ("label", "quote", "order", "verdict")]


def _first(
    context: Context,
    lines: Sequence[T],
    header: Sequence[object],
    cells: Sequence[Sequence[str]],
) -> tuple[Sequence[T], str]:
    """Return the lines there is room for, and what tells of the others, "" without any."""
    room, spoken = room_of(context)
    count = room.items(cells, row_weight)
    if count == len(lines):
        return lines, ""
    head = tuple(map(block.clean, header))
    name = room.attach(spoken.words["more_file"], (head, *map(tuple, cells)))
    return lines[:count], spoken.words["more_rows"].format(count=len(lines) - count, name=name)


def _with(shown: block.Block, more: str) -> block.Block:
    if not more:
        return shown
    told = block.html_of(more)
    html = f'{shown.html}<p style="margin:0 0 16px"><strong>{told}</strong></p>'
    return replace(shown, text=f"{shown.text}\n{more}", html=html)


def _list(
    context: Context, items: Iterable[str], make: Callable[[list[str]], block.Block]
) -> block.Block:
    room, spoken = room_of(context)
    read = list(items)
    count = room.items(read, item_weight)
    left = len(read) - count
    return make([*read[:count], *([spoken.words["more"].format(count=left)] if left else [])])


@pass_context
def bullets(context: Context, items: Iterable[object]) -> block.Block:
    """Return a list of items, the first of them when there is no room for all."""
    return _list(context, map(block.clean, items), lists.bullets)


@pass_context
def tasks(context: Context, rows: Iterable[Mapping[str, object]]) -> block.Block:
    """Return a line for each ticket that needs somebody, as many as there is room for."""
    room, spoken = room_of(context)
    read = list(rows)
    left = len(read) - room.items(read, lambda _: TASK)
    shown = digest.tasks(read[: len(read) - left])
    return _with(shown, spoken.words["more"].format(count=left) if left else "")


@pass_context
def files(
    context: Context, documents: Iterable[DocumentView], *, numbered: bool = False
) -> block.Block:
    """Return documents as a list, with the numbers that commands use when asked for."""
    return _list(context, lists.names_of(documents, numbered=numbered), lists.bullets)


@pass_context
def pictures(context: Context, shown: Iterable[tuple[str, str]]) -> block.Block:
    """Return the first pictures of a message, and how many more are attached."""
    read = list(shown)
    made = lists.pictures(read[:SHOWN])
    left = len(read) - SHOWN
    return _with(made, room_of(context)[1].words["more"].format(count=left) if left > 0 else "")
