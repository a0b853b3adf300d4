"""Tickets that stand in a table before anybody writes: dossiers of another program (R-T1)."""

from __future__ import annotations

from handlers.process.call import Part


class RegisterRule(Part):
    """A table whose rows are tickets. One is opened when a mail names it by its number, the shape of
    which is `pattern`, in the column `key`; `owner` is the column of the customer number. The column
    `state` says where it stands: `states` maps what it says to a state, `other` is for all else. `take`
    fills fields from columns, `mirror` is the field that keeps what `state` said. `found_by` finds the
    one row of the customer that bears a number of another kind: `{order: order}` is column by kind.
    """

    table: str
    key: str
    owner: str
    pattern: str
    state: str
    states: dict[str, str] = {}
    other: str
    mirror: str
    take: dict[str, str] = {}
    found_by: dict[str, str] = {}


class ResponsibleRule(Part):
    """Who gets a team's work items in its place: the people that a table names (R-14). `by` maps columns
    to fields of the ticket ("key" is its key, "" an empty cell); somebody `away` until a day (a column) is passed over."""

    table: str
    by: dict[str, str]
    address: str = "address"
    name: str = "name"
    away: str = "absent_until"
