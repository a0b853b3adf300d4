"""The tables of the reference book: what was imported, and by which values each row is found.

Rows are kept as JSON lists in the order of their table's columns: a million invoice lines take a
third of what named values would. `book_value` is an index of our own, filled in its order: an
index of the database would be filled in the order of the file, a page read and written per row.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from storage.columns import Exact, Json, Moment, Words
from storage.schema import metadata


def _table_id() -> Column[int]:
    whose = ForeignKey("book_table.id")
    return Column("table_id", Integer, whose, primary_key=True, autoincrement=False)


def _exact(name: str) -> Column[Any]:
    return Column(name, Exact, primary_key=True)


book_table = Table(
    "book_table",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("desk", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("columns", Json, nullable=False),  # names, in the order of the cells
    Column("keys", Json, nullable=False),  # lists of columns; the first names a row
    Column("changed_at", Moment, nullable=False),
    Column("rows", BigInteger, nullable=False),
)
Index("book_table_name", book_table.c.desk, book_table.c.name, unique=True)

book_row = Table(
    "book_row",
    metadata,
    _table_id(),
    _exact("key"),
    Column("cells", Text, nullable=False),
    sqlite_with_rowid=False,
)

book_value = Table(
    "book_value",
    metadata,
    _table_id(),
    Column("nth", Integer, primary_key=True, autoincrement=False),  # which of the keys
    _exact("value"),
    _exact("key"),
    sqlite_with_rowid=False,
)

book_file = Table(
    "book_file",
    metadata,
    _table_id(),
    Column("digest", Words, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
