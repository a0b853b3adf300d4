"""What the relay refused, gave up or left in doubt is decided, not only written down."""

from alembic import op

from storage.undelivered_schema import undelivered

revision = "0013"
down_revision = "0011"


def upgrade() -> None:
    """Add the table: what failed before stays as it is, nobody is told of it late."""
    undelivered.create(op.get_bind())
