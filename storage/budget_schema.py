"""The indexes that counting for the budgets needs, and finding what is over them.

Parked messages are in none of the first three: a storm does not make counting slower.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, text

from storage.schema import outbox

_CHARGED: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("charged"))
_OVER: dict[str, Any] = dict.fromkeys(
    ("sqlite_where", "postgresql_where"), text("parked_for <> ''")
)
BUDGETS = (
    Index("outbox_per_address", outbox.c.recipient_key, outbox.c.queued_at, **_CHARGED),
    Index("outbox_per_ticket", outbox.c.ticket_id, outbox.c.queued_at, **_CHARGED),
    Index("outbox_per_desk", outbox.c.desk, outbox.c.queued_at, **_CHARGED),
    Index("outbox_parked", outbox.c.desk, outbox.c.recipient_key, outbox.c.queued_at, **_OVER),
)
