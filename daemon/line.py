"""The line: accepted mails in memory, each with the reading of it, in order of arrival.

The journal row is the truth; the line only saves reading it again. A mail that finds no room is
not lost, it waits in the database until `has_overflowed` is dealt with.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Protocol

from handlers.understanding import Understood
from storage.journal import Pending

MOST_BYTES: Final = 256 << 20
OVERTAKE_SECONDS: Final = 0.5


class Readers(Protocol):
    """What the line asks of the reading processes."""

    def read(self, data: bytes, desk: str) -> Future[Understood]:
        """Queue a mail to be read."""


@dataclass(frozen=True, slots=True)
class InLine:
    """A mail in the line, since when (monotonic seconds), and the reading of it."""

    pending: Pending
    since: float
    reading: Future[Understood]


class Line:
    """Mails in order of arrival, at most `most` of them. Safe to use from several threads.

    `on_read` is called, from any thread, whenever a mail has been read.
    """

    def __init__(self, readers: Readers, *, most: int, on_read: Callable[[], None]) -> None:
        self._readers = readers
        self._most = most
        self._on_read = on_read
        self._entries: dict[int, InLine] = {}
        self._bytes = 0
        self._turn = threading.Lock()
        self._overflowed = False

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def ids(self) -> tuple[int, ...]:
        """The journal ids of the mails in line."""
        return tuple(self._entries)

    @property
    def room(self) -> int:
        """How many more mails may come."""
        return max(0, self._most - len(self._entries)) if self._bytes < MOST_BYTES else 0

    def enter(self, pending: Pending) -> None:
        """Let a mail stand in line and be read, unless it does already or there is no room."""
        with self._turn:
            if pending.id in self._entries:
                return
            if not self.room:
                self._overflowed = True
                return
            reading = self._readers.read(pending.raw.data, pending.desk)
            self._entries[pending.id] = InLine(pending, time.monotonic(), reading)
            self._bytes += len(pending.raw.data)
        reading.add_done_callback(lambda _: self._on_read())

    def leave(self, entries: Sequence[InLine]) -> None:
        """Take mails out of the line."""
        with self._turn:
            for entry in entries:
                if self._entries.pop(entry.pending.id, None):
                    self._bytes -= len(entry.pending.raw.data)

    def has_overflowed(self) -> bool:
        """Tell, once, that mails found no room, as soon as half of the line is free."""
        if not self._overflowed or 2 * len(self._entries) > self._most or not self.room:
            return False
        self._overflowed = False
        return True

    def overflow(self) -> None:
        """Note that more mails wait in the database."""
        self._overflowed = True

    def ready(self, limit: int) -> list[InLine]:
        """Return up to `limit` mails that have been read, in order of arrival.

        Nobody overtakes a mail that is being read, unless that takes long.
        """
        found: list[InLine] = []
        patient_since = time.monotonic() - OVERTAKE_SECONDS
        for entry in tuple(self._entries.values()):
            if entry.reading.done():
                found.append(entry)
            elif entry.since > patient_since:
                break
            if len(found) >= limit:
                break
        return found
