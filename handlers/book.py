"""The reference book of a desk: invoices, brands, limits, people; imported, never changed by a mail.

It is too large to be carried along with a mail, so a rule asks it. Whoever decides gets a book
that reads in the transaction that applies the decision: the same book gives the same decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias

from handlers.digest.record import Counted, Record
from handlers.ticket import Article, Ticket
from parsers.folding import fold

MOST_ROWS = 500
Row: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """Which tickets of the desk are wanted; "" and () and None narrow nothing.

    `fields` are compared exactly; `alike` are fields, the contact or the organisation with several
    values of which one fits, each as `value_key` writes it. `prefix` is the beginning of a key; `people`
    are addresses of which one must be on the ticket, or `organisation` that owns it. Times are of the
    opening. `assignees` are agents or teams of which one has it; `text` stands, whatever its case and
    accents, in its number, subject, contact, organisation or fields. The newest come first: those
    opened last, or `by_change` those changed last.
    """

    people: tuple[str, ...] = ()
    organisation: str = ""
    states: tuple[str, ...] = ()
    open: bool | None = None
    fields: Mapping[str, str] | None = None
    alike: Mapping[str, frozenset[str]] | None = None
    prefix: str = ""
    group: str = ""
    since: datetime | None = None
    until: datetime | None = None
    assignees: tuple[str, ...] = ()
    text: str = ""
    by_change: bool = False
    limit: int = MOST_ROWS


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One thing that happened to a ticket. `kind` is step, mail, message or errand; `state` is the one it
    came into, "" when it stayed; `what` is the transition, verdict, notice or operation, `text` says more."""

    kind: str
    at: datetime
    who: str = ""
    what: str = ""
    state: str = ""
    text: str = ""


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

    def file(self, digest: str) -> bytes:
        """Return the octets of a file that a row names in its column `digest`; b"" when unknown."""
        ...

    def tickets(self, search: Search) -> tuple[Ticket, ...]:
        """Return tickets of the desk, newest first, without locking them: to count, list and
        compare, not to change."""
        ...

    def written_outside(self, author: str, since: datetime) -> int:
        """Return how many messages this author had carried to people outside since then (R-48)."""
        ...

    def internal_words(self, ticket_id: int, organisation: str) -> tuple[Article, ...]:
        """Return what people of a customer number said among themselves on their ticket, oldest first;
        () for any other number. Only an internal answer may repeat it (R-8)."""
        ...

    def past(self, ticket_id: int) -> tuple[Entry, ...]:
        """Return all that happened to a ticket and that the desk may read, oldest first (Q-35)."""
        ...

    def records(self, counted: Counted) -> tuple[Record, ...]:
        """Return the tickets of the desk that a digest counts, with every step they took."""
        ...


def value_key(value: str) -> str:
    """Return what two equal values of a table have in common: without case, accents, blanks and
    leading zeros (A-23). "" stays "", and zero is "0"."""
    plain = "".join(fold(value).split())
    return plain.lstrip("0") or plain[:1]


def fits(
    row: Row, equal: Mapping[str, str], between: tuple[str, str, str] | None, on: date | None
) -> bool:
    """Tell whether a row is among those that `Book.rows` returns for these arguments."""
    if any(value_key(row.get(name, "")) != value_key(value) for name, value in equal.items()):
        return False
    if between is not None:
        column, *limits = between
        first, last = map(value_key, limits)
        if not first <= value_key(row.get(column, "")) <= last:
            return False
    return on is None or _valid(row, on.isoformat())


def _valid(row: Row, day: str) -> bool:
    since, until = row.get("valid_from", ""), row.get("valid_until", "")
    return since <= day and (not until or day <= until)


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

    def file(self, digest: str) -> bytes:  # noqa: ARG002
        """Return nothing."""
        return b""

    def tickets(self, search: Search) -> tuple[Ticket, ...]:  # noqa: ARG002
        """Return no tickets."""
        return ()

    def written_outside(self, author: str, since: datetime) -> int:  # noqa: ARG002
        """Return that nothing was carried."""
        return 0

    def internal_words(self, ticket_id: int, organisation: str) -> tuple[Article, ...]:  # noqa: ARG002
        """Return no words."""
        return ()

    def past(self, ticket_id: int) -> tuple[Entry, ...]:  # noqa: ARG002
        """Return nothing."""
        return ()

    def records(self, counted: Counted) -> tuple[Record, ...]:  # noqa: ARG002
        """Return no tickets."""
        return ()
