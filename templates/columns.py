"""Rows of cells where no table can be drawn: in text, and where there are too many columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

MOST_COLUMNS = 7  # more are broken letter by letter on a page of 640 pixels
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
