"""How a workflow file says which rows of the reference book a notice shows."""

from __future__ import annotations

from handlers.process.call import Labels, Part


class BeyondRule(Part):
    """A column with what another table says of each row: `column` of its rows whose `by` (their column:
    column of ours) agree."""

    label: Labels
    table: str
    by: dict[str, str]
    column: str


class RowsRule(Part):
    """Rows that a notice shows: those of `table` whose columns `by` (column: field) have the values of
    our fields, as a table with these headings."""

    label: Labels
    table: str
    by: dict[str, str]
    columns: dict[str, Labels]
    beyond: tuple[BeyondRule, ...] = ()
