"""Messages over a budget are parked, and what counts for the budgets says so."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

from storage.budget_schema import BUDGETS
from storage.columns import Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the columns and indexes; what was sent to customers by itself since yesterday counts."""
    none = sa.false()
    op.add_column("outbox", sa.Column("parked_for", sa.Text, nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("charged", sa.Boolean, nullable=False, server_default=none))
    fresh = sa.text(
        "UPDATE outbox SET charged = automatic WHERE notice NOT LIKE 'W%' AND queued_at > :since"
    ).bindparams(sa.bindparam("since", datetime.now(UTC) - timedelta(days=1), type_=Moment))
    tx = op.get_bind()
    tx.execute(fresh)
    for index in BUDGETS:
        index.create(tx)
