"""Which digests were sent: a row for each, so that none is sent twice (X-33)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from storage.digest_schema import digest_round

_TAKE = insert_or(digest_round).on_conflict_do_nothing().returning(digest_round.c.day)


def take(tx: Connection, desk: str, kind: str, day: date, *, since: datetime, at: datetime) -> bool:
    """Write down that a digest is sent with this transaction. False: it was sent before, by whomever."""
    row = {"desk": desk, "kind": kind, "day": day.isoformat(), "since": since, "at": at}
    return bool(tx.execute(_TAKE, row).all())


def last_before(tx: Connection, desk: str, kind: str, day: date) -> datetime | None:
    """Return the instant that the digest before this day told of, None when there was none."""
    mine = (digest_round.c.desk == desk, digest_round.c.kind == kind)
    query = select(digest_round.c.at).where(*mine, digest_round.c.day < day.isoformat())
    return tx.execute(query.order_by(digest_round.c.day.desc()).limit(1)).scalar()


def span_of(tx: Connection, desk: str, kind: str, day: date) -> tuple[datetime, datetime] | None:
    """Return the time that the digest of a day told of, None when none was sent."""
    query = select(digest_round.c.since, digest_round.c.at).where(
        digest_round.c.desk == desk,
        digest_round.c.kind == kind,
        digest_round.c.day == day.isoformat(),
    )
    row = tx.execute(query).first()
    return None if row is None else (row.since, row.at)
