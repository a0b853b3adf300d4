"""How a workflow file says until when something can still be asked for."""

from __future__ import annotations

from handlers.process.call import Part


class DeadlineRule(Part):
    """Days from a date, by a code and maybe a brand, from a table of the reference book (A-9, A-13).

    `since` is the field with the first day, `code` and `brand` those with what the table is asked
    for; its columns are called `code`, `brand`, and `days`. A row without days never ends, one
    without brand is for all others. `choices` is the field whose choices are offered, `by` the
    decision table that tells the code of each (column `code`).
    """

    table: str
    since: str
    code: str
    brand: str
    choices: str
    by: str
