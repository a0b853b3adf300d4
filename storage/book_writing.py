"""Put rows into the reference book: the database compares them with what it has, in bulk.

Rows go into a temporary table first; from there statements over whole sets take what is new or
different, sorted as the tables are, so that a million rows are written page after page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update

from handlers.errors import BadData
from handlers.process.table_rules import MOST_KEYS
from storage.book_layout import Layout, Staged, in_order, layout_of, staged
from storage.book_schema import book_file, book_row, book_table, book_value
from storage.columns import loads
from storage.statement import write

_BATCH = 5000


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What became of the rows: `rows` were given; `gone` are the cells of those that were dropped."""

    rows: int
    added: int
    changed: int
    gone: tuple[tuple[str, ...], ...] = ()

    @property
    def dropped(self) -> int:
        """How many rows were there and are no longer."""
        return len(self.gone)


def load(
    tx: Connection,
    desk: str,
    name: str,
    layout: Layout,
    rows: Iterable[Sequence[str]],
    *,
    now: datetime,
    replace: bool = False,
    progress: Callable[[int], None] = lambda _done: None,
) -> Loaded:
    """Add rows (cells in the order of the columns) to a table of the desk, or replace those with
    the same key; `replace` drops those that are absent. The keys must be given once each.

    `progress` hears how many rows were taken so far. Raises BadData when the first key is not
    that of the rows already there.
    """
    ready = staged(layout, in_order(layout, layout.columns, rows))
    return load_staged(tx, desk, name, layout, ready, now=now, replace=replace, progress=progress)


def load_staged(
    tx: Connection,
    desk: str,
    name: str,
    given: Layout,
    rows: Iterable[Staged],
    *,
    now: datetime,
    replace: bool = False,
    progress: Callable[[int], None] = lambda _done: None,
) -> Loaded:
    """Do what `load` does with rows that were made ready by `staged` before the transaction."""
    table_id, layout = _opened(tx, desk, name, given, now, fresh=replace)
    if layout != given:  # the table has other columns, too
        cells = (loads(row[1]) for row in rows)
        rows = staged(layout, in_order(layout, given.columns, cells))
    count = _stage(tx, rows, progress)
    size = select(func.count()).where(book_row.c.table_id == table_id)
    before = tx.execute(size).scalar_one()
    gone = _drop_absent(tx, table_id, layout) if replace and before else ()
    changed = _forget_changed(tx, table_id, layout) if before else 0
    _take(tx, table_id, layout)
    after = tx.execute(size).scalar_one()
    added = after - before + len(gone)
    if added or changed or gone:
        mine = book_table.c.id == table_id
        tx.execute(update(book_table).where(mine).values(changed_at=now, rows=after))
    return Loaded(rows=count, added=added, changed=changed, gone=gone)


def _opened(
    tx: Connection, desk: str, name: str, wanted: Layout, now: datetime, *, fresh: bool
) -> tuple[int, Layout]:
    """Return the table's number and its layout with the columns it had before, locked."""
    mine = book_table.c.desk == desk, book_table.c.name == name
    row = tx.execute(select(book_table).where(*mine).with_for_update()).first()
    if row is None:
        values = {"desk": desk, "name": name, "columns": wanted.columns, "keys": wanted.keys}
        new = insert(book_table).values(**values, changed_at=now, rows=0)
        return tx.execute(new.returning(book_table.c.id)).scalar_one(), wanted
    had = layout_of(row)
    more = [column for column in wanted.columns if column not in had.columns]
    layout = Layout(columns=(*had.columns, *more), keys=wanted.keys)
    if had.keys[0] != wanted.keys[0] and row.rows:
        if not fresh:
            raise BadData(
                f"{name} is kept by {' and '.join(had.keys[0])}, the file by"
                f" {' and '.join(wanted.keys[0])}: import the whole table with --replace"
            )
        empty(tx, row.id)
    if layout != had:
        values = {"columns": layout.columns, "keys": layout.keys}
        tx.execute(update(book_table).where(book_table.c.id == row.id).values(**values))
    if had.keys[1:] != layout.keys[1:]:
        _index_again(tx, row.id, layout)
    return row.id, layout


def empty(tx: Connection, table_id: int) -> None:
    """Drop all rows of a table."""
    for table in (book_value, book_row, book_file):
        tx.execute(delete(table).where(table.c.table_id == table_id))


def _stage(tx: Connection, rows: Iterable[Staged], progress: Callable[[int], None]) -> int:
    """Fill the temporary table. Return how many rows there were."""
    exact = 'TEXT COLLATE "C"' if tx.dialect.name == "postgresql" else "TEXT"
    values = "".join(f", v{n} {exact}" for n in range(1, MOST_KEYS))
    tx.execute(text("DROP TABLE IF EXISTS book_incoming"))
    tx.execute(text(f"CREATE TEMP TABLE book_incoming (key {exact}, cells TEXT{values})"))
    given = 0
    for batch in _batches(iter(rows)):
        _fill(tx, batch)
        given += len(batch)
        progress(given)
    tx.execute(text("CREATE INDEX book_incoming_key ON book_incoming (key)"))
    tx.execute(text("ANALYZE book_incoming"))
    return given


