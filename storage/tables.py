"""Import a table of reference data: checked whole without the database, then written whole.

What was read waits in a temporary file, so that a million lines need little memory and the
transaction lasts no longer than the writing does.
"""

from __future__ import annotations

import hashlib
import marshal
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from types import TracebackType
from typing import IO, Self

from sqlalchemy import Connection

from handlers.errors import BadData
from handlers.process.table_rules import TableRule, rule_of
from handlers.tables.table_check import StoredFile, TableCheck
from parsers.files.table_lines import lines_of
from storage.book_files import keep_files
from storage.book_layout import Layout, Staged, in_order, staged
from storage.book_people import drop_people, put_people
from storage.book_writing import Loaded, load, load_staged
from storage.columns import loads

LARGEST_IN_MEMORY = 8 << 20
_BATCH = 2000
TakeFile = Callable[[str], bytes | None]


class BadTable(BadData):
    """A table with mistakes. `check` tells them in any language."""

    def __init__(self, name: str, check: TableCheck) -> None:
        super().__init__(f"{name}: {'; '.join(check.told('en'))}. Nothing was imported")
        self.check = check


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where checked rows wait: the layout of their table, and how many there are."""

    layout: Layout
    rows: int


class CheckedTable:
    """A table that was read and has no mistakes. Close it: its rows wait in a temporary file."""

    def __init__(self, rule: TableRule, place: _Place, file: IO[bytes]) -> None:
        self.rule = rule
        self.layout = place.layout
        self.count = place.rows
        self.files: dict[str, bytes] = {}
        self._file = file

    def rows(self) -> Iterator[list[str]]:
        """Yield the cells of the rows, from the first one whenever it is called."""
        return (loads(row[1]) for row in self.staged())

    def staged(self) -> Iterator[Staged]:
        """Yield the rows as the book keeps them."""
        self._file.seek(0)
        try:
            while True:
                yield from marshal.load(self._file)  # noqa: S302 - we wrote it ourselves
        except EOFError:
            return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _one: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        self._file.close()


def no_files(_name: str) -> None:
    """Say that no file goes with the table."""


def check_table(
    rule: TableRule,
    name: str,
    data: bytes,
    take_file: TakeFile = no_files,
    *,
    progress: Callable[[int], None] = lambda _done: None,
) -> CheckedTable:
    """Return a table, read and checked. `take_file` gives a file that a row names.

    Raises BadTable naming the file and every mistake with its line.
    """
    files: dict[str, bytes] = {}
    check = TableCheck(rule, lines_of(data), lambda wanted: _taken(take_file, files, wanted))
    spool = tempfile.SpooledTemporaryFile(max_size=LARGEST_IN_MEMORY)  # noqa: SIM115 - given away
    lacking = (n for key in check.keys for n in key if n not in check.columns)
    layout = Layout(columns=(*check.columns, *dict.fromkeys(lacking)), keys=check.keys)
    rows, count = staged(layout, in_order(layout, check.columns, check.rows())), 0
    while batch := list(islice(rows, _BATCH)):
        marshal.dump(batch, spool)
        count += len(batch)
        progress(count)
    if check.count:
        spool.close()
        raise BadTable(name, check)
    place = _Place(layout=layout, rows=count)
    checked = CheckedTable(rule, place, spool)
    checked.files.update(files)
    return checked


def write_table(
    tx: Connection,
    desk: str,
    table: str,
    checked: CheckedTable,
    *,
    now: datetime,
    replace: bool = False,
    progress: Callable[[int], None] = lambda _done: None,
) -> Loaded:
    """Write a checked table of the desk: rows with a known key are replaced, with `replace` those
    that are absent are dropped. For a dry run roll the transaction back.

    Raises BadData for `replace` with no rows: an export that failed must not empty a table.
    """
    if replace and not checked.count:
        raise BadData(f"{table}: the file has no rows, and every row there is would be dropped")
    rows, layout = checked.staged(), checked.layout
    loaded = load_staged(tx, desk, table, layout, rows, now=now, replace=replace, progress=progress)
    columns = checked.layout.columns
    put_people(tx, desk, checked.rule, columns, checked.rows)
    drop_people(tx, desk, checked.rule, columns, loaded.gone)
    keep_files(tx, desk, table, checked.files)
    return loaded


def import_csv(
    tx: Connection, desk: str, table: str, name: str, data: bytes, *, rule: TableRule | None = None
) -> Loaded:
    """Read a small table and write it. Raises BadTable; nothing is written then."""
    with check_table(rule or rule_of(table, {}), name, data) as checked:
        return write_table(tx, desk, table, checked, now=datetime.now(UTC))


def put_rows(
    tx: Connection,
    desk: str,
    table: str,
    rows: Sequence[Mapping[str, str]],
    *,
    rule: TableRule | None = None,
) -> None:
    """Write a whole small table of the desk, unchecked. Rows that their key does not tell apart are
    known by their number, in the column `#`."""
    keys = (rule or rule_of(table, {})).keys
    named = (name for row in rows for name in row)
    columns = tuple(dict.fromkeys(["#", *named, *(name for key in keys for name in key)]))
    numbered = ({**row, "#": str(number)} for number, row in enumerate(rows, start=1))
    cells = [[row.get(name, "") for name in columns] for row in numbered]
    layout = Layout(columns=columns, keys=keys or (("#",),))
    distinct = {layout.key_of(one) for one in cells} - {""}
    if len(distinct) < len(cells):
        layout = Layout(columns=columns, keys=(("#",), *keys))
    load(tx, desk, table, layout, cells, now=datetime.now(UTC), replace=True)


def _taken(take_file: TakeFile, files: dict[str, bytes], name: str) -> StoredFile | None:
    """Keep a file that a row names, when it is a PDF or plain text."""
    data = take_file(name)
    content_type = _type_of(data or b"")
    if not data or not content_type:
        return None
    digest = hashlib.sha256(data).hexdigest()
    files[digest] = data
    return StoredFile(digest=digest, content_type=content_type, size=len(data))


def _type_of(data: bytes) -> str:
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        return "" if "\0" in data.decode() else "text/plain"
    except UnicodeDecodeError:
        return ""
