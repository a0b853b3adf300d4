"""Clocks that stand still know what holds them and what is left of them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns: every clock goes; one that should stand still stops when it is due."""
    op.add_column("timer", sa.Column("held_by", sa.Text, nullable=False, server_default=""))
    op.add_column("timer", sa.Column("held_at", sa.DateTime(timezone=True)))
    op.add_column("timer", sa.Column("left_seconds", sa.BigInteger))
