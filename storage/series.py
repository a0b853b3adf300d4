"""The number series of a desk: read before a decision, moved with it."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from handlers.numbering import Numbers
from storage.schema import number_series
from storage.statement import fetch, write
from storage.store import Conflict

_SERIES = select(number_series.c.series, number_series.c.next).where(
    number_series.c.desk == bindparam("desk")
)


def numbers(tx: Connection, desk: str) -> Numbers:
    """Return where the number series of a desk stand; one that never began starts at 1."""
    return Numbers(next={row.series: row.next for row in fetch(tx, _SERIES, {"desk": desk})})


_COUNTED = insert_or(number_series).values(
    desk=bindparam("desk"), series=bindparam("series"), next=bindparam("after")
)
_MOVE = _COUNTED.on_conflict_do_update(
    index_elements=["desk", "series"],
    set_={"next": _COUNTED.excluded.next},
    where=number_series.c.next == bindparam("first"),
)


def take_numbers(tx: Connection, desk: str, numbers: Numbers) -> None:
    """Move each series, one order for everybody; one that moved since it was read is a Conflict."""
    for series, drawn in sorted(numbers.drawn.items()):
        first = numbers.next.get(series, 1)
        row = {"desk": desk, "series": series, "first": first, "after": first + drawn}
        if not write(tx, _MOVE, row):
            raise Conflict(f"series {series}: number {first} was given meanwhile")
