"""Tickets that belong together: opened together, or one by the rules of another. Found by any of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from storage.columns import one_of
from storage.schema import ticket, ticket_key
from storage.statement import fetch, fetch_column

MOST_STEPS = 4  # from one ticket to the next: a line, its parent, the parent's lines
_TIES = select(ticket.c.id, ticket.c.group, ticket.c.links).where(
    one_of(ticket.c.id, "ids", int), ticket.c.desk == bindparam("desk")
)
_GROUPED = select(ticket.c.id).where(
    ticket.c.desk == bindparam("desk"),
    one_of(ticket.c.group, "groups"),
    text("ticket.\"group\" <> ''"),  # as the index says it
)
_LINKED = select(ticket_key.c.ticket_id).where(
    ticket_key.c.desk == bindparam("desk"), one_of(ticket_key.c.key, "keys")
)


def with_companions(tx: Connection, ids: Collection[int], desk: str) -> set[int]:
    """Return these tickets, all of their groups, and those they are linked with."""
    found, fresh = set(ids), set(ids)
    for _ in range(MOST_STEPS):
        rows = fetch(tx, _TIES, {"ids": sorted(fresh), "desk": desk}) if fresh else ()
        fresh = _companions(tx, rows, desk) - found
        found |= fresh
    return found


def _companions(tx: Connection, rows: Iterable[Any], desk: str) -> set[int]:
    rows = tuple(rows)
    groups = sorted({row.group for row in rows if row.group})
    keys = sorted({key for row in rows for told in row.links.values() for key in told.split()})
    found: set[int] = set()
    if groups:
        found.update(fetch_column(tx, _GROUPED, {"groups": groups, "desk": desk}))
    if keys:
        found.update(fetch_column(tx, _LINKED, {"keys": keys, "desk": desk}))
    return found
