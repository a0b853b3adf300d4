"""A paper's Markdown becomes what stands on it, from top to bottom.

The dialect is that of the notices (`templates.markdown`): `> ` is a box, `## ` a heading, a value is put
in afterwards and never read as Markdown. What stands below a line `---` is the foot of every page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

import mistune
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from templates.markdown import CLOSE, OPEN
from templates.papers.typeface import Setting, markup, mm, printed

TEXT, HEADING, GAP = 10.5, 12.5, 3.6 * mm
PADDING = 3.5 * mm

Draw: TypeAlias = Callable[[Setting], list[Flowable]]
Token: TypeAlias = Mapping[str, Any]
_SLOT = re.compile(f"{OPEN}b?(\\d+){CLOSE}")
_ALONE = re.compile(f"{OPEN}b(\\d+){CLOSE}")
_read: Callable[[str], Any] = mistune.create_markdown(renderer=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A value on a paper: words within a sentence, or something drawn that stands alone."""

    text: str = ""
    draw: Draw | None = None


@dataclass(kw_only=True, slots=True)
class Flow:
    """What stands on a paper: its body, which may take more than one page, and the foot of each."""

    body: list[Flowable] = field(default_factory=list)
    foot: list[Flowable] = field(default_factory=list)


def flow_of(skeleton: str, pieces: Sequence[Piece], setting: Setting) -> Flow:
    """Return what a skeleton with slots says, its values filled in."""
    flow = Flow()
    part = flow.body
    for token in _tokens(skeleton):
        if token["type"] == "thematic_break":
            part = flow.foot
            continue
        part += _drawn(token, pieces, setting)
    return flow


@lru_cache(maxsize=256)
def _tokens(skeleton: str) -> Sequence[Token]:
    return tuple(one for one in _read(skeleton) if one["type"] != "blank_line")


def _drawn(token: Token, pieces: Sequence[Piece], setting: Setting) -> list[Flowable]:
    kind = token["type"]
    inside = token.get("children") or [{"type": "text", "raw": token.get("raw", "")}]
    if kind == "block_quote":
        return [_box(inside, pieces, setting), Spacer(0, GAP * setting.scale)]
    if kind == "list":
        numbered = bool(token["attrs"]["ordered"])
        return [*_items(inside, pieces, setting, numbered=numbered), Spacer(0, GAP * setting.scale)]
    if kind == "heading":
        size = HEADING if token["attrs"]["level"] > 1 else HEADING + 3
        said = Paragraph(_inline(inside, pieces), setting.style(size, bold=True))
        gap = GAP * setting.scale
        parts = [Spacer(0, gap), said, Spacer(0, gap / 3)]
        for one in parts:
            one.keepWithNext = 1  # no page ends with a heading
        return parts
    alone = _ALONE.fullmatch("".join(one.get("raw", "") for one in inside))
    draw = pieces[int(alone[1])].draw if alone else None
    if draw is not None:
        return [*draw(setting), Spacer(0, GAP * setting.scale)]
    said = Paragraph(_inline(inside, pieces), setting.style(TEXT))
    return [said, Spacer(0, GAP * setting.scale)]


def _items(
    items: Iterable[Token], pieces: Sequence[Piece], setting: Setting, *, numbered: bool
) -> list[Flowable]:
    style = setting.style(TEXT)
    style.leftIndent = 5 * mm
    space: Token = {"type": "softbreak"}
    inner = (
        [one for part in item["children"] for one in (*part.get("children", ()), space)]
        for item in items
    )
    marks = (f"{number}." if numbered else "•" for number in count(1))
    return [
        Paragraph(_inline(one, pieces), style, bulletText=mark)
        for mark, one in zip(marks, inner, strict=False)
    ]


def _box(inside: Iterable[Token], pieces: Sequence[Piece], setting: Setting) -> Flowable:
    """Return what is to be done, in a frame."""
    narrow = replace(setting, width=setting.width - 2 * PADDING)
    parts = [one for token in inside for one in _drawn_inside(token, pieces, narrow)]
    frame = [
        ("BOX", (0, 0), (-1, -1), 1.1, "#000000"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), PADDING * 0.75),
        ("BOTTOMPADDING", (0, 0), (-1, -1), PADDING),
    ]
    if parts and isinstance(parts[-1], Spacer):  # the frame has its own padding
        parts.pop()
    return Table([[parts]], colWidths=[setting.width], style=frame)


def _drawn_inside(token: Token, pieces: Sequence[Piece], setting: Setting) -> list[Flowable]:
    return [] if token["type"] == "blank_line" else _drawn(token, pieces, setting)


def _inline(tokens: Iterable[Token], pieces: Sequence[Piece]) -> str:
    """Return the words of a paragraph as markup."""
    return "".join(_part(one, pieces) for one in tokens)


def _part(token: Token, pieces: Sequence[Piece]) -> str:
    kind = token["type"]
    if kind == "linebreak":
        return "<br/>"
    if kind == "softbreak":
        return " "
    if kind == "strong":
        return f"<b>{_inline(token['children'], pieces)}</b>"
    if "children" in token:
        return _inline(token["children"], pieces)
    said = _SLOT.split(str(token.get("raw", "")))
    return "".join(
        markup(pieces[int(one)].text) if number % 2 else escape(printed(one))
        for number, one in enumerate(said)
    )
