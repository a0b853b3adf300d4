"""Tickets that were opened together, found by any of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select, text

from storage.columns import one_of
from storage.schema import ticket
from storage.statement import fetch_column

_NAMED = ticket.alias("named")
_GROUPS = (
    select(ticket.c.id)
    .join(_NAMED, (_NAMED.c.desk == ticket.c.desk) & (_NAMED.c.group == ticket.c.group))
    .where(
        one_of(_NAMED.c.id, "ids", int),
        ticket.c.desk == bindparam("desk"),
        text("ticket.\"group\" <> ''"),  # as the index says it
    )
)


def of_their_groups(tx: Connection, ids: Collection[int], desk: str) -> set[int]:
    """Return the tickets that were opened together with any of these, these included."""
    if not ids:
        return set()
    return set(fetch_column(tx, _GROUPS, {"ids": sorted(ids), "desk": desk}))
