"""Look things up in the reference book, in the transaction that applies what is decided on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, select

from handlers.book import MOST_ROWS, Entry, Row, Search, fits, value_key
from handlers.digest.record import Counted, Record
from handlers.tables.table_check import LONGEST_KEY
from handlers.ticket import Article, Ticket
from storage.articles import internal_words
from storage.book_layout import Layout, joined, layout_of
from storage.book_schema import book_file, book_row, book_table, book_value
from storage.columns import loads, one_of
from storage.digest_rows import records
from storage.history import past_of
from storage.past import written_outside
from storage.searching import find_tickets
from storage.statement import fetch, fetch_column

MOST_LOOKED_AT = 50_000  # rows of one value, where other columns must fit too
_EVERY = 2**31 - 1
_AFTER = "\x20"  # greater than BETWEEN, less than any character of a value
_NUMBER = re.compile(r"\d+")

_TABLE = select(book_table).where(
    book_table.c.desk == bindparam("desk"), book_table.c.name == bindparam("name")
)
_FILE = (
    select(book_file.c.data)
    .join(book_table, book_table.c.id == book_file.c.table_id)
    .where(book_table.c.desk == bindparam("desk"), book_file.c.digest == bindparam("digest"))
)
_TABLES = select(book_table).where(
    book_table.c.desk == bindparam("desk"), one_of(book_table.c.name, "names")
)
_MOST = bindparam("most", type_=Integer)
_IN_TABLE = book_row.c.table_id == bindparam("table_id")
_ALL = select(book_row.c.cells).where(_IN_TABLE).order_by(book_row.c.key).limit(_MOST)
_NAMED = (
    select(book_row.c.cells)
    .where(_IN_TABLE, book_row.c.key >= bindparam("low"), book_row.c.key < bindparam("high"))
    .order_by(book_row.c.key)
    .limit(_MOST)
)
# A query of its own: the database shall start from the values, whatever it believes of the rows.
_FOUND = (
    select(book_value.c.table_id, book_value.c.key)
    .where(
        book_value.c.table_id == bindparam("table_id"),
        book_value.c.nth == bindparam("nth", type_=Integer),
        book_value.c.value >= bindparam("low"),
        book_value.c.value < bindparam("high"),
    )
    .order_by(book_value.c.value, book_value.c.key)
    .limit(_MOST)
    .subquery()
)
_BY_VALUE = select(book_row.c.cells).join(
    _FOUND, (book_row.c.table_id == _FOUND.c.table_id) & (book_row.c.key == _FOUND.c.key)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sheet:
    """A table of the book: its number and how it is kept."""

    table_id: int
    layout: Layout


@dataclass(frozen=True, kw_only=True, slots=True)
class _Range:
    """Where to look: the key, the values from `low` up to but without `high`, and whether all
    that was asked is in them."""

    nth: int
    low: str
    high: str
    whole: bool


def list_tables(tx: Connection, desk: str = "") -> tuple[dict[str, Any], ...]:
    """Return what was imported, by desk and name; "" means every desk."""
    query = select(book_table).order_by(book_table.c.desk, book_table.c.name)
    rows = tx.execute(query.where(book_table.c.desk == desk) if desk else query)
    return tuple(
        {
            "desk": row.desk,
            "table": row.name,
            "rows": row.rows,
            "changed_at": row.changed_at.isoformat(),
            "columns": list(row.columns),
            "found_by": [" + ".join(key) for key in row.keys],
        }
        for row in rows
    )


class StoredBook:
    """The book of one desk, good for one transaction."""

    def __init__(self, tx: Connection, desk: str) -> None:
        self._tx = tx
        self._desk = desk
        self._sheets: dict[str, _Sheet | None] = {}

    def rows(
        self,
        table: str,
        equal: Mapping[str, str],
        *,
        between: tuple[str, str, str] | None = None,
        on: date | None = None,
        limit: int = MOST_ROWS,
    ) -> tuple[Row, ...]:
        """Return the rows that fit, by their key (see `handlers.book.Book`).

        Fast by the columns of a key, the first ones of a long key, and `between` on the one that
        follows; else the whole table is read. Of one value, 50,000 rows at most are looked at.
        """
        sheet = self._sheet(table)
        if sheet is None:
            return ()
        columns, found = sheet.layout.columns, []
        for cells in self._cells(sheet, equal, between, limit if on is None else MOST_LOOKED_AT):
            row = dict(zip(columns, [*loads(cells), *[""] * len(columns)], strict=False))
            if fits(row, equal, between, on):
                found.append(row)
            if len(found) == limit:
                break
        first = sheet.layout.keys[0]
        return tuple(sorted(found, key=lambda row: [_natural(row[name]) for name in first]))

    def has(self, table: str) -> bool:
        """Tell whether the desk imported this table, and it has rows."""
        sheet = self._sheet(table)
        return bool(sheet and fetch_column(self._tx, _ALL, {"table_id": sheet.table_id, "most": 1}))

    def has_any(self, *tables: str) -> bool:
        """Tell whether the desk ever imported one of these tables: one question for all of them."""
        rows = fetch(self._tx, _TABLES, {"desk": self._desk, "names": tables})
        found = {row.name: _Sheet(table_id=row.id, layout=layout_of(row)) for row in rows}
        self._sheets.update({name: found.get(name) for name in tables})
        return bool(found)

    def file(self, digest: str) -> bytes:
        """Return the octets of a file that a row names; b"" for one that is not kept."""
        found = fetch_column(self._tx, _FILE, {"desk": self._desk, "digest": digest})
        return bytes(next(iter(found), b""))

    def tickets(self, search: Search) -> tuple[Ticket, ...]:
        """Return tickets of the desk, newest first, without locking them."""
        return find_tickets(self._tx, self._desk, search)

    def written_outside(self, author: str, since: datetime) -> int:
        """Return how many messages this author had carried to people outside since then (R-48)."""
        return written_outside(self._tx, self._desk, author, since)

    def internal_words(self, ticket_id: int, organisation: str) -> tuple[Article, ...]:
        """Return what people of a customer number said among themselves on their ticket (R-8)."""
        return internal_words(self._tx, self._desk, ticket_id, organisation)

    def past(self, ticket_id: int) -> tuple[Entry, ...]:
        """Return all that happened to a ticket of the desk and that it may read, oldest first."""
        return past_of(self._tx, self._desk, ticket_id)

    def records(self, counted: Counted) -> tuple[Record, ...]:
        """Return the tickets of the desk that a digest counts, with every step they took."""
        return records(self._tx, self._desk, counted)

    def _sheet(self, table: str) -> _Sheet | None:
        if table not in self._sheets:
            rows = fetch(self._tx, _TABLE, {"desk": self._desk, "name": table})
            known = [_Sheet(table_id=row.id, layout=layout_of(row)) for row in rows]
            self._sheets[table] = known[0] if known else None
        return self._sheets[table]

    def _cells(
        self,
        sheet: _Sheet,
        equal: Mapping[str, str],
        between: tuple[str, str, str] | None,
        limit: int,
    ) -> list[Any]:
        where = _range_of(sheet.layout, equal, between)
        asked: dict[str, Any] = {"table_id": sheet.table_id}
        if where is None:
            whole = not equal and between is None
            return fetch_column(self._tx, _ALL, asked | {"most": limit if whole else _EVERY})
        most = limit if where.whole else MOST_LOOKED_AT
        asked |= {"low": where.low, "high": where.high, "most": most}
        if where.nth == 0:
            return fetch_column(self._tx, _NAMED, asked)
        return fetch_column(self._tx, _BY_VALUE, asked | {"nth": where.nth})


def _range_of(
    layout: Layout, equal: Mapping[str, str], between: tuple[str, str, str] | None
) -> _Range | None:
    """Return the range of the key that says most about what is asked, None when none does."""
    asked = {name: value for name, value in equal.items() if value_key(value)}
    best: tuple[float, _Range] | None = None
    for nth, key in enumerate(layout.keys):
        known = next((n for n, name in enumerate(key) if name not in asked), len(key))
        ranged = between is not None and known < len(key) and key[known] == between[0]
        worth = known + (0.5 if ranged else 0)
        if not worth or (best and best[0] >= worth):
            continue
        values = [asked[name] for name in key[:known]]
        low = high = values
        if ranged and between is not None:
            low, high = [*values, between[1]], [*values, between[2]]
        whole = known == len(equal) and (between is None or ranged)
        best = worth, _bounded(nth, joined(low), joined(high), whole=whole)
    return best[1] if best else None


def _bounded(nth: int, low: str, high: str, *, whole: bool) -> _Range:
    cut = len(high) == LONGEST_KEY  # longer values begin like this, and go on
    return _Range(nth=nth, low=low, high=high + ("\U0010ffff" if cut else _AFTER), whole=whole)


def _natural(value: str) -> str:
    """Return what sorts a value as people do: 2 before 10."""
    return _NUMBER.sub(lambda number: number[0].zfill(20), value)
