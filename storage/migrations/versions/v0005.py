"""Documents that no virus scanner has seen are found without reading all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the index of those few."""
    op.create_index(
        "document_unscanned",
        "document",
        ["ticket_id", "number"],
        sqlite_where=sa.text("flags LIKE '%\"unscanned\"%'"),
        postgresql_where=sa.text("flags @> '[\"unscanned\"]'"),
    )
