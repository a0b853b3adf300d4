"""Read a table line by line: CSV as spreadsheets write it, or the first sheet of an XLSX workbook.

CSV: comma, semicolon, tab or bar; UTF-8, UTF-16 with its mark, or what a French or Dutch
spreadsheet writes (Windows-1252). XLSX: values only. Macros, links to elsewhere and formulas are
never followed: a formula is the value it last had. Both are foreign data: what is larger than
these limits is not read.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator

from parsers.files.table_line import MOST_COLUMNS, Line, Read, Unread
from parsers.files.workbook import is_workbook, workbook_lines

MOST_LINES = 5_000_000
_CHUNK = 1 << 20
_SAID = re.compile(r"(?:\ufeff)?\"?sep=([,;\t|])\"?\s*$", re.IGNORECASE)
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def lines_of(data: bytes) -> Iterator[Read]:
    """Yield the lines of a table, the first names the columns; at last `Unread` when something is
    wrong. Raises nothing but MemoryError."""
    lines = workbook_lines(data) if is_workbook(data) else _csv_lines(data)
    for count, line in enumerate(lines):
        if isinstance(line, Line) and len(line.cells) > MOST_COLUMNS:
            yield Unread(code="too_many_columns", after=line.number - 1)
            return
        if count == MOST_LINES:
            yield Unread(code="too_many_lines", after=count)
            return
        yield line


def as_csv(data: bytes, most: int) -> str:
    """Return a workbook as CSV text of at most `most` characters; "" when it is larger or unread."""
    out = io.StringIO()
    writer = csv.writer(out)
    for line in lines_of(data):
        if isinstance(line, Unread) or out.tell() > most:
            return ""
        writer.writerow(line.cells)
    return out.getvalue()


def _csv_lines(data: bytes) -> Iterator[Read]:
    text = io.TextIOWrapper(io.BytesIO(data), _encoding(data), "replace", newline="")
    head = text.readline()
    said = _SAID.match(head)  # a first line "sep=;" is for spreadsheets, not a row
    last = 1 if said else 0
    if not said:
        text.seek(0)
    delimiter = said[1] if said else max(",;\t|", key=head.count)
    reader = csv.reader(text, delimiter=delimiter)
    before = last
    try:
        for cells in reader:
            last = before + reader.line_num
            if any(cells):
                yield Line(number=last, cells=tuple(cell.strip() for cell in cells))
    except csv.Error as error:
        yield Unread(code="broken", after=last, told=str(error))


def _encoding(data: bytes) -> str:
    marked = _MARKS.get(data[:2])
    if marked:
        return marked
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(view[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