def _batches(rows: Iterator[Staged]) -> Iterator[list[Staged]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _fill(tx: Connection, batch: Sequence[Staged]) -> None:
    """Write a batch straight through the driver: it is the larger part of an import."""
    driver: Any = tx.connection.driver_connection
    cursor = driver.cursor()
    names = ["key", "cells", *(f"v{n}" for n in range(1, len(batch[0]) - 1))]
    into = f"book_incoming ({', '.join(names)})"
    if tx.dialect.name == "postgresql":
        with cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in batch:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(names))
        cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", batch)  # noqa: S608
    cursor.close()


_ABSENT = text(
    "SELECT key, cells FROM book_row WHERE table_id = :table_id"
    " AND NOT EXISTS (SELECT 1 FROM book_incoming WHERE book_incoming.key = book_row.key)"
)
_CHANGED = text(
    "SELECT book_row.key, book_row.cells FROM book_incoming JOIN book_row"
    " ON book_row.table_id = :table_id AND book_row.key = book_incoming.key"
    " WHERE book_row.cells <> book_incoming.cells"
)
_SAME = text(
    "DELETE FROM book_incoming WHERE EXISTS (SELECT 1 FROM book_row WHERE table_id = :table_id"
    " AND book_row.key = book_incoming.key AND book_row.cells = book_incoming.cells)"
)
_TAKE_ROWS = text(
    "INSERT INTO book_row (table_id, key, cells)"
    " SELECT :table_id, key, cells FROM book_incoming WHERE true ORDER BY key"
    " ON CONFLICT (table_id, key) DO UPDATE SET cells = excluded.cells"
)
_DROP_ROW = delete(book_row).where(
    book_row.c.table_id == text(":table_id"), book_row.c.key == text(":key")
)


def _drop_absent(tx: Connection, table_id: int, layout: Layout) -> tuple[tuple[str, ...], ...]:
    """Drop the rows that were not given. Return their cells."""
    absent = [tuple(row) for row in tx.execute(_ABSENT, {"table_id": table_id})]
    drop_rows(tx, table_id, layout, absent)
    return tuple(tuple(loads(cells)) for _, cells in absent)


def drop_rows(
    tx: Connection, table_id: int, layout: Layout, rows: Sequence[tuple[str, str]]
) -> None:
    """Drop these rows (key, cells) of a table and what they are found by."""
    _drop_values(tx, table_id, layout, rows)
    named = [{"table_id": table_id, "key": key} for key, _ in rows]
    if named:
        tx.execute(_DROP_ROW, named)


def _forget_changed(tx: Connection, table_id: int, layout: Layout) -> int:
    """Drop what changed rows were found by, and leave those that did not change alone."""
    changed = [tuple(row) for row in tx.execute(_CHANGED, {"table_id": table_id})]
    _drop_values(tx, table_id, layout, changed)
    tx.execute(_SAME, {"table_id": table_id})
    return len(changed)


_DROP_VALUE = text(
    "DELETE FROM book_value"
    " WHERE table_id = :table_id AND nth = :nth AND value = :value AND key = :key"
)


def _drop_values(
    tx: Connection, table_id: int, layout: Layout, rows: Sequence[tuple[str, str]]
) -> None:
    gone = [
        {"table_id": table_id, "nth": nth, "value": value, "key": key}
        for key, cells in rows
        for nth, value in _values(layout, loads(cells))
    ]
    if gone:
        tx.execute(_DROP_VALUE, gone)


def _values(layout: Layout, cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the keys that a row has, and its value for each, but for the first that names it."""
    for nth in range(1, len(layout.keys)):
        value = layout.value_of(nth, cells)
        if value:
            yield nth, value


_TAKE_VALUES = (
    "INSERT INTO book_value (table_id, nth, value, key)"
    " SELECT :table_id, :nth, {column}, key FROM book_incoming WHERE {column} <> ''"
    " ORDER BY {column}, key"
)


def _take(tx: Connection, table_id: int, layout: Layout) -> None:
    tx.execute(_TAKE_ROWS, {"table_id": table_id})
    for nth in range(1, len(layout.keys)):
        taken = text(_TAKE_VALUES.format(column=f"v{nth}"))
        tx.execute(taken, {"table_id": table_id, "nth": nth})
    tx.execute(text("DROP TABLE book_incoming"))


_NEW_VALUE = insert(book_value)


def _index_again(tx: Connection, table_id: int, layout: Layout) -> None:
    """Find the rows of a table by other keys than before."""
    tx.execute(delete(book_value).where(book_value.c.table_id == table_id))
    rows = tx.execute(
        select(book_row.c.key, book_row.c.cells).where(book_row.c.table_id == table_id)
    )
    found = sorted(
        (nth, value, key) for key, cells in rows for nth, value in _values(layout, loads(cells))
    )
    whole = [{"table_id": table_id, "nth": n, "value": v, "key": k} for n, v, k in found]
    write(tx, _NEW_VALUE, *whole)
