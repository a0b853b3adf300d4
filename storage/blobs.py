"""Blobs: the bytes of documents, once each, by their SHA-256."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, or_, select

from storage.columns import one_of
from storage.schema import blob, document

BLOBS = ("sha256", "copy_sha256", "thumbnail_sha256")
"""The columns of a document that name a blob."""

_READ = select(blob.c.sha256, blob.c.data).where(one_of(blob.c.sha256, "digests"))


def read_blobs(tx: Connection, digests: Sequence[str]) -> dict[str, bytes]:
    """Return the bytes by digest; digests that are not stored are absent."""
    if not digests:
        return {}
    rows = tx.execute(_READ, {"digests": list(digests)})
    return {row.sha256: bytes(row.data) for row in rows}


def is_used() -> ColumnElement[bool]:
    """Return the condition that a document names a blob."""
    named = or_(*(document.c[name] == blob.c.sha256 for name in BLOBS))
    return select(document.c.number).where(named).exists()
