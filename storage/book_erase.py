"""Erase a person from the reference book: every row that bears the address."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from handlers.book import value_key
from storage.book_layout import layout_of
from storage.book_schema import book_row, book_table
from storage.book_writing import drop_rows
from storage.columns import loads

COLUMN = "address"


def erase_rows(tx: Connection, address: str) -> int:
    """Drop the rows of all desks whose column `address` is this one. Return how many there were.

    Who imports them again brings them back: they must go where they come from, too.
    """
    dropped = 0
    for table in tx.execute(select(book_table)).all():
        layout = layout_of(table)
        if COLUMN not in layout.columns:
            continue
        place = layout.columns.index(COLUMN)
        somewhere = func.lower(book_row.c.cells).contains(address.lower(), autoescape=True)
        mine = book_row.c.table_id == table.id, somewhere
        rows = [
            (row.key, row.cells)
            for row in tx.execute(select(book_row.c.key, book_row.c.cells).where(*mine))
            if value_key("".join(loads(row.cells)[place : place + 1])) == value_key(address)
        ]
        drop_rows(tx, table.id, layout, rows)
        dropped += len(rows)
    return dropped
