"""Tickets opened together know one another, a desk counts more than one series of numbers, and the
reference book finds rows by any key."""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from storage.book_layout import Layout
from storage.book_schema import book_file, book_row, book_table, book_value
from storage.book_writing import load

revision = "0003"
down_revision = "0002"

NUMBERED = sa.text(
    "SELECT key FROM ticket WHERE desk = :desk AND key <> draft_key AND key LIKE :like LIMIT 1"
)
OURS = "mailbox_fence"  # not imported: where mailboxes begin


def upgrade() -> None:
    """Add the group of a ticket; give each series the name that stands before its numbers."""
    op.add_column("ticket", sa.Column("group", sa.Text, nullable=False, server_default=""))
    where = sa.text("\"group\" <> ''")
    op.create_index(
        "ticket_group", "ticket", ["desk", "group"], sqlite_where=where, postgresql_where=where
    )
    tx = op.get_bind()
    counted = tx.execute(sa.text("SELECT desk, year, next FROM number_series")).all()
    op.drop_table("number_series")
    made = op.create_table(
        "number_series",
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("next", sa.BigInteger, nullable=False),
    )
    rows = [
        {"desk": desk, "series": _series(tx, desk, year), "next": following}
        for desk, year, following in counted
    ]
    op.bulk_insert(made, rows)
    _move_tables(tx)


def _series(tx: sa.Connection, desk: str, year: int) -> str:
    """Return what stands before the numbers of a desk in a year: the only process was `rma`."""
    key = tx.execute(NUMBERED, {"desk": desk, "like": f"%-{year}-%"}).scalar()
    return key.rpartition("-")[0] if key else f"RMA-{year}"


def _move_tables(tx: sa.Connection) -> None:
    """Add the tables of the book, and move into them what was imported before."""
    for table in (book_table, book_row, book_value, book_file):
        table.create(tx)
    old = tx.execute(
        sa.text('SELECT desk, "table", key, data FROM table_row WHERE "table" <> :ours'),
        {"ours": OURS},
    )
    tables: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
    for desk, name, key, data in old:
        row = json.loads(data) if isinstance(data, str) else data
        tables.setdefault((desk, name), {})[key] = row
    for (desk, name), rows in tables.items():
        _move(tx, desk, name, rows)
    tx.execute(sa.text('DELETE FROM table_row WHERE "table" <> :ours'), {"ours": OURS})


def _move(tx: sa.Connection, desk: str, name: str, rows: dict[str, dict[str, str]]) -> None:
    """Write one table: its key is the column that holds what its rows were kept by."""
    columns = tuple(dict.fromkeys(column for row in rows.values() for column in row))
    first = next(c for c in columns if all(row.get(c) == key for key, row in rows.items()))
    layout = Layout(columns=columns, keys=((first,),))
    cells = {
        layout.key_of(one): one for one in ([r.get(c, "") for c in columns] for r in rows.values())
    }
    load(tx, desk, name, layout, cells.values(), now=datetime.now(UTC))
