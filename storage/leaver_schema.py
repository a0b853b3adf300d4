"""The table of who wants no more digests."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.columns import Moment, Words
from storage.schema import metadata

digest_leaver = Table(
    "digest_leaver",
    metadata,
    Column("desk", Words, primary_key=True),
    Column("address_key", Words, primary_key=True),  # in lower case
    Column("at", Moment, nullable=False),
)
