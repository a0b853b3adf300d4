"""Run a question: what the book of the desk holds, as far as whoever asks may see it (X-43)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from handlers.book import Book, Entry, Row, Search, value_key
from handlers.decision import HandedFile
from handlers.desk import Desk
from handlers.process.query_rule import QueryRule
from handlers.process.workflow import said
from handlers.queries.query import KEY, TEAM, TEXT, Query
from handlers.queries.query_cells import Style, columns_of, heading_of, row_cell, ticket_cell
from handlers.queries.query_chances import Chances
from handlers.ticket import Ticket
from parsers.folding import fold

MOST = 10_000  # rows of an answer
MOST_FILES = 5
_MOST_THROUGH = 50
_EVER = ("0001-01-01", "9999-12-31")
_OF_SEARCH = (KEY, TEXT, TEAM, "assignee")  # what the search itself looks at


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Who asks. A `manager` sees the tickets of the whole organisation (F-37), an agent all of the desk."""

    address: str
    organisation: str = ""
    manager: bool = False
    agent: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """An answer: a heading for each column, the rows, files that come with it. `ticket` is the one that a
    status or journal is about; `cut` tells that there are more rows than an answer may have."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    files: tuple[HandedFile, ...] = ()
    ticket: Ticket | None = None
    cut: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """Where answers come from: the book of a desk, today, and the style they are written in."""

    book: Book
    desk: Desk
    style: Style
    today: date


def run(query: Query, asker: Asker, archive: Archive) -> Findings:
    """Return the answer to a query for whoever asks."""
    if query.rule.table:
        return _rows_found(query, asker, archive)
    found = {t.id: t for one in query.each() for t in tickets_found(one, asker, archive)}
    tickets, style = tuple(found.values()), archive.style
    if query.rule.shows != "list" and KEY in query.values and len(tickets) == 1:
        return story(tickets[0], query.rule.shows, archive)
    columns = columns_of(query.rule, style.workflow, agent=asker.agent)
    return Findings(
        header=tuple(heading_of(name, label, style) for name, label in columns.items()),
        rows=tuple(
            tuple(ticket_cell(one, name, style) for name in columns) for one in tickets[:MOST]
        ),
        cut=len(tickets) > MOST,
    )


def tickets_found(
    query: Query, asker: Asker, archive: Archive, *, changed: int = 0
) -> tuple[Ticket, ...]:
    """Return the tickets a query wants that the asker may see, newest first; with `changed` so many of
    those changed last.

    Words are looked for in all that agents read, for others only in what they are shown: nobody
    learns by asking what a field holds that is kept from them.
    """
    whole = asker.manager or query.rule.scope == "organisation"
    mine = asker.organisation if whole else ""
    wanted = _wanted(query)
    words = "" if asker.agent else query.values.get(TEXT, "")
    search = replace(
        _narrowing(query, archive),
        people=() if asker.agent else (asker.address,),
        organisation="" if asker.agent else mine,
        text=query.values.get(TEXT, "") if asker.agent else "",
        alike=wanted,
        by_change=changed > 0,
        limit=changed or MOST + 1,
    )
    return tuple(
        ticket
        for ticket in archive.book.tickets(search)
        if (asker.agent or ticket.admits(asker.address) or (mine and ticket.organisation == mine))
        and all(_has(ticket, name, values) for name, values in wanted.items())
        and (not words or _shows(ticket, words, query.rule, archive.style))
    )


def _narrowing(query: Query, archive: Archive) -> Search:
    """Return what a query says of tickets, whoever asks."""
    end = _instant(_day_after(query.last), archive.style)
    return Search(
        states=query.states or query.rule.states,
        open=query.open,
        prefix=query.values.get(KEY, ""),
        assignees=tuple(_assignees(query, archive.desk, archive.style.workflow.teams)),
        since=_instant(query.first, archive.style),
        until=end and end - timedelta.resolution,
    )


def _shows(ticket: Ticket, words: str, rule: QueryRule, style: Style) -> bool:
    """Tell whether words stand in what a customer is shown of a ticket."""
    filled = (name for name, field in style.workflow.fields.items() if field.form)
    columns = columns_of(rule, style.workflow, agent=False)
    names = {"key", "subject", *columns, *style.workflow.recap, *filled}
    return any(fold(words) in fold(ticket_cell(ticket, name, style)) for name in names)


def story(ticket: Ticket, shows: str, archive: Archive) -> Findings:
    """Return what happened to one ticket: its states (A-41), or every step of it (Q-35), oldest first."""
    past, style = archive.book.past(ticket.id), archive.style
    status = shows == "status"
    names = ("at", "state") if status else ("at", "what", "who", "state", "detail")
    header = tuple(map(style.heading, names))
    rows = tuple(states_of(past, style) if status else (_entry(one, style) for one in past))
    if status and not rows:  # its steps are gone: where it stands is known all the same
        state = said(style.workflow.states[ticket.state].label, style.language)
        rows = ((style.moment(ticket.state_since), state),)
    return Findings(header=header, rows=rows[:MOST], ticket=ticket, cut=len(rows) > MOST)


def states_of(past: Iterable[Entry], style: Style) -> Iterator[tuple[str, ...]]:
    """Yield when a ticket came into each of its states, oldest first (A-41)."""
    for one in past:
        if one.state in style.workflow.states:
            yield style.moment(one.at), said(style.workflow.states[one.state].label, style.language)


def _entry(one: Entry, style: Style) -> tuple[str, ...]:
    state = style.workflow.states.get(one.state)
    label = said(state.label, style.language) if state else ""
    detail = " – ".join(filter(None, (one.what, one.text)))
    return (style.moment(one.at), style.word(one.kind), one.who, label, detail)


def _instant(day: date | None, style: Style) -> datetime | None:
    """Return when a day begins on the wall of the desk, None for one at the ends of time."""
    if day is None or not date.min < day < date.max:
        return None
    return datetime.combine(day, time(), style.zone).astimezone(UTC)


def _day_after(day: date | None) -> date | None:
    return None if day is None or day == date.max else day + timedelta(days=1)


def _assignees(query: Query, desk: Desk, teams: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield who has a ticket: an agent by name or address, a team by name, label or mailbox."""
    if TEAM in query.values:
        said = query.values[TEAM]
        labels = {value_key(one): name for name, told in teams.items() for one in told.values()}
        name = labels.get(value_key(said), said)
        team = desk.team(name)
        yield from (name, *team.addresses) if team else (name,)
    wanted = query.values.get("assignee", "")
    if wanted:
        yield wanted
        yield from (a.address for a in desk.agents if value_key(wanted) in value_key(a.name))


