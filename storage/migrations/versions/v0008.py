"""Tickets are found by the values of their fields."""

import json

import sqlalchemy as sa
from alembic import op

from storage.ticket_fields import is_telling, ticket_field

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the index, with the values of the tickets that are there."""
    tx = op.get_bind()
    ticket_field.create(tx)
    for number, desk, fields in tx.execute(sa.text("SELECT id, desk, fields FROM ticket")).all():
        known = json.loads(fields) if isinstance(fields, str) else fields
        rows = [
            {"desk": desk, "name": name, "value": value, "ticket_id": number}
            for name, value in known.items()
            if is_telling(value)
        ]
        if rows:
            op.bulk_insert(ticket_field, rows)
