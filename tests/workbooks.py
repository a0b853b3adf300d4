"""Workbooks to read: sound ones by the library that others use, odd ones by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl


def workbook(rows: Sequence[Sequence[object]], *, second: str = "") -> bytes:
    """A workbook with these rows on its first sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if second:
        book.create_sheet(second).append(["other"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The workbook with these parts added, or others in their place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return out.getvalue()


def claiming(data: bytes, name: str, size: int) -> bytes:
    """The workbook, one of whose parts says that it is this large unpacked."""
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(name)] != name.encode():
        at = data.index(b"PK\x01\x02", at + 1)
    return data[: at + 24] + size.to_bytes(4, "little") + data[at + 28 :]
