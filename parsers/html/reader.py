"""Read the tags of a page and lay out what a person sees of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from parsers.html.marks import PLAIN, Role, Traits, traits_of
from parsers.html.page import (
    ATTRIBUTION,
    INDENT_LIMIT,
    OLDER,
    SIGNATURE,
    VEILS,
    Flow,
    Line,
    Page,
    Table,
    lay_out,
    leads_elsewhere,
    mark_lead,
    trimmed,
)
from parsers.html.stack import Element, Stack
from parsers.html.tags import read_tokens

TABLE_DEPTH_LIMIT = 20

BLOCKS = frozenset(
    {"p", "div", "section", "article", "header", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
     "ul", "ol", "dl", "dt", "dd", "table", "form", "fieldset", "address", "pre", "center",
     "blockquote", "hr", "main", "nav", "aside", "figure", "li", "tr", "td", "th", "caption",
     "tbody", "thead", "tfoot", "menu", "dir", "details", "summary"}
)  # fmt: skip
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
CELLS = frozenset({"td", "th"})
LISTS = frozenset({"ul", "ol", "menu", "dir"})
VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "param", "source",
     "track", "wbr", "basefont", "bgsound", "frame", "keygen", "html", "body", "head"}
)  # fmt: skip
RULE = "_" * 32
MARKS = {Role.ATTRIBUTION: ATTRIBUTION, Role.SIGNATURE: SIGNATURE, Role.OLDER: OLDER}


@dataclass(kw_only=True, slots=True)
class _Reader:
    """What the tags so far opened."""

    page: Page = field(default_factory=Page)
    stack: Stack = field(default_factory=Stack)
    hidden: int = 0
    small: bool = False
    kept: int = 0
    leads: int = 0
    rest: bool = False
    sent: bool = False
    tables: list[Table] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    href: str = ""
    link: list[str] = field(default_factory=list)


def read_lines(html: str) -> list[Line]:
    """Give the lines a person sees of a page. Total and linear."""
    veiled = any(mark in html for mark in VEILS)
    reader = _Reader(page=Page(veiled=veiled))
    for words, name, attributes, closing in read_tokens(html):
        if words and not (reader.hidden or reader.small):
            _write(reader, words)
        if closing:
            _close(reader, name)
        elif name:
            _open(reader, name, attributes)
    while reader.stack.elements:
        _leave(reader, reader.stack.pop())
    _end_link(reader)
    reader.page.end_line()
    return reader.page.flow.lines


def _write(reader: _Reader, text: str) -> None:
    if reader.kept:
        reader.page.write_kept(text)
    elif not text.isspace() or reader.page.flow.pieces or "\u00a0" in text:
        reader.page.write(text)
        if reader.sent and text.strip():
            reader.sent = False
    if reader.href:
        reader.link.append(text)


def _open(reader: _Reader, name: str, text: str) -> None:
    traits = traits_of(name, text) if text or not reader.hidden else PLAIN
    if name in VOID:
        if not reader.hidden and traits.role is not Role.HIDDEN:
            _void(reader, name, traits)
        return
    block = name in BLOCKS
    if block:
        for element in reader.stack.implied(name):
            _leave(reader, element)
    elif traits is PLAIN and name != "a":
        if reader.stack.counts.get(name):  # its end must not close the one around it
            reader.stack.push(_inline(name))
        return
    _enter(reader, Element(name=name, traits=traits, before=reader.small), block=block)


@lru_cache(maxsize=256)
def _inline(name: str) -> Element:
    """Give the one element that stands for all that only set their text in another type."""
    return Element(name=name, traits=PLAIN, before=False)


def _void(reader: _Reader, name: str, traits: Traits) -> None:
    page = reader.page
    if name == "br":
        page.break_line()
    elif name == "hr":
        page.end_line()
        if traits.role is Role.START or reader.sent:
            _start_older(reader)
        page.write(RULE)
        page.end_line()
    elif traits.alt:
        page.write(traits.alt)


def _enter(reader: _Reader, element: Element, *, block: bool) -> None:
    name, traits = element.name, element.traits
    reader.stack.push(element)
    if traits.size >= 0:
        reader.small = traits.size == 0
    if traits.role is Role.HIDDEN:
        reader.hidden += 1
    if reader.hidden:
        return
    element.shown = True
    if block:
        _open_block(reader, element)
    elif name == "a":
        _end_link(reader)
        reader.href = traits.href
    if traits.pre or name == "pre":
        reader.kept += 1
    if traits.role is not Role.PLAIN:
        _take_role(reader, element)


def _open_block(reader: _Reader, element: Element) -> None:
    page, name = reader.page, element.name
    page.end_line()
    if name in SPACED and not element.traits.tight and not reader.lists:
        page.blank_line()
    elif name in LISTS:
        reader.lists.append(element.traits.start if name == "ol" else 0)
        element.indent = page.indent
    elif name == "li":
        _open_item(reader, element)
    elif name == "table" and len(reader.tables) < TABLE_DEPTH_LIMIT:
        reader.tables.append(Table())
        element.framed = True
    elif name == "tr" and reader.tables:
        reader.tables[-1].rows.append([])
    elif name in CELLS and reader.tables and len(reader.flows) < len(reader.tables):
        reader.flows.append(page.flow)
        element.indent, page.indent = page.indent, ""
        page.flow = Flow()
        element.framed = True


def _open_item(reader: _Reader, element: Element) -> None:
    """Put the bullet or number before what comes, and indent the lines below it."""
    page = reader.page
    element.indent = page.indent
    number = reader.lists[-1] if reader.lists else 0
    marker = "- "
    if number:
        number = element.traits.start if element.traits.start > 1 else number
        marker, reader.lists[-1] = f"{number}. ", number + 1
    page.flow.marker = marker
    if len(reader.lists) < INDENT_LIMIT:
        page.indent += " " * len(marker)


def _take_role(reader: _Reader, element: Element) -> None:
    page, role = reader.page, element.traits.role
    element.marks = page.marks
    if role is Role.QUOTE:
        page.end_line()
        page.depth += 1
    elif role in MARKS:
        page.marks |= MARKS[role]
    elif role is Role.LEAD:
        reader.leads += 1
        if reader.leads == 1 and not page.depth:
            page.end_line()
            element.flow, element.line = page.flow, len(page.flow.lines)
    elif role is Role.START:
        page.end_line()
        _start_older(reader)
    elif role is Role.SENT:
        reader.sent = True
    elif role is Role.BULLET:
        element.flow, element.line = page.flow, len(page.flow.pieces)


def _start_older(reader: _Reader) -> None:
    """Take all that comes for an older mail, with the rule above it."""
    page = reader.page
    reader.sent = False
    if page.depth or page.marks & OLDER:
        return
    reader.rest = True
    page.marks |= OLDER
    for line in reversed(page.flow.lines[-4:]):
        if line.text not in {"", RULE}:
            break
        line.marks |= OLDER


def _close(reader: _Reader, name: str) -> None:
    block = name in BLOCKS
    if block or name == "br":
        reader.page.end_line()
    elif not reader.stack.counts.get(name):
        return
    for element in reader.stack.closed(name, block=block):
        _leave(reader, element)


def _leave(reader: _Reader, element: Element) -> None:
    name, traits, page = element.name, element.traits, reader.page
    if traits.size >= 0:
        reader.small = element.before
    if traits.role is Role.HIDDEN:
        reader.hidden -= 1
    if not element.shown:
        return
    if name == "a":
        _end_link(reader)
    if name in BLOCKS:
        page.end_line()
        _close_block(reader, element)
    if traits.pre or name == "pre":
        reader.kept -= 1
    if traits.role is not Role.PLAIN:
        _drop_role(reader, element)


def _close_block(reader: _Reader, element: Element) -> None:
    page, name = reader.page, element.name
    if name in SPACED and not element.traits.tight and not reader.lists:
        page.blank_line()
    elif name in LISTS:
        reader.lists.pop()
        page.indent = element.indent
    elif name == "li":
        page.indent, page.flow.marker = element.indent, ""
    elif name == "table" and element.framed:
        page.extend(lay_out(reader.tables.pop()))
    elif name in CELLS and element.framed:
        cell, page.flow, page.indent = page.flow, reader.flows.pop(), element.indent
        rows = reader.tables[-1].rows if reader.tables else [[]]
        if not rows:
            rows.append([])
        rows[-1].extend([trimmed(cell.lines), *[[]] * (element.traits.span - 1)])


def _drop_role(reader: _Reader, element: Element) -> None:
    page, role = reader.page, element.traits.role
    if role is Role.QUOTE:
        page.end_line()
        page.depth -= 1
    elif role in MARKS:
        page.end_line()
        page.marks = element.marks | (page.marks & OLDER if reader.rest else 0)
    elif role is Role.BULLET:
        if element.flow is page.flow:
            page.end_bullet(element.line)
    elif role is Role.LEAD:
        reader.leads -= 1
        if element.flow is page.flow:
            page.end_line()
            mark_lead(page.flow.lines[element.line :])


def _end_link(reader: _Reader) -> None:
    """Show where a link leads when its words do not."""
    href, reader.href = reader.href, ""
    if not href:
        return
    words = " ".join("".join(reader.link).split())
    reader.link.clear()
    if leads_elsewhere(href, words):
        reader.page.append(f" <{href}>")
