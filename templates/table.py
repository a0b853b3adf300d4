"""Tables as CSV files that open in a spreadsheet and run nothing there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """Return the rows as CSV (RFC 4180) with `;`, in UTF-8 with a byte-order mark.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    written = "".join(";".join(map(_cell, line)) + "\r\n" for line in lines)
    return written.encode("utf-8-sig", "replace")


def _cell(value: str) -> str:
    safe = f"'{value}" if value.lstrip(" ").startswith(FORMULA) else value
    if any(mark in safe for mark in '";\r\n'):
        doubled = safe.replace('"', '""')
        return f'"{doubled}"'
    return safe
