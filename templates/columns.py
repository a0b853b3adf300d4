"""Rows of cells where no table can be drawn: in text, and where there are too many columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

WIDTH = 537  # pixels that a table has on the narrowest page that stacks none
PADDING, HEAD_LETTER, LETTER = 10, 7.3, 8.4  # pixels, of Arial at 13 bold and at 15
LONGEST_WORD = 20  # letters; longer ones may be broken
WIDEST = 40  # characters that a cell of an aligned column is filled up to
CARD = (
    "margin:0 0 12px;padding:0 0 12px;font-size:15px;line-height:21px;"
    "border-bottom:1px solid #e4e7eb"
)
SOFT = "color:#55606c"


def level(shown: list[list[str]], *, aligned: bool) -> list[list[str]]:
    """Return cells of one line each, when `aligned` as wide as the widest of their column."""
    flat = [[cell.replace("\n", ", ") for cell in line] for line in shown]
    if not aligned:
        return flat
    widths = [min(max(map(len, column)), WIDEST) for column in zip_longest(*flat, fillvalue="")]
    return [[cell.ljust(widths[n]) for n, cell in enumerate(line)] for line in flat]


def fits(head: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Tell whether a page has room for these columns with every word whole."""
    widths = (_width(column) for column in zip_longest(head, *body, fillvalue=""))
    return sum(widths) <= WIDTH


def _width(column: Sequence[str]) -> float:
    """Return the pixels of a column as wide as its widest word, its header first."""
    head, *cells = (max(map(len, cell.split()), default=0) for cell in column)
    widest = min(max(cells, default=0), LONGEST_WORD)
    return PADDING + max(HEAD_LETTER * head, LETTER * widest)


def cards(body: Sequence[Sequence[str]], labels: Sequence[str]) -> str:
    """Return each row as a paragraph, a line for each cell that is filled, behind its label. Labels and
    cells are HTML already."""
    return "".join(f'<p class="card" style="{CARD}">{_card(line, labels)}</p>' for line in body)


def _card(line: Sequence[str], labels: Sequence[str]) -> str:
    filled = [(label, cell) for label, cell in zip(labels, line, strict=False) if cell]
    told = [
        f'<span class="soft" style="{SOFT}">{label}</span>{cell if n else f"<strong>{cell}</strong>"}'
        for n, (label, cell) in enumerate(filled)
    ]
    return "<br>\n".join(told)
