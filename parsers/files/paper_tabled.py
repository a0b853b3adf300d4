"""Read the positions of a paper: the rows of its table, their wrapped cells joined.

A row with figures is a position; a row of mere text belongs to the position it stands nearest
to. Totals end the table, sums carried over a page are no positions, a head printed again on the
next page begins no second table. Without a head there are none, rather than wrong ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.business import Place, Position
from parsers.files.paper_amounts import Written, numbers_in
from parsers.files.paper_codes import Segment, codes_of, without
from parsers.files.paper_columns import Bounds, by_gutters, cells_of
from parsers.files.paper_labels import labels_in, phrases_named
from parsers.files.paper_lines import LONGEST, Line, line_of
from parsers.files.paper_products import GLUED
from parsers.files.paper_rows import Cells, Found, Positions, grouped
from parsers.files.paper_table import FARTHEST, Head, ends_table, head_at, is_carried
from parsers.files.rows import Word, box_of
from parsers.folding import fold

POSITIONS = 400
_FIGURES = ("quantity", "price", "amount", "gross", "discount", "tax")
_CODE = re.compile(r"(?=[A-Z0-9./_-]*\d)(?=[A-Z0-9./_-]*[A-Z])[A-Z0-9][A-Z0-9./_-]{3,}")
_LONGEST_UNIT = 14
_INDENT = 30.0


@dataclass(slots=True)
class _Row:
    """A row of the table: `figures` is None for a row of mere text."""

    index: int
    line: Line
    cells: Cells
    figures: dict[str, Written] | None

    @property
    def counts(self) -> bool:
        """Whether it has the figures of a position."""
        return self.figures is not None


def tabled_positions(lines: Sequence[Line], mark: str, bounds: Bounds = by_gutters) -> Positions:
    """Return the positions of the tables of a paper. `mark` is its decimal mark, `bounds` tells
    where columns end. Linear in the lines."""
    rows: list[_Row] = []
    used: set[int] = set()
    index, head = 0, None
    while index < len(lines) and len(rows) < 4 * POSITIONS:
        line = lines[index]
        begun = head_at(lines, index, bounds)
        if begun and (head is None or not rows or begun.meanings & head.meanings >= _kernel(head)):
            used.update(range(index, begun.below))
            head, index = begun, begun.below
            index = _read_rows(lines, index, head, mark, rows)
        elif head and rows and line.page > rows[-1].line.page and not _ended(lines, index, rows):
            index = _read_rows(lines, index, head, mark, rows)
        else:
            index += 1
    found = tuple(_positions(rows))[:POSITIONS]
    used.update(row.index for row in rows)
    return Positions(found=found, lines=frozenset(used)) if found else Positions()


def _kernel(head: Head) -> frozenset[str]:
    """Return what a head must name again to be the same one."""
    return head.meanings & {"description", "reference", "quantity", "amount"}


def _ended(lines: Sequence[Line], index: int, rows: Sequence[_Row]) -> bool:
    """Tell whether totals stand between the last row and a line on a later page."""
    between = lines[rows[-1].index + 1 : index + 1]
    return any(ends_table(line) or line.page > rows[-1].line.page + 1 for line in between)


def _read_rows(lines: Sequence[Line], index: int, head: Head, mark: str, rows: list[_Row]) -> int:
    """Append the rows of one page under a head; return the index of the line behind them."""
    page = lines[index].page if index < len(lines) else 0
    while index < len(lines) and lines[index].page == page:
        line = lines[index]
        above = rows[-1].line if rows else line
        far = line.page == above.page and line.top - above.top > FARTHEST
        if far or head_at(lines, index):
            return index
        cells = cells_of(line, head.columns)
        figures = _figures(cells, head, mark)
        if ends_table(line) and not (figures and "quantity" in figures):
            return index
        if not is_carried(line) or (figures and "quantity" in figures):
            text = any(cells.get(name) for name in ("description", "reference", "serial"))
            plain = not any(cells.get(name) for name in _FIGURES)
            if figures is not None or (text and plain):
                rows.append(_Row(index, line, cells, figures))
        index += 1
    return index


def _figures(cells: Cells, head: Head, mark: str) -> dict[str, Written] | None:
    """Return the figures of a row, None when it is no position."""
    read: dict[str, Written] = {}
    for name in _FIGURES:
        words = cells.get(name)
        if not words:
            continue
        text = _text(words)
        written = [one for one in numbers_in(text, mark) if name != "quantity" or not one.percent]
        written = written or (_glued(text) if name == "quantity" else [])
        if written and (name != "quantity" or _is_count(text, written)):
            read[name] = written[0]
        elif name not in ("tax", "discount"):
            return None
    named = bool(cells.get("description") or cells.get("reference") or cells.get("serial"))
    counted = "quantity" in read
    priced = "amount" in read or ("price" in read and counted)
    if "quantity" in head.meanings and not counted:
        told = _begins_column(cells.get("description", ()), head)
        return read if told and "amount" in read and read["amount"].is_money else None
    if {"amount", "price"} & head.meanings:
        return read if priced and (named or counted) else None
    return read if counted and named else None


def _glued(text: str) -> list[Written]:
    """Return the count of "2ST", whose unit sticks to it."""
    found = GLUED.match(fold(text))
    value = Decimal(found[1].replace(",", ".")) if found else Decimal()
    return [Written(value=value, start=found.start(1), end=found.end(1))] if found else []


def _begins_column(words: Sequence[Word], head: Head) -> bool:
    """Tell whether a description begins where descriptions do: labels of totals stand elsewhere."""
    lefts = [column.left for column in head.columns if column.meaning == "description"]
    return bool(words) and bool(lefts) and words[0].left - lefts[0] <= _INDENT


def _is_count(text: str, written: Sequence[Written]) -> bool:
    """Tell a quantity, perhaps with its unit, from a text with a number in it."""
    rest = text[: written[0].start] + text[written[0].end :]
    return len(written) == 1 and len(rest) <= _LONGEST_UNIT


def _text(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


def _positions(rows: Sequence[_Row]) -> Iterator[Found]:
    """Give the positions with the rows of text that belong to them."""
    groups: list[list[_Row]] = []
    for page in sorted({row.line.page for row in rows}):
        of_page = [row for row in rows if row.line.page == page]
        groups += grouped(of_page)
    found = [_position(group, number) for number, group in enumerate(groups, start=1)]
    yield from _coded(found, groups)


def _coded(found: Sequence[Found], groups: Sequence[Sequence[_Row]]) -> Iterator[Found]:
    """Give the positions; those without a reference with the code that their text names."""
    lack = [number for number, one in enumerate(found) if not one.position.reference]
    texts = [tuple(_told(groups[number])) for number in lack]
    codes = codes_of(texts)
    coded = {number: (code, said) for number, code, said in zip(lack, codes, texts, strict=True)}
    for number, one in enumerate(found):
        code, said = coded.get(number, (None, ()))
        yield _named_so(one, code.code, without(said, code)) if code else one


def _named_so(found: Found, reference: str, description: str) -> Found:
    """Return a position with another name."""
    named = replace(found.position, reference=reference, description=description)
    return replace(found, position=named)


def _told(group: Sequence[_Row]) -> Iterator[Segment]:
    """Give the lines of a description."""
    for row in group:
        words = row.cells.get("description", ()) or row.cells.get("reference", ())
        if words:
            yield Segment(text=_text(words), left=words[0].left)


def _position(group: Sequence[_Row], number: int) -> Found:
    """Join the rows of the position that is the paper's `number`th."""
    anchor = next(row for row in group if row.figures is not None)
    figures = anchor.figures or {}
    reference, description = _named(group)
    reference = _uncounted(reference, number)
    words = [word for row in group for word in row.line.row.words]
    quantity, price, amount = (figures.get(name) for name in ("quantity", "price", "amount"))
    position = Position(
        reference=reference,
        description=description,
        quantity=quantity.value if quantity else None,
        unit_price=price.value if price else None,
        net_cents=amount.cents if amount else None,
    )
    box = tuple(round(edge, 1) for edge in box_of(words))
    place = Place(page=anchor.line.page, line=anchor.line.row.text[:LONGEST], box=box)
    serials = tuple(
        word.text.upper().strip(",;") for row in group for word in row.cells.get("serial", ())
    )
    return Found(position=position, place=place, serials=serials)


