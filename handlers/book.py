"""The reference book of a desk: invoices, brands, limits, people; imported, never changed by a mail.

It is too large to be carried along with a mail, so a rule asks it. Whoever decides gets a book
that reads in the transaction that applies the decision: the same book gives the same decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias

from handlers.ticket import Ticket

MOST_ROWS = 500
Row: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """Which tickets of the desk are wanted; "" and () and None narrow nothing.

    `fields` are compared exactly; `prefix` is the beginning of a key; `people` are addresses of which
    one must be on the ticket, or `organisation` that owns it. Times are of the opening.
    """

    people: tuple[str, ...] = ()
    organisation: str = ""
    states: tuple[str, ...] = ()
    open: bool | None = None
    fields: Mapping[str, str] | None = None
    prefix: str = ""
    group: str = ""
    since: datetime | None = None
    until: datetime | None = None
    limit: int = MOST_ROWS


class Book(Protocol):
    """What a desk can look up."""

    def rows(
        self,
        table: str,
        equal: Mapping[str, str],
        *,
        between: tuple[str, str, str] | None = None,
        on: date | None = None,
        limit: int = MOST_ROWS,
    ) -> tuple[Row, ...]:
        """Return the rows of a table whose columns have these values, by their key; () for a table
        that was never imported.

        Values are compared folded (case, blanks, leading zeros). `between` is (column, first, last),
        both inclusive, of ISO dates or plain text. `on` leaves out rows that are not valid on that
        day by their columns `valid_from` and `valid_until` (inclusive, empty = open).
        """
        ...

    def has(self, table: str) -> bool:
        """Tell whether the desk imported this table."""
        ...

    def tickets(self, search: Search) -> tuple[Ticket, ...]:
        """Return tickets of the desk, newest first, without locking them: to count, list and
        compare, not to change."""
        ...


class EmptyBook:
    """A book with nothing in it."""

    def rows(
        self,
        table: str,  # noqa: ARG002
        equal: Mapping[str, str],  # noqa: ARG002
        *,
        between: tuple[str, str, str] | None = None,  # noqa: ARG002
        on: date | None = None,  # noqa: ARG002
        limit: int = MOST_ROWS,  # noqa: ARG002
    ) -> tuple[Row, ...]:
        """Return no rows."""
        return ()

    def has(self, table: str) -> bool:  # noqa: ARG002
        """Tell that no table was imported."""
        return False

    def tickets(self, search: Search) -> tuple[Ticket, ...]:  # noqa: ARG002
        """Return no tickets."""
        return ()
