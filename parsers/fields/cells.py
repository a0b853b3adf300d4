"""Cut a line into the cells of a table, and know the header of one."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.fields.label_names import QUANTITIES, REFERENCES, SERIALS, known_key
from parsers.fields.lines import Line
from parsers.fields.spotting import has_digit


def cells_of(line: Line, *, commas: bool = False) -> tuple[str, ...]:
    """Return the cells of a table row, () for a line of text. Cells are cut at tabs, bars,
    semicolons or wide gaps; with `commas` at commas."""
    text = line.text
    if commas:
        return tuple(cell.strip(" \u00a0*_") for cell in text.split(","))
    if "\t" not in text and "  " not in text and "|" not in text and ";" not in text:
        return ()
    mark = next((mark for mark in ("\t", "|", ";") if mark in line.text), None)
    cells = line.text.strip("|").split(mark) if mark else re.split(r" {2,}", line.text)
    return tuple(cell.strip(" \u00a0*_") for cell in cells)


def is_header(line: Line, known: frozenset[str]) -> bool:
    """Say whether a row names columns: two cells that are labels, and none that is a value."""
    return len(columns_of(line, known)) > 1


def columns_of(line: Line, known: frozenset[str], *, commas: bool = False) -> tuple[str, ...]:
    """Return the keys of a header row, "" for a column nobody asks for; () for another line.

    Cut at commas, every cell must be a known label: a sentence has commas too.
    """
    cells = cells_of(line, commas=commas)
    if len(cells) < 2 or has_digit(line.text):
        return ()
    wanted = _with_columns(known)
    if commas and not known_key(cells[0], wanted):
        return ()
    keys = tuple(known_key(cell, wanted) for cell in cells)
    named = [key for key in keys if key]
    least = len(keys) if commas else max(2, (len(keys) + 1) // 2)
    return keys if len(named) >= least else ()


@lru_cache(maxsize=64)
def _with_columns(known: frozenset[str]) -> frozenset[str]:
    """Return the labels a column may have: what is known, and what names and counts devices."""
    return known | SERIALS | REFERENCES | QUANTITIES
