"""Files that rows of the book name: manufacturers' procedures and the like."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from storage.book_schema import book_file, book_table
from storage.statement import write

_NEW_FILES = insert_or(book_file).on_conflict_do_nothing()


def keep_files(tx: Connection, desk: str, name: str, files: Mapping[str, bytes]) -> None:
    """Keep the files that the rows of a table name, by digest."""
    if files:
        mine = book_table.c.desk == desk, book_table.c.name == name
        table_id = tx.execute(select(book_table.c.id).where(*mine)).scalar_one()
        rows = [{"table_id": table_id, "digest": d, "data": files[d]} for d in sorted(files)]
        write(tx, _NEW_FILES, *rows)
