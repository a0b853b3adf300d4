"""Work items that wait a little keep what they tell."""

from alembic import op

from storage.gathering_schema import outbox_notice

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the table: what is queued now leaves as it is."""
    outbox_notice.create(op.get_bind())
