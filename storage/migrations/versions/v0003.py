"""Tickets opened together know one another, and a desk counts more than one series of numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBERED = sa.text(
    "SELECT key FROM ticket WHERE desk = :desk AND key <> draft_key AND key LIKE :like LIMIT 1"
)


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


def _series(tx: sa.Connection, desk: str, year: int) -> str:
    """Return what stands before the numbers of a desk in a year: the only process was `rma`."""
    key = tx.execute(NUMBERED, {"desk": desk, "like": f"%-{year}-%"}).scalar()
    return key.rpartition("-")[0] if key else f"RMA-{year}"
