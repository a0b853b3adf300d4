"""Mails and messages that the desk may not read are marked, those that leave for outside counted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the mark; what is there already is public."""
    for table in ("journal", "outbox"):
        op.add_column(
            table, sa.Column("visibility", sa.Text, nullable=False, server_default="public")
        )
