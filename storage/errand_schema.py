"""The table of errands: what was asked of outside organisations, and what they answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, text

from storage.columns import Id, Json, Moment, Words
from storage.schema import metadata


def _text(name: str) -> Column[str]:
    return Column(name, Words, nullable=False)


OPEN = "state IN ('queued', 'sending', 'sent')"

errand = Table(
    "errand",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    *map(_text, ("desk", "organisation", "operation")),
    Column("ticket_id", BigInteger),
    Column("body", Json, nullable=False),
    Column("document", Integer, nullable=False),
    _text("state"),
    Column("owner", Integer, nullable=False),  # node that carries it, 0 = none
    Column("attempts", BigInteger, nullable=False),
    Column("doubtful", Boolean, nullable=False),  # an earlier attempt may have arrived
    Column("queued_at", Moment, nullable=False),
    Column("next_try_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("answer", Json, nullable=False),
    _text("trouble"),
    sqlite_autoincrement=True,  # an answer is a cause ("e17"): never given twice
)


def _only(where: str) -> dict[str, Any]:
    return {"sqlite_where": text(where), "postgresql_where": text(where)}


Index("errand_open", errand.c.desk, errand.c.organisation, errand.c.id, **_only(OPEN))
Index("errand_answered", errand.c.id, **_only("state = 'answered'"))
Index("errand_ticket", errand.c.ticket_id, errand.c.id)
