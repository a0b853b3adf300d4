"""The table of what waiting work items tell, as JSON (`handlers.work_items`)."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.columns import Words
from storage.schema import metadata

outbox_notice = Table(
    "outbox_notice",
    metadata,
    Column("message_id", Words, primary_key=True),
    Column("happenings", Words, nullable=False),
)
