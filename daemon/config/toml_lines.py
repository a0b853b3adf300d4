"""Find the line of a key in TOML text, so that an error can name one."""

from __future__ import annotations

import re
from collections import Counter

from handlers.process.yaml_lines import Path

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def lines_of(text: str) -> dict[Path, int]:
    """Return the line (from 1) of every table and key of valid TOML, by its path.

    Elements of arrays and inline tables have none: use `handlers.process.yaml_lines.line_of`, which
    falls back on what contains them.
    """
    lines: dict[Path, int] = {}
    counted: Counter[Path] = Counter()
    table: Path = ()
    for number, line in _outside_strings(text):
        if header := _HEADER.match(line):
            table = _place(_parts(header[2]), counted, is_array=header[1] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            path = (*table, *_parts(key[1]))
            for length in range(len(table) + 1, len(path) + 1):
                lines.setdefault(path[:length], number)
    return lines


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _place(names: Path, counted: Counter[Path], *, is_array: bool) -> Path:
    """Return the path of a table, with the index of every array of tables on the way."""
    path: Path = ()
    for position, name in enumerate(names):
        path = (*path, name)
        if is_array and position == len(names) - 1:
            counted[path] += 1
        if counted[path]:
            path = (*path, counted[path] - 1)
    return path


def _outside_strings(text: str) -> list[tuple[int, str]]:
    """Return the lines that do not begin inside a string of several lines."""
    kept, closing = [], ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
            continue
        kept.append((number, line))
        for quote in ('"""', "'''"):
            if line.count(quote) % 2:
                closing = quote
    return kept
