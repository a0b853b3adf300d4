"""Digests are sent once, and what they count is found by its time."""

from alembic import op

from storage.digest_schema import BY_TIME, digest_round

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the table of digests that were sent, and the indexes."""
    tx = op.get_bind()
    digest_round.create(tx)
    for index in BY_TIME:
        index.create(tx)
