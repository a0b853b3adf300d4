"""Lay out the lines of a page: quotations, lists, tables, and what each line is known to be."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ATTRIBUTION, SIGNATURE, OLDER = 1, 2, 4
"""What a line is known to be; marks add up."""

INDENT_LIMIT = 8
LINK_LIMIT = 2_000
BULLET_PIECES = 6
BULLET_LENGTH = 12
JOIN_LINES = 4
JOIN_LENGTH = 300
SPACE = re.compile(r"[ \t\r\n\f]+")
# Soft hyphens, joiners, direction marks and their like; a non-joiner counts inside a word.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffc]+"
    r"|(?<!\w)\u200c|\u200c(?!\w)"
)
# Only pages with one of these pay for the search for invisible characters.
VEILS = (*"\u00ad\u034f\u180e\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067"
         "\u2068\u2069\ufeff\ufffc", "&#", "&zw", "&shy", "&Zero", "&NoBreak", "&lrm", "&rlm")  # fmt: skip


@dataclass(kw_only=True, slots=True)
class Line:
    """A line: the depth of its quotation, its words, what it is known to be."""

    depth: int
    text: str
    marks: int = 0


@dataclass(kw_only=True, slots=True)
class Flow:
    """Lines that grow: of the page, or of a cell of a table."""

    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    marks: int = 0
    marker: str = ""


@dataclass(kw_only=True, slots=True)
class Table:
    """The rows of a table so far; each cell is a list of lines."""

    rows: list[list[list[Line]]] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Page:
    """What was written so far; `depth` and `marks` are those of what comes next.

    `veiled` pages may have characters that show nothing.
    """

    veiled: bool = True
    flow: Flow = field(default_factory=Flow)
    depth: int = 0
    marks: int = 0
    indent: str = ""

    def write(self, text: str) -> None:
        """Write words in the current line; white space is one space, none opens a line."""
        if "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text:
            text = SPACE.sub(" ", text)
        pieces = self.flow.pieces
        if text[:1] == " " and (not pieces or pieces[-1][-1] in " \t"):
            text = text[1:]
        if text:
            pieces.append(text)
            self.flow.marks |= self.marks

    def write_kept(self, text: str) -> None:
        """Write text whose line breaks count."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.break_line()
            if line:
                self.flow.pieces.append(line)
                self.flow.marks |= self.marks

    def end_line(self) -> None:
        """End the line, if anything stands in it."""
        if self.flow.pieces:
            self.break_line()

    def break_line(self) -> None:
        """End the line even if it is blank."""
        flow = self.flow
        text = "".join(flow.pieces).replace("\u00a0", " ")
        if self.veiled:
            text = INVISIBLE.sub("", text)
        text = text.rstrip()
        if text:
            indent = self.indent[len(flow.marker) :] if flow.marker else self.indent
            text = f"{indent}{flow.marker}{text}"
            flow.marker = ""
        flow.lines.append(Line(depth=self.depth, text=text, marks=flow.marks or self.marks))
        flow.pieces.clear()
        flow.marks = 0

    def blank_line(self) -> None:
        """End the line and leave a blank one, if there is none yet."""
        self.end_line()
        lines = self.flow.lines
        if lines and lines[-1].text:
            lines.append(Line(depth=self.depth, text="", marks=self.marks))

    def append(self, text: str) -> None:
        """Write behind the last word, even if its line has ended."""
        if self.flow.pieces:
            self.flow.pieces.append(text)
        elif self.flow.lines and self.flow.lines[-1].text:
            self.flow.lines[-1].text += text

    def end_bullet(self, start: int) -> None:
        """Give the bullet or number that Word drew itself, from piece `start` on, one space."""
        pieces = self.flow.pieces
        if not start < len(pieces) <= start + BULLET_PIECES:
            return
        bullet = "".join(pieces[start:]).strip()
        if len(bullet) <= BULLET_LENGTH:
            plain = len(bullet) == 1 and not bullet.isdigit()
            pieces[start:] = ["- "] if plain else [f"{bullet} "] if bullet else []

    def extend(self, lines: list[Line]) -> None:
        """Add lines that are laid out already, indented as the place asks."""
        for line in lines:
            if self.indent and line.text:
                line.text = self.indent + line.text
        self.flow.lines.extend(lines)


def leads_elsewhere(href: str, words: str) -> bool:
    """Tell whether a web address cannot be read from the words of its link."""
    if not words or len(href) > LINK_LIMIT or not href.lower().startswith(("http://", "https://")):
        return False
    bare = href.partition("://")[2].rstrip("/").lower()
    return bare not in words.lower() and bare.removeprefix("www.") not in words.lower()


def lay_out(table: Table) -> list[Line]:
    """Give the lines of a table: a row with several cells is one line, tabs between the cells."""
    width = max((len(row) for row in table.rows), default=0)
    used = [False] * width
    for row in table.rows:
        for number, cell in enumerate(row):
            used[number] = used[number] or bool(cell)
    rows = [[cell for number, cell in enumerate(row) if used[number]] for row in table.rows]
    full = sum(1 for row in rows if len(row) > 1 and all(len(cell) == 1 for cell in row))
    lines: list[Line] = []
    for row in rows:
        lines.extend(_row(row, columns=full > 1))
    return lines


def _row(cells: list[list[Line]], *, columns: bool) -> list[Line]:
    """Give the lines of a row. Among full rows a single value keeps its column."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return []
    if len(filled) == 1 and not (columns and len(filled[0]) == 1):
        return filled[0]
    heights = {len(cell) for cell in filled}
    depths = {line.depth for cell in filled for line in cell}
    if heights == {1} and len(depths) == 1:
        return [_joined([cell[0] if cell else None for cell in cells])]
    lengths = sum(len(line.text) for cell in filled for line in cell)
    if len(depths) == 1 and lengths <= JOIN_LENGTH and max(heights) <= JOIN_LINES:
        if len(heights) == 1 and not any(not line.text for cell in filled for line in cell):
            height = heights.pop()
            return [
                _joined([cell[number] if cell else None for cell in cells])
                for number in range(height)
            ]
        return [_joined([_folded(cell) if cell else None for cell in cells])]
    return [line for cell in filled for line in cell]


def _folded(cell: list[Line]) -> Line:
    words = " ".join(line.text.strip() for line in cell if line.text)
    return Line(depth=cell[0].depth, text=words, marks=cell[0].marks)


def _joined(cells: list[Line | None]) -> Line:
    """Join cells to one line; a tab inside a cell is a space, that columns stay in place."""
    texts = [cell.text.strip().replace("\t", " ") if cell else "" for cell in cells]
    known = [cell for cell in cells if cell]
    marks = 0
    for cell in known:
        marks |= cell.marks
    return Line(depth=known[0].depth, text="\t".join(texts).rstrip(), marks=marks)


def trimmed(lines: list[Line]) -> list[Line]:
    """Drop the blank lines at both ends."""
    start, end = 0, len(lines)
    while start < end and not lines[start].text:
        start += 1
    while end > start and not lines[end - 1].text:
        end -= 1
    return lines[start:end]


def mark_lead(lines: list[Line]) -> None:
    """Mark what introduces the quotation, or the forwarded mail if nothing is quoted."""
    quoted = next((number for number, line in enumerate(lines) if line.depth), -1)
    if quoted >= 0:
        for line in [line for line in lines[:quoted] if line.text][-4:]:
            line.marks |= ATTRIBUTION
        return
    first = next((n for n, line in enumerate(lines) if line.marks & ATTRIBUTION), len(lines))
    for line in lines[first:]:
        line.marks = OLDER
