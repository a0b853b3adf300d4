"""The table of digests that were sent, and the indexes by time that counting for them needs."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from storage.columns import Moment, Words
from storage.schema import metadata, outbox, step, ticket

digest_round = Table(
    "digest_round",
    metadata,
    Column("desk", Words, primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("day", Words, primary_key=True),  # ISO: the day it belongs to
    Column("since", Moment, nullable=False),
    Column("at", Moment, nullable=False),  # the instant it tells of
)
BY_TIME = (
    Index("ticket_opened", ticket.c.desk, ticket.c.opened_at),
    Index("ticket_closed", ticket.c.desk, ticket.c.closed_at),
    Index("step_at", step.c.at),
    Index("outbox_written", outbox.c.desk, outbox.c.queued_at),
)