def _uncounted(reference: str, number: int) -> str:
    """Return a reference without the running number that some tables print before it, unheaded."""
    head, _, rest = reference.partition(" ")
    count = head.strip(".)")
    counts = count.isascii() and count.isdigit() and len(count) <= 4
    return rest if rest and counts and int(count) in (number, 10 * number) else reference


def _named(group: Sequence[_Row]) -> tuple[str, str]:
    """Return the reference and the description of a position."""
    reference = ""
    for row in group:
        part = _text(row.cells.get("reference", ()))
        reference += part if not reference or reference.endswith(("-", "/", "_")) else f" {part}"
    reference = reference.strip()
    texts = [text for row in group if (text := _text(row.cells.get("description", ())))]
    if not reference:
        return _named_in_text(texts)
    if not texts and " " in reference:
        return _named_in_text([_text(row.cells.get("reference", ())) for row in group])
    return reference, " ".join(texts)


def _named_in_text(texts: Sequence[str]) -> tuple[str, str]:
    """Return the reference a description names: on a line of its own behind "article no.", else
    the code it begins with."""
    for number, text in enumerate(texts):
        code = _labelled_code(text)
        if code:
            return code, " ".join((*texts[:number], *texts[number + 1 :]))
    return _leading_code(texts)


def _labelled_code(text: str) -> str:
    """Return the code of a line "Article no.: LECT-400", "" when it says something else."""
    line = line_of(text)
    for label in labels_in(line, phrases_named("columns")) if line else ():
        if label.meaning == "reference" and label.start == 0:
            rest = text[label.end :].strip(" .:#°)")
            code = any(map(str.isdigit, rest)) or rest.isupper()
            return rest if code and " " not in rest else ""
    return ""


def _leading_code(texts: Sequence[str]) -> tuple[str, str]:
    """Part a description that begins with the article's code: "LECT-400 - Lecteur de badges",
    "[LECT-400] Lecteur", or the code alone on the first line."""
    description = " ".join(texts)
    first, _, rest = description.partition(" ")
    code = first.strip("[]():")
    alone = len(texts) > 1 and texts[0] == first and any(map(str.isdigit, code))
    marked = first != code and first.startswith("[")
    if rest and (_CODE.fullmatch(code) or alone or marked):
        return code, rest.lstrip("-–—: ")
    return "", description
