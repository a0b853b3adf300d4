"""What a process can be asked by mail: lists of its tickets, rows of the reference book, as data (X-43)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from handlers.process.call import Labels, Part


def _named(value: object) -> object:
    """Accept a list of columns where each needs no label of its own."""
    return {name: {} for name in value} if isinstance(value, list | tuple) else value


def _as_list(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


class ThroughRule(Part):
    """A table that knows what a value stands for: a serial number is on a line of an invoice. Its column
    `column` (the filter's name by default) has the value, the columns `take` narrow the query."""

    table: str
    column: str = ""
    take: tuple[str, ...]


class FewRule(Part):
    """Words that mean a few values of a column, said without the filter's words: "dossiers terminés"."""

    words: dict[str, tuple[str, ...]]
    values: tuple[str, ...]


class FilterRule(Part):
    """What narrows a query: `words`, and behind them a value of the column or field (the filter's name,
    unless `column` says another). A question that `asks` may begin with them. `few` are values that
    have words of their own."""

    words: dict[str, tuple[str, ...]] = {}
    few: dict[str, FewRule] = {}
    label: Labels = {}
    column: str = ""
    asks: bool = False
    through: ThroughRule | None = None


class LookRule(Part):
    """A column of the row of another table, found `by` columns of ours (theirs: ours)."""

    table: str
    by: dict[str, str]
    column: str


class ChancesRule(Part):
    """What can still be asked for a row: the column `possible` (A-8), by the workflow's `deadlines`.

    `fields` tells what columns are called as fields of a ticket (field: column). Where one of `direct` is
    "yes", choices whose decision has one of the values of `barred` are the manufacturer's (A-12).
    """

    fields: dict[str, str] = {}
    direct: tuple[LookRule, ...] = ()
    barred: dict[str, tuple[str, ...]] = {}


class QueryRule(Part):
    """A question and its answer, a table in text, HTML and CSV.

    A line begins with one of the `words`. The answer are tickets, or rows of the reference table
    `table`; `shows` says what of tickets: their list, the `status` or the `journal` of one, the `digest` of all.
    `filters` narrow it; a number without words is a value of the filter `bare` (of tickets, the
    beginning of their number, A-43). `period` is the column of the day; `where`, `states` and `open` hold when
    the question says nothing else. `who` may ask; customers see the rows whose column `mine` is their
    organisation, and their own tickets or with `scope` all of the organisation. `file` is the column
    of files to be attached, `chances` fill the column `possible`. `intents` are those of free words that ask the same.
    """

    label: Labels
    words: dict[str, tuple[str, ...]] = {}
    table: str = ""
    shows: Literal["list", "status", "journal", "digest"] = "list"
    columns: Annotated[dict[str, Labels], BeforeValidator(_named)] = {}
    filters: dict[str, FilterRule] = {}
    bare: str = ""
    period: str = ""
    where: dict[str, Annotated[tuple[str, ...], BeforeValidator(_as_list)]] = {}
    states: tuple[str, ...] = ()
    open: bool | None = None
    who: tuple[Literal["customer", "agent"], ...] = ("customer", "agent")
    mine: str = ""
    scope: Literal["own", "organisation"] = "own"
    file: str = ""
    chances: ChancesRule | None = None
    intents: tuple[str, ...] = ()