def _wanted(query: Query) -> dict[str, frozenset[str]]:
    """Return the columns or fields that must have one of some values, folded."""
    wanted = {name: frozenset(map(value_key, v)) for name, v in query.rule.where.items()}
    for name, value in query.values.items():
        few, column = query.few_of(name), query.column_of(name)
        if few or (not query.rule.table and name not in _OF_SEARCH):
            fit = frozenset(map(value_key, few or (value,)))
            wanted[column] = wanted.get(column, fit) & fit
    return wanted


def _has(ticket: Ticket, name: str, values: frozenset[str]) -> bool:
    own = {"contact": ticket.contact, "organisation": ticket.organisation}
    return value_key(ticket.fields.get(name, "") or own.get(name, "")) in values


def _rows_found(query: Query, asker: Asker, archive: Archive) -> Findings:
    rule, style = query.rule, archive.style
    columns = columns_of(rule, style.workflow, agent=asker.agent)
    rows = tuple(row for one in query.each() for row in _seen(one, asker, archive.book))
    limits = rule.chances
    counted = Chances(limits, archive.book, archive.today, style) if limits else None
    return Findings(
        header=tuple(heading_of(n, label, style) for n, label in columns.items()),
        rows=tuple(_cells(rule, row, columns, style, counted) for row in rows[:MOST]),
        files=tuple(_files(query, rows, archive)),
        cut=len(rows) > MOST,
    )


def _seen(query: Query, asker: Asker, book: Book) -> Iterator[Row]:
    """Yield the rows of the table that the query wants and the asker may see."""
    rule = query.rule
    mine: dict[str, str] = {}
    if rule.mine and not asker.agent:
        if not asker.organisation:
            return
        mine = {rule.mine: asker.organisation}
    between, wanted = _between(query), _wanted(query)
    left = MOST + 1
    for narrowed in _narrowed(query, book):
        found = book.rows(rule.table, {**narrowed, **mine}, between=between, limit=left)
        fit = [row for row in found if all(_is_one(row, *one) for one in wanted.items())]
        yield from fit
        left -= len(fit)
        if left <= 0:
            return


def _is_one(row: Row, column: str, values: frozenset[str]) -> bool:
    return value_key(row.get(column, "")) in values


def _between(query: Query) -> tuple[str, str, str] | None:
    if not query.rule.period or not (query.first or query.last):
        return None
    first = query.first.isoformat() if query.first else _EVER[0]
    return query.rule.period, first, query.last.isoformat() if query.last else _EVER[1]


def _narrowed(query: Query, book: Book) -> Iterator[Mapping[str, str]]:
    """Yield what rows must be equal to: once, or once for each row of a table in between."""
    plain: dict[str, str] = {}
    through: Iterable[Mapping[str, str]] = ({},)
    for name, value in query.values.items():
        rule = query.rule.filters.get(name)
        if query.few_of(name):
            continue
        if rule is None or rule.through is None:
            plain[query.column_of(name)] = value
            continue
        asked = {rule.through.column or name: value}
        found = book.rows(rule.through.table, asked, limit=_MOST_THROUGH)
        through = [{one: row.get(one, "") for one in rule.through.take} for row in found]
    for taken in through:
        yield {**plain, **taken}


def _cells(
    rule: QueryRule, row: Row, columns: Iterable[str], style: Style, chances: Chances | None
) -> tuple[str, ...]:
    return tuple(
        chances.of(row)
        if name == "possible" and chances is not None
        else row_cell(row, name, rule.table, style)
        for name in columns
    )


def _files(query: Query, rows: Iterable[Row], archive: Archive) -> Iterator[HandedFile]:
    """Yield the files that the first rows name, once each, as long as a message may be."""
    column, left = query.rule.file, archive.desk.files.message_size
    named = {row[column]: row for row in rows if row.get(column)} if query.values else {}
    for digest, row in list(named.items())[:MOST_FILES]:
        data = archive.book.file(digest)
        left -= len(data)
        if data and left >= 0:
            yield HandedFile(
                name=row.get("file") or row.get("title") or "document",
                content_type=row.get("content_type") or "application/octet-stream",
                data=data,
            )
