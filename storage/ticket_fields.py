"""Find tickets by what stands in their fields: an index of values that tell a thing from others.

Only values that look like a number of something, or an address, are in it: invoices, orders, serials, people.
By any other value a search reads the tickets that the rest of it leaves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Table, bindparam, delete, insert, select

from handlers.ticket import Ticket
from storage.columns import Id, Words
from storage.schema import metadata

SHORTEST, LONGEST = 4, 60
_TELLING = re.compile(r"[0-9@]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

ticket_field = Table(
    "ticket_field",
    metadata,
    Column("desk", Words, primary_key=True),
    Column("name", Words, primary_key=True),
    Column("value", Words, primary_key=True),
    Column("ticket_id", Id, ForeignKey("ticket.id"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
Index("ticket_field_ticket", ticket_field.c.ticket_id)

NEW_FIELDS = insert(ticket_field)
DROP_FIELDS = delete(ticket_field).where(ticket_field.c.ticket_id == bindparam("row"))


def is_telling(value: str) -> bool:
    """Tell whether tickets are found by this value."""
    fits = SHORTEST <= len(value) <= LONGEST and _TELLING.search(value) is not None
    return fits and not _DAY.match(value)


def field_rows(tickets: Sequence[Ticket]) -> list[dict[str, Any]]:
    """Return the rows of the index for these tickets."""
    return [
        {"desk": one.desk, "name": name, "value": value, "ticket_id": one.id}
        for one in tickets
        for name, value in one.fields.items()
        if is_telling(value)
    ]


def with_field(desk: str, fields: Mapping[str, str]) -> Any:
    """Return the query for the ids of tickets with the most telling of these values, None when none
    is: the longest."""
    telling = {name: value for name, value in fields.items() if is_telling(value)}
    if not telling:
        return None
    name = max(telling, key=lambda one: len(telling[one]))
    mine = ticket_field.c.desk == desk, ticket_field.c.name == name
    return select(ticket_field.c.ticket_id).where(*mine, ticket_field.c.value == telling[name])
