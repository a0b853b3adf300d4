"""One line of a table, and why reading it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

MOST_COLUMNS = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line that is not empty: its number in the file, from 1, and its cells, stripped."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread:
    """Why reading ends: a code, the last line that was read, and what the reader says.

    Codes: broken, encrypted, macro, too_heavy, too_many_lines, too_many_columns."""

    code: str
    after: int = 0
    told: str = ""


Read: TypeAlias = "Line | Unread"
