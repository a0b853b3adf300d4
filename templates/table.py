"""Tables as CSV files that open in a spreadsheet and run nothing there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(lines: Iterable[Sequence[str]], comma: str = ";") -> bytes:
    """Return the rows as CSV (RFC 4180), in UTF-8 with a byte-order mark, `comma` between the cells.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    written = "".join(comma.join(map(_cell, line)) + "\r\n" for line in lines)
    return written.encode("utf-8-sig", "replace")


def _cell(value: str) -> str:
    risky = value.lstrip().startswith(FORMULA) or value.startswith(FORMULA)
    safe = f"'{value}" if risky else value
    if any(mark in safe for mark in '";,\r\n\t'):
        doubled = safe.replace('"', '""')
        return f'"{doubled}"'
    return safe
