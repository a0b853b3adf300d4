"""Build the containers Outlook makes: compound files (.msg) and winmail.dat."""

from __future__ import annotations

import struct

SECTOR, MINI, CUTOFF = 512, 64, 4_096
END, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def pad(data: bytes, size: int) -> bytes:
    return data + bytes(-len(data) % size)


class Compound:
    """A compound file of version 3; folders are dictionaries, streams are bytes."""

    def __init__(self, tree: dict) -> None:
        self.sectors: list[bytes] = []
        self.fat: list[int] = []
        self.mini = b""
        self.mini_fat: list[int] = []
        self.entries: list[list] = [["Root Entry", 5, FREE, FREE, FREE, END, 0]]
        self.entries[0][4] = self.folder(tree)

    def folder(self, tree: dict) -> int:
        following = FREE
        for name in reversed(tree):
            content = tree[name]
            number = len(self.entries)
            entry = [name, 1, FREE, following, FREE, 0, 0]
            self.entries.append(entry)
            if isinstance(content, dict):
                entry[4] = self.folder(content)
            else:
                entry[1] = 2
                entry[5], entry[6] = self.stream(content), len(content)
            following = number
        return following

    def stream(self, data: bytes) -> int:
        if len(data) >= CUTOFF:
            return self.chain(data)
        start = len(self.mini_fat)
        count = -(-len(data) // MINI)
        self.mini += pad(data, MINI)
        self.mini_fat += [*range(start + 1, start + count), END] if count else []
        return start if count else END

    def chain(self, data: bytes) -> int:
        start = len(self.sectors)
        data = pad(data, SECTOR)
        count = len(data) // SECTOR
        self.sectors += [data[n : n + SECTOR] for n in range(0, len(data), SECTOR)]
        self.fat += [*range(start + 1, start + count), END] if count else []
        return start if count else END

    def written(self) -> bytes:
        self.entries[0][5], self.entries[0][6] = self.chain(self.mini), len(self.mini)
        minis = self.chain(struct.pack(f"<{len(self.mini_fat)}I", *self.mini_fat))
        minis_count = -(-len(self.mini_fat) * 4 // SECTOR)
        directory = self.chain(b"".join(self.entry(*entry) for entry in self.entries))
        tables = 1
        while (len(self.sectors) + tables) * 4 > tables * SECTOR:
            tables += 1
        first = len(self.sectors)
        fat = self.fat + [FAT_SECTOR] * tables
        fat += [FREE] * (-len(fat) % (SECTOR // 4))
        table = struct.pack(f"<{len(fat)}I", *fat)
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
        head += struct.pack(
            "<IIIIIIIII", 0, tables, directory, 0, CUTOFF, minis, minis_count, END, 0
        )
        lists = [*range(first, first + tables)]
        head += struct.pack("<109I", *lists, *[FREE] * (109 - len(lists)))
        return head + b"".join(self.sectors) + table

    @staticmethod
    def entry(name, kind, left, right, child, start, size) -> bytes:
        text = name.encode("utf-16-le") + b"\x00\x00"
        return (
            text.ljust(64, b"\x00")
            + struct.pack("<HBBIII", len(text), kind, 1, left, right, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )


def message(head: int = 32, codepage: int = 1252, **values: object) -> dict:
    """A message folder: keys `pXXXX` are property numbers, values str, bytes or folders."""
    tree: dict = {}
    for name, value in values.items():
        number = name[1:].upper()
        if isinstance(value, str):
            tree[f"__substg1.0_{number}001F"] = value.encode("utf-16-le")
        elif isinstance(value, bytes):
            tree[f"__substg1.0_{number}0102"] = value
        else:
            tree[f"__substg1.0_{number}000D"] = value
    rows = struct.pack("<HHIQ", 3, 0x3FDE, 6, codepage)
    tree["__properties_version1.0"] = bytes(head) + rows
    return tree


def msg(tree: dict) -> bytes:
    """Write a .msg file."""
    return Compound(tree).written()


def attribute(identity: int, value: bytes) -> bytes:
    return struct.pack("<BII", 2, identity, len(value)) + value + b"\x00\x00"


def prop(kind: int, identity: int, value: bytes) -> bytes:
    return struct.pack("<HHII", kind, identity, 1, len(value)) + value + bytes(-len(value) % 4)


def tnef(*attributes: bytes) -> bytes:
    """Write a winmail.dat."""
    return struct.pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def properties(*rows: bytes) -> bytes:
    return struct.pack("<I", len(rows)) + b"".join(rows)
