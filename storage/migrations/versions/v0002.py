"""Documents know what leaves in their place, and pictures are found again by their pixels."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id

revision = "0002"
down_revision = "0001"

ADDED = ("copy_sha256", "thumbnail_sha256", "fingerprint")


def upgrade() -> None:
    """Add the columns, empty for documents that are there already, and the table of pieces."""
    for name in ADDED:
        op.add_column("document", sa.Column(name, sa.Text, nullable=False, server_default=""))
    for short in ("copy", "thumbnail"):
        where = sa.text(f"{short}_sha256 <> ''")
        columns = [f"{short}_sha256"]
        op.create_index(
            f"document_{short}", "document", columns, sqlite_where=where, postgresql_where=where
        )
    op.create_table(
        "picture_piece",
        sa.Column("desk", sa.Text, primary_key=True),
        sa.Column("piece", sa.Text, primary_key=True),
        sa.Column("ticket_id", Id, sa.ForeignKey("ticket.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
    )
    op.create_index("picture_piece_ticket", "picture_piece", ["ticket_id"])
