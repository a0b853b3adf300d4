"""How a workflow file says which row of the reference book a request speaks of."""

from __future__ import annotations

from handlers.process.call import Part


class ThroughRule(Part):
    """A table that leads to the row: found by our fields (`by`: column of it by field), it names the
    columns `to` that both have."""

    table: str
    by: dict[str, str]
    to: tuple[str, ...]


class MatchRule(Part):
    """The row of `table` that a ticket is about.

    `within` (column: field) must always agree: whose rows may be seen at all. Of `by` (column:
    field) what the ticket names must agree. `take` (field: column) is taken from the only row
    that fits, `into` counts how many do.
    """

    table: str
    within: dict[str, str]
    by: dict[str, str]
    through: tuple[ThroughRule, ...] = ()
    take: dict[str, str]
    into: str

    @property
    def identity(self) -> tuple[str, ...]:
        """The fields that say which row a ticket is about, by itself or through another table."""
        return (*self.by.values(), *(name for one in self.through for name in one.by.values()))
