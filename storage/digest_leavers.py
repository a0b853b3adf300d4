"""Who wants no more digests of a desk, although its configuration names them (RFC 2369)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from storage.leaver_schema import digest_leaver

_LEAVE = insert_or(digest_leaver).on_conflict_do_nothing()


def settle(tx: Connection, desk: str, readers: Mapping[str, bool], now: datetime) -> None:
    """Note for each address whether it wants the digests of a desk again (True), or no more."""
    for address, wanted in readers.items():
        key = address.lower()
        if wanted:
            come_back(tx, key, desk)
        else:
            tx.execute(_LEAVE, {"desk": desk, "address_key": key, "at": now})


def come_back(tx: Connection, address: str, desk: str = "") -> int:
    """Forget that an address left the digests of a desk, of every desk for "". Return of how many."""
    mine = digest_leaver.c.address_key == address.lower()
    every = (mine, digest_leaver.c.desk == desk) if desk else (mine,)
    return tx.execute(delete(digest_leaver).where(*every)).rowcount


def leavers(tx: Connection, desk: str) -> frozenset[str]:
    """Return the addresses that left the digests of a desk, in lower case."""
    mine = select(digest_leaver.c.address_key).where(digest_leaver.c.desk == desk)
    return frozenset(tx.execute(mine).scalars())


def every_leaver(tx: Connection) -> tuple[tuple[str, str], ...]:
    """Return (desk, address) of all who left digests, in order."""
    query = select(digest_leaver.c.desk, digest_leaver.c.address_key)
    rows = tx.execute(query.order_by(digest_leaver.c.desk, digest_leaver.c.address_key))
    return tuple((row.desk, row.address_key) for row in rows)
