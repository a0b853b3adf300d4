"""What is asked of outside organisations, and what they answer."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Id, Json, Moment

revision = "0004"
down_revision = "0003"

TEXTS = ("desk", "organisation", "operation")
OPEN = "state IN ('queued', 'sending', 'sent')"
ANSWERED = "state = 'answered'"


def upgrade() -> None:
    """Add the table of errands."""
    op.create_table(
        "errand",
        sa.Column("id", Id, primary_key=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        sa.Column("ticket_id", sa.BigInteger),
        sa.Column("body", Json, nullable=False),
        sa.Column("document", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owner", sa.Integer, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("doubtful", sa.Boolean, nullable=False),
        sa.Column("queued_at", Moment, nullable=False),
        sa.Column("next_try_at", Moment, nullable=False),
        sa.Column("sent_at", Moment),
        sa.Column("answer", Json, nullable=False),
        sa.Column("trouble", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    _index("errand_open", ["desk", "organisation", "id"], OPEN)
    _index("errand_answered", ["id"], ANSWERED)
    op.create_index("errand_ticket", "errand", ["ticket_id", "id"])


def _index(name: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, "errand", columns, sqlite_where=only, postgresql_where=only)
