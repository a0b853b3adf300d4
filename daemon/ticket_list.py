"""The tickets a sysadmin asks for, by the same engine that answers questions by mail (X-43)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from daemon.office import Office
from daemon.staff import office_of
from handlers.errors import BadData
from handlers.process.query_rule import QueryRule
from handlers.process.workflow import Workflow
from handlers.queries.query import KEY, TEAM, TEXT, WORDS, Query
from handlers.queries.query_cells import columns_of, heading_of, style_of, ticket_cell
from handlers.queries.query_run import Archive, Asker, tickets_found
from handlers.ticket import Ticket
from handlers.words.field_values import choice_in, field_named
from parsers.fields.days import date_of
from parsers.fields.periods import period_in
from storage.book import StoredBook
from templates.table import write_csv

LIST = "requests"  # the query whose columns a CSV file has


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which tickets: "" and None narrow nothing. `fields` are "name=value", `during` words like "1 week"."""

    key: str = ""
    open: bool | None = None
    state: str = ""
    contact: str = ""
    assignee: str = ""
    team: str = ""
    text: str = ""
    fields: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    during: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """The tickets of one desk, the last changed first."""

    office: Office
    tickets: tuple[Ticket, ...] = field(default_factory=tuple)


def list_tickets(
    tx: Connection,
    offices: Mapping[str, Office],
    desk: str,
    wanted: Wanted,
    now: datetime,
    *,
    limit: int,
) -> tuple[Listed, ...]:
    """Return the tickets of a desk, or with "" of every one, so many of each: those changed last. Raises BadData for a day or a field that
    is not understood."""
    names = [desk] if desk else list(offices)
    return tuple(_listed(tx, offices, name, wanted, now, limit=limit) for name in names)


def as_csv(listed: Sequence[Listed]) -> bytes:
    """Return the tickets of one desk as the CSV file that a mail brings. Raises BadData for several."""
    full = [one for one in listed if one.tickets]
    if len(full) > 1:
        named = ", ".join(one.office.desk.name for one in full)
        raise BadData(f"the desks {named} have columns of their own: name one by --desk.")
    if not full:
        return b""
    workflow, desk = full[0].office.workflow, full[0].office.desk
    style = style_of(workflow, desk, desk.language)
    rule = workflow.queries.get(LIST, QueryRule(label={}))
    columns = columns_of(rule, workflow, agent=True)
    rows = [
        tuple(ticket_cell(ticket, name, style) for name in columns) for ticket in full[0].tickets
    ]
    head = tuple(heading_of(name, label, style) for name, label in columns.items())
    comma = ";" if desk.language in WORDS["commas"] else ","
    return write_csv([head, *rows], comma)


def _listed(
    tx: Connection,
    offices: Mapping[str, Office],
    name: str,
    wanted: Wanted,
    now: datetime,
    *,
    limit: int,
) -> Listed:
    office = office_of(tx, offices, name) or offices[name]
    style = style_of(office.workflow, office.desk, office.desk.language)
    today = now.astimezone(style.zone).date()
    archive = Archive(book=StoredBook(tx, name), desk=office.desk, style=style, today=today)
    query = _query(wanted, office.workflow, today)
    asker = Asker(address="", agent=True)
    found = tickets_found(query, asker, archive, changed=limit) if query else ()
    return Listed(office=office, tickets=found)


def _query(wanted: Wanted, workflow: Workflow, today: date) -> Query | None:
    """Return the query of a process, None when it has no such state or field."""
    fields = [_field(one, workflow) for one in wanted.fields]
    if (wanted.state and wanted.state not in workflow.states) or not all(fields):
        return None
    given = {KEY: wanted.key, TEXT: wanted.text, TEAM: wanted.team}
    given |= {"assignee": wanted.assignee, "contact": wanted.contact, **dict(filter(None, fields))}
    first, last = _days(wanted, today)
    return Query(
        name=LIST,
        rule=QueryRule(label={}),
        values={name: value for name, value in given.items() if value},
        first=first,
        last=last,
        open=wanted.open,
        states=(wanted.state,) if wanted.state else (),
    )


def _field(written: str, workflow: Workflow) -> tuple[str, str] | None:
    label, equals, value = written.partition("=")
    if not equals or not value.strip():
        raise BadData(f"--field {written!r}: write NAME=VALUE, such as type=63.")
    name = field_named(workflow, label)
    if not name:
        return None
    choice = choice_in(workflow, name, value) if workflow.fields[name].choices else ""
    return name, choice or value.strip()


def _days(wanted: Wanted, today: date) -> tuple[date | None, date | None]:
    if wanted.during:
        period = period_in(wanted.during, "", today)
        if period is None:
            raise BadData(f"--during {wanted.during!r} is no period (example: '1 week').")
        return period.first, period.last
    first, last = (_day(one) for one in (wanted.first, wanted.last))
    return first, last


def _day(written: str) -> date | None:
    day = date_of(written, "fr") if written else None
    if written and day is None:
        raise BadData(f"{written!r} is no day (example: 2026-11-30).")
    return day


def every_ticket(listed: Sequence[Listed]) -> Iterator[Ticket]:
    """Yield the tickets of all desks, the last changed first."""
    tickets = (ticket for one in listed for ticket in one.tickets)
    yield from sorted(tickets, key=lambda one: one.changed_at, reverse=True)
