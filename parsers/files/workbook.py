"""Read the first sheet of an XLSX workbook (ECMA-376), value by value.

The parts of a workbook are counted before one is opened: a small file may hold much. A part
with a document type is refused (the standard forbids them), so nothing is expanded.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from parsers.files.table_line import MOST_COLUMNS, Line, Read, Unread

MOST_OCTETS = 1 << 30  # of the sheets, unpacked: a million lines are half of it
MOST_SHARED = 1 << 28  # of the texts that cells share: they are held in memory
MOST_OTHERS = 1 << 26  # of styles and the like: they are held as trees; pictures are not read
_PLAIN_ZIP = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0"  # .xls, or a workbook behind a password
_HEAD = 2000
_MIDNIGHT = time(0)


def is_workbook(data: bytes) -> bool:
    """Tell by its first octets whether a file is a workbook, an old or encrypted one too."""
    return data.startswith((_PLAIN_ZIP, _OLD))


def workbook_lines(data: bytes) -> Iterator[Read]:
    """Yield the lines of the first sheet; at last `Unread` when something is wrong."""
    last = 0
    try:
        refusal = "encrypted" if data.startswith(_OLD) else _refusal(data)
        if refusal:
            yield Unread(code=refusal)
            return
        for line in _lines(data):
            last = line.number
            yield line
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a reader of foreign formats may stumble over anything
        yield Unread(code="broken", after=last, told=type(error).__name__)


def _refusal(data: bytes) -> str:
    """Return why a workbook is not opened, "" when nothing speaks against it."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sizes = {info.filename.lower(): info.file_size for info in parts.infolist()}
        if any("vbaproject" in name for name in sizes):
            return "macro"
        shared = sizes.pop("xl/sharedstrings.xml", 0)
        sheets, media = (_within(sizes, folder) for folder in ("xl/worksheets/", "xl/media/"))
        others = sum(sizes.values()) - sheets - media
        if shared + sheets > MOST_OCTETS or shared > MOST_SHARED or others > MOST_OTHERS:
            return "too_heavy"
        return "broken" if any(map(_has_type, _heads(parts))) else ""


def _within(sizes: Mapping[str, int], folder: str) -> int:
    return sum(size for name, size in sizes.items() if name.startswith(folder))


def _heads(parts: zipfile.ZipFile) -> Iterator[bytes]:
    for info in parts.infolist():
        if info.filename.lower().endswith((".xml", ".rels")):
            with parts.open(info) as part:
                yield part.read(_HEAD)


def _has_type(head: bytes) -> bool:
    return b"<!DOCTYPE" in head.replace(b"\0", b"").upper()


def _lines(data: bytes) -> Iterator[Line]:
    import openpyxl  # slow to load, and most tables are CSV

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations that we do not read
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its size is not what it holds
        width = 0
        for number, values in enumerate(_values(sheet), start=1):
            cells = _without_tail(map(_text, values))
            width = width or len(cells)
            if cells:
                yield Line(number=number, cells=(*cells, *[""] * (width - len(cells))))


def _values(sheet: Any) -> Iterable[tuple[object, ...]]:
    rows: Iterable[tuple[object, ...]] = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
    return rows


def _without_tail(cells: Iterable[str]) -> list[str]:
    found = list(cells)
    while found and not found[-1]:
        found.pop()
    return found


def _text(value: object) -> str:
    """Return a value as people would have typed it; a day as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        whole = value.time() == _MIDNIGHT
        return value.date().isoformat() if whole else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value).strip()


def _number(value: float) -> str:
    """Return a number with no more digits than were typed; three decimals get a fourth, or the point
    could be one between thousands."""
    text = format(value, ".15g")
    if "e" in text:
        text = format(value, "f").rstrip("0").rstrip(".")
    _, _, decimals = text.partition(".")
    return f"{text}0" if len(decimals) == 3 else text
