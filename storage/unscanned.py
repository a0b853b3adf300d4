"""Documents that were kept while no virus scanner answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, text, tuple_

from storage.audience import readable
from storage.schema import UNSCANNED, document


class Kept(NamedTuple):
    """A document that no scanner has seen; `size` in octets."""

    ticket_id: int
    number: int
    filename: str
    sha256: str
    size: int


_ROWS: Final = select(
    document.c.ticket_id,
    document.c.number,
    document.c.filename,
    document.c.sha256,
    document.c.size,
).order_by(document.c.ticket_id, document.c.number)
_PLACE: Final = tuple_(document.c.ticket_id, document.c.number) > tuple_(
    bindparam("ticket"), bindparam("number")
)
# The very words of the index, or it is not used.
_WHERE: Final = dict(zip(("sqlite", "postgresql"), map(text, UNSCANNED), strict=True))
_KEPT: Final[Mapping[str, Any]] = {
    name: _ROWS.where(where, _PLACE, readable(document)).limit(bindparam("limit"))
    for name, where in _WHERE.items()
}


def unscanned(tx: Connection, limit: int, *, behind: tuple[int, int] = (0, 0)) -> tuple[Kept, ...]:
    """Return documents that no scanner has seen, `behind` a (ticket id, number), in this order."""
    ticket, number = behind
    asked = {"ticket": ticket, "number": number, "limit": limit}
    return tuple(Kept(*row) for row in tx.execute(_KEPT[tx.dialect.name], asked))


def count_unscanned(tx: Connection) -> int:
    """Return how many documents no scanner has seen."""
    counted = select(func.count()).select_from(document).where(_WHERE[tx.dialect.name])
    return tx.execute(counted).scalar_one()
