"""Prove the questions of a workflow: every column, filter, state and table they name is known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from handlers.process.query_rule import QueryRule
from handlers.process.table_rules import known_tables
from handlers.process.workflow import Workflow
from handlers.queries.query import KEY, TEAM, TEXT
from handlers.queries.query_cells import OF_TICKET
from parsers.mail import IntentKind

OF_DESK = {KEY, TEXT, TEAM, "assignee", "contact", "organisation"}  # filters every list may have


def query_problems(workflow: Workflow) -> Iterator[str]:
    """Yield what is wrong with the questions, with the place of each."""
    for name, rule in workflow.queries.items():
        place = f"{workflow.place('queries', name)}: query {name}"
        yield from (f"{place}: {told}" for told in _problems(rule, workflow))


def _problems(rule: QueryRule, workflow: Workflow) -> Iterator[str]:
    columns = _columns(rule, workflow)
    if columns is not None:
        yield from _unknown("column", rule.columns, {*columns, "possible"})
        yield from _unknown("column", rule.where, columns)
        filtered = [one.column or name for name, one in rule.filters.items() if not one.through]
        yield from _unknown("column", filtered, columns)
        named = [one for one in (rule.period, rule.mine, rule.file) if one]
        yield from _unknown("column", named, {*columns, "digest"})
    yield from _unknown("state", rule.states, workflow.states)
    yield from _unknown("intent", rule.intents, [kind.value for kind in IntentKind])
    yield from _unknown("filter", [rule.bare] if rule.bare else [], rule.filters)
    yield from _tables(rule, workflow)


def _tables(rule: QueryRule, workflow: Workflow) -> Iterator[str]:
    known = {*known_tables(), *workflow.tables}
    looked = [look.table for look in rule.chances.direct] if rule.chances else []
    through = [one.through.table for one in rule.filters.values() if one.through]
    yield from _unknown("table", filter(None, [rule.table, *looked, *through]), known)
    if rule.chances is not None and workflow.deadlines is None:
        yield "what is still possible needs the section `deadlines`. Add it, or drop `chances`."


def _columns(rule: QueryRule, workflow: Workflow) -> Collection[str] | None:
    """Return the columns a query may name, None for a table that nobody describes."""
    if not rule.table:
        return {*workflow.fields, *OF_TICKET, *OF_DESK}
    table = workflow.tables.get(rule.table) or known_tables().get(rule.table)
    return table.columns if table else None


def _unknown(what: str, names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    listed = [name for name in names if name not in known]
    for name in listed:
        yield f"there is no {what} {name!r}. Known: {', '.join(sorted(known))}."
