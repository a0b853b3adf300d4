"""The books: every mail received is accounted for, every file belongs to somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from handlers.decision import Verdict
from storage.blobs import BLOBS, is_used
from storage.schema import blob, document, journal, journal_raw


def counts(tx: Connection, desk: str | None = None) -> Mapping[str, int]:
    """Return how many mails have each verdict, "pending" and "received" (their sum) included."""
    query = select(func.coalesce(journal.c.verdict, "pending"), func.count())
    if desk is not None:
        query = query.where(journal.c.desk == desk)
    found: dict[str, int] = {
        row[0]: row[1] for row in tx.execute(query.group_by(journal.c.verdict))
    }
    names = (*(verdict.value for verdict in Verdict), "pending")
    return {name: found.get(name, 0) for name in names} | {"received": sum(found.values())}


def orphans(tx: Connection) -> tuple[int, ...]:
    """Return the ids of rows whose bytes are missing: always () unless somebody tampered."""
    query = select(journal.c.id).outerjoin(journal_raw).where(journal_raw.c.journal_id.is_(None))
    return tuple(tx.execute(query.order_by(journal.c.id)).scalars())


def unused_blobs(tx: Connection) -> tuple[str, ...]:
    """Return the SHA-256 of files that no document names: always () unless somebody tampered."""
    return tuple(tx.execute(select(blob.c.sha256).where(~is_used())).scalars())


def missing_blobs(tx: Connection) -> tuple[str, ...]:
    """Return the SHA-256 that documents name and no file has (erased ones are not named)."""
    lost: set[str] = set()
    for name in BLOBS:
        query: Any = select(document.c[name]).outerjoin(blob, blob.c.sha256 == document.c[name])
        lost.update(tx.execute(query.where(blob.c.sha256.is_(None))).scalars())
    return tuple(sorted(lost - {""}))
