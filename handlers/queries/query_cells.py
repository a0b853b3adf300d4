"""How answers to questions write things: headings, days, amounts, in the language of whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.desk import Desk
from handlers.process.query_rule import QueryRule
from handlers.process.table_rules import ColumnRule, rule_of
from handlers.process.workflow import State, Workflow, said
from handlers.queries.query import WORDS, Query
from handlers.ticket import Ticket

OF_DESK = ("contact", "assignee")  # what agents see of every ticket, beside its own columns


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """The process, the language and the clock that an answer is written in."""

    workflow: Workflow
    language: str
    zone: ZoneInfo

    def day(self, day: date) -> str:
        """Return a day in figures."""
        days = WORDS["days"]
        return f"{day:{days.get(self.language) or days['en']}}"

    def moment(self, at: datetime) -> str:
        """Return a moment on the wall of the desk, to the minute."""
        here = at.astimezone(self.zone)
        return f"{self.day(here.date())} {here:%H:%M}"

    def here(self, at: datetime) -> str:
        """Return the day of a moment on the wall of the desk."""
        return self.day(at.astimezone(self.zone).date())

    def word(self, code: str, **values: str) -> str:
        """Return a word of `lists.yaml`."""
        return said(WORDS["said"][code], self.language).format(**values)

    def heading(self, code: str) -> str:
        """Return the heading of a column that every list has."""
        return said(WORDS["headings"][code], self.language)

    def value(self, value: str, kind: str) -> str:
        """Return a kept value as people write it: ISO days in figures, amounts with their comma."""
        if kind == "date":
            try:
                return self.day(date.fromisoformat(value[:10]))
            except ValueError:
                return value
        number = kind in ("amount", "number")
        return value.replace(".", ",") if number and self.language in WORDS["commas"] else value


def style_of(workflow: Workflow, desk: Desk, language: str) -> Style:
    """Return how a desk writes answers in a language."""
    return Style(workflow=workflow, language=language, zone=ZoneInfo(desk.time_zone))


OF_TICKET: Mapping[str, Callable[[Ticket, Style], str]] = {
    "key": lambda ticket, _: ticket.key,
    "line": lambda ticket, _: ticket.links.get("line", ""),
    "state": lambda ticket, style: said(_state(ticket, style).label, style.language),
    "colour": lambda ticket, style: said(_state(ticket, style).colour, style.language),
    "opened": lambda ticket, style: style.here(ticket.opened_at),
    "since": lambda ticket, style: style.here(ticket.state_since),
    "changed": lambda ticket, style: style.here(ticket.changed_at),
    "contact": lambda ticket, _: ticket.contact,
    "organisation": lambda ticket, _: ticket.organisation,
    "assignee": lambda ticket, _: ticket.assignee,
    "subject": lambda ticket, _: ticket.subject,
}
"""The columns that every list of tickets may have beside the fields of the process."""


def _state(ticket: Ticket, style: Style) -> State:
    return style.workflow.states[ticket.state]


def columns_of(rule: QueryRule, workflow: Workflow, *, agent: bool) -> dict[str, Mapping[str, str]]:
    """Return the columns of an answer with their labels ({} = the usual one): those of the rule, else
    number, what the process lists, state and last event."""
    columns: dict[str, Mapping[str, str]] = dict(rule.columns)
    if not columns and not rule.table:
        columns = {name: {} for name in ("key", *workflow.listed, "state", "changed")}
    extra = OF_DESK if agent and not rule.table else ()
    return {**columns, **{name: {} for name in extra if name not in columns}}


def heading_of(name: str, label: Mapping[str, str], style: Style) -> str:
    """Return the heading of a column."""
    if label:
        return said(dict(label), style.language)
    if name in WORDS["headings"]:
        return style.heading(name)
    field = style.workflow.fields.get(name)
    return said(field.label, style.language) if field else name.replace("_", " ")


def ticket_cell(ticket: Ticket, name: str, style: Style) -> str:
    """Return what a ticket has in a column."""
    own = OF_TICKET.get(name) if name not in style.workflow.fields else None
    if own is not None:
        return own(ticket, style)
    value, rule = ticket.fields.get(name, ""), style.workflow.fields.get(name)
    if rule is not None and value in rule.choices:
        return said(rule.choices[value].label, style.language)
    return style.value(value, rule.type if rule else "text")


def row_cell(row: Mapping[str, str], name: str, table: str, style: Style) -> str:
    """Return what a row of the reference book has in a column."""
    column = rule_of(table, style.workflow.tables).columns.get(name, ColumnRule())
    return style.value(row.get(name, ""), column.type)


def terms_of(query: Query, style: Style) -> list[str]:
    """Return what a query was narrowed to, a phrase each: "du 01/11/2026 au 15/11/2026"."""
    terms = [] if query.open is None else [style.word("open" if query.open else "closed")]
    terms += [said(style.workflow.states[one].label, style.language) for one in query.states]
    days = {"first": query.first, "last": query.last}
    shown = {name: style.day(day) for name, day in days.items() if day is not None}
    if shown:
        code = "between" if len(shown) == 2 else "since" if "first" in shown else "until"
        terms.append(style.word(code, **shown))
    terms += (_term(query, name, value, style) for name, value in query.values.items())
    return [*terms, *query.also]


def _term(query: Query, name: str, value: str, style: Style) -> str:
    rule, column = query.rule.filters.get(name), query.column_of(name)
    field = style.workflow.fields.get(column)
    choice = field.choices.get(value) if field else None
    few = rule.few.get(value) if rule else None
    if few is not None:
        return few.words.get(style.language, next(iter(few.words.values())))[0]
    shown = said(choice.label, style.language) if choice else value
    return f"{heading_of(column, rule.label if rule else {}, style)} {shown}"
