"""Lines in a file: the rows of a CSV file or a workbook, each as a sheet (A-5, A-34).

The first row that names columns heads the table; columns go by the labels of the workflow's fields in
any language. A cell is text, whatever a spreadsheet would make of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.process.workflow import Workflow
from handlers.words.field_values import vocabulary_of
from handlers.words.line_sheets import most_of, shared_values, sheet_of_block
from handlers.words.sheet import Sheet
from parsers.fields.blocks import blocks_of_rows
from parsers.files.table_line import Line
from parsers.files.table_lines import lines_of
from parsers.mail import Attachment, FileKind

NAMES = (".csv", ".tsv", ".txt")
MOST_EMPTY = 1000
MOST_TEXT = 200_000  # characters of a table: this is read where mails are decided, one by one
_TYPED = re.compile(r'="([^"]*)"')  # how programs keep the zeros in front of a number


@dataclass(frozen=True, kw_only=True, slots=True)
class LineFile:
    """A file that lists lines: its digest, and one sheet per row, at most one more than may be opened."""

    sha256: str
    sheets: tuple[Sheet, ...]


def read_line_files(
    files: Iterable[Attachment], workflow: Workflow, words: str
) -> tuple[LineFile, ...]:
    """Return the files that list lines of a workflow which reads such files.

    What the `words` of the mail say once they say of all lines. A table lists lines when a row names what identifies
    it, and why it is written down: the fields that a new line needs, or two that identify one.
    """
    rule = workflow.lines
    if rule is None or not rule.files:
        return ()
    tables = [file for file in files if type_of_table(file) in rule.files and _is_sound(file)]
    shared = shared_values(words, workflow) if tables else {}
    read = (LineFile(sha256=file.sha256, sheets=_sheets(file, workflow, shared)) for file in tables)
    return tuple(one for one in read if any(_is_line(sheet, workflow) for sheet in one.sheets))


def type_of_table(file: Attachment) -> str:
    """Return what kind of table a file may be: xlsx once it was opened as one, csv, "" for neither."""
    if file.table:
        return "xlsx"
    text = file.kind in (FileKind.TEXT, FileKind.OTHER) and file.filename.lower().endswith(NAMES)
    return "csv" if text or file.content_type == "text/csv" else ""


def _is_sound(file: Attachment) -> bool:
    return not file.refusal and not file.decor


def _sheets(file: Attachment, workflow: Workflow, shared: Mapping[str, str]) -> tuple[Sheet, ...]:
    blocks = blocks_of_rows(_rows(file), vocabulary_of(workflow).known)
    sheets: list[Sheet] = []
    for _, block in zip(range(most_of(workflow) + MOST_EMPTY), blocks, strict=False):
        own = sheet_of_block(block, workflow)
        if any(own.get(name) for name in identity_of(workflow)):
            sheets.append(Sheet(values={**shared, **own}))
        if len(sheets) > most_of(workflow):
            break
    return tuple(sheets)


def _rows(file: Attachment) -> Iterator[Sequence[str]]:
    data = file.table.encode("utf-8", "replace") if file.table else file.data
    left = MOST_TEXT
    for line in lines_of(data):
        if not isinstance(line, Line):
            return
        left -= sum(map(len, line.cells))
        if left < 0:
            return
        yield tuple(_plain(cell) for cell in line.cells)


def _plain(cell: str) -> str:
    typed = _TYPED.fullmatch(cell)
    return typed[1] if typed else cell


def identity_of(workflow: Workflow) -> tuple[str, ...]:
    """Return the fields that say which row a line is about, () where lines are about none."""
    return workflow.match.identity if workflow.match is not None else ()


def _is_line(sheet: Sheet, workflow: Workflow) -> bool:
    named = [name for name in identity_of(workflow) if sheet.values.get(name)]
    another = workflow.lines.another if workflow.lines else ()
    return len(named) > 1 or (bool(named) and all(sheet.values.get(name) for name in another))
