"""The first schema. New databases are created whole, so there is no step that leads to it."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do nothing: a database of this version has everything."""
