"""Who wants no more digests is remembered."""

from alembic import op

from storage.leaver_schema import digest_leaver

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the table: nobody left yet."""
    digest_leaver.create(op.get_bind())
