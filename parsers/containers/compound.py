"""Read the streams of a compound file (MS-CFB), the container of .msg files.

Every chain of sectors is followed at most once round the file, and all that is read together is
at most twice its size: a file that points at itself costs nothing more.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFFFFFA
ENTRY = 128
ENTRIES_LIMIT = 20_000
STORAGE, STREAM, ROOT = 1, 2, 5


@dataclass(kw_only=True, slots=True)
class Storage:
    """A folder of the file: its streams and its folders by name."""

    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, Storage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


def read_compound(data: bytes) -> Storage | None:
    """Read the folders and streams of a file, as far as they go; None when it is none. Total."""
    if not data.startswith(MAGIC) or len(data) < 512:
        return None
    try:
        return _File(data).tree()
    except struct.error:
        return None


class _File:
    """The tables of a compound file (MS-CFB section 2)."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        # MS-CFB knows 512 or 4096 octets, and 64: smaller ones would only multiply the steps
        self.size = 1 << min(max(shift, 7), 16)
        self.mini_size = 1 << min(max(mini_shift, 6), 12)
        (first_entry,) = struct.unpack_from("<I", data, 48)
        self.cutoff, first_mini = struct.unpack_from("<II", data, 56)
        self.budget = 2 * len(data)
        self.table = _numbers(b"".join(self._sector(number) for number in self._table_sectors()))
        self.mini_table = _numbers(self._chain(first_mini)[: 4 * (len(data) // self.mini_size + 1)])
        self.entries = _entries(self._chain(first_entry))
        self.mini = self._chain(self.entries[0].start) if self.entries else b""

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size
        return self.data[start : start + self.size]

    def _table_sectors(self) -> list[int]:
        """List the sectors of the allocation table: 109 in the header, then a chain of lists."""
        found = list(struct.unpack_from("<109I", self.data, 76))
        (following,) = struct.unpack_from("<I", self.data, 68)
        most = len(self.data) // self.size + 1
        for _ in range(most):
            numbers = _numbers(self._sector(following)) if following < LAST_SECTOR else ()
            if not numbers:
                break
            found.extend(numbers[:-1])
            following = numbers[-1]
        # a sector of the table tells of size / 4 sectors: more of it than that tells of nothing
        enough = most // (self.size // 4) + 1
        return [number for number in found if number < LAST_SECTOR][:enough]

    def _chain(self, number: int) -> bytes:
        """Join the sectors of a chain."""
        pieces: list[bytes] = []
        most = len(self.data) // self.size + 1
        while number < len(self.table) and len(pieces) < most and self.budget > 0:
            pieces.append(self._sector(number))
            self.budget -= self.size
            number = self.table[number]
        return b"".join(pieces)

    def _mini_chain(self, number: int, size: int) -> bytes:
        pieces: list[bytes] = []
        most = size // self.mini_size + 1
        while number < len(self.mini_table) and len(pieces) < most and self.budget > 0:
            start = number * self.mini_size
            pieces.append(self.mini[start : start + self.mini_size])
            self.budget -= self.mini_size
            number = self.mini_table[number]
        return b"".join(pieces)

    def tree(self) -> Storage:
        """Walk the directory: each entry once, whatever points where."""
        root = Storage()
        seen = {0}
        tasks = [(self.entries[0].child, root)] if self.entries else []
        while tasks:
            number, folder = tasks.pop()
            if number in seen or number >= len(self.entries):
                continue
            seen.add(number)
            entry = self.entries[number]
            tasks += [(entry.left, folder), (entry.right, folder)]
            if entry.kind == STORAGE:
                inner = folder.storages.setdefault(entry.name, Storage())
                tasks.append((entry.child, inner))
            elif entry.kind == STREAM:
                folder.streams.setdefault(entry.name, self._stream(entry))
        return root

    def _stream(self, entry: _Entry) -> bytes:
        size = min(entry.size, len(self.data))
        small = size < self.cutoff
        content = self._mini_chain(entry.start, size) if small else self._chain(entry.start)
        return content[:size]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _entries(data: bytes) -> list[_Entry]:
    count = min(len(data) // ENTRY, ENTRIES_LIMIT)
    return [_entry(data[number * ENTRY : (number + 1) * ENTRY]) for number in range(count)]


def _entry(data: bytes) -> _Entry:
    size, kind, left, right, child = struct.unpack_from("<HBxIII", data, 64)
    start, length = struct.unpack_from("<II", data, 116)
    name = data[: max(0, min(size, 64) - 2)].decode("utf-16-le", "replace")
    return _Entry(name, kind, left, right, child, start, length)
