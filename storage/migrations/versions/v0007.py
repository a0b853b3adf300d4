"""A ticket remembers what it was before an agent's last commands, so that they can be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column, empty: what was done before cannot be taken back."""
    op.add_column("ticket", sa.Column("former", sa.Text, nullable=False, server_default=""))
