"""The table of messages that did not get through, until somebody was told (`storage.undelivered`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from storage.columns import Id, Moment, Words
from storage.schema import metadata

undelivered = Table(
    "undelivered",
    metadata,
    Column("id", Id, primary_key=True),
    Column("outbox_id", BigInteger, nullable=False),
    Column("trouble", Words, nullable=False),
    Column("due_at", Moment, nullable=False),  # when it is decided
    sqlite_autoincrement=True,  # a trouble is a cause ("o17"): never given twice
)
Index("undelivered_outbox", undelivered.c.outbox_id, unique=True)
Index("undelivered_due", undelivered.c.due_at)
