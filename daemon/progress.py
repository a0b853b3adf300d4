"""One line that says how far a long command is, on a terminal only."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self, TextIO

_STEP = 10_000  # rows between two looks at the terminal


class Progress:
    """A line on standard error that is written over and goes away at the end."""

    def __init__(self, what: str, out: TextIO | None = None) -> None:
        self._what = what
        self._out = out or sys.stderr
        self._shown = 0
        self._width = 0

    def show(self, done: int, what: str) -> None:
        """Say how many rows were read or written so far."""
        if done < self._shown:  # the next part of the work counts anew
            self._shown = 0
        if not self._out.isatty() or done < self._shown + _STEP:
            return
        line = f"{self._what}: {done:,} rows {what}"
        self._out.write(f"\r{line}")
        self._out.flush()
        self._shown, self._width = done, len(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _one: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        if self._width:
            self._out.write(f"\r{' ' * self._width}\r")
            self._out.flush()
