"""Find tickets by what is known of them, to count, list and compare: nothing is locked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, text, union

from handlers.book import Search
from handlers.ticket import Ticket
from parsers.folding import fold
from storage.columns import FieldValues, Folded, storable
from storage.lookup import tickets_by_id
from storage.past import MOST_VALUES
from storage.schema import participant, ticket, ticket_key
from storage.ticket_fields import with_field


def find_tickets(tx: Connection, desk: str, search: Search) -> tuple[Ticket, ...]:
    """Return the tickets of the desk that a search wants, newest first.

    Fast by people, organisation, group and state, and by fields that hold a number or an address; by
    another field every ticket of the desk is read that the rest of the search leaves.
    """
    query = select(ticket.c.id).where(ticket.c.desk == desk, *_narrowing(desk, search))
    last = ticket.c.changed_at if search.by_change else ticket.c.opened_at
    query = query.order_by(last.desc(), ticket.c.id.desc()).limit(search.limit)
    ids = list(tx.execute(query).scalars())
    found = tickets_by_id(tx, ids, desk=desk, lock=False)
    return tuple(found[one] for one in ids)


def _narrowing(desk: str, search: Search) -> Iterator[Any]:
    if search.people or search.organisation:
        yield ticket.c.id.in_(_whose(desk, search))
    if search.states:
        yield ticket.c.state.in_(search.states)
    if search.open is not None:
        yield ticket.c.closed_at.is_(None) if search.open else ticket.c.closed_at.is_not(None)
    if search.group:
        yield ticket.c.group == search.group
        yield text("\"group\" <> ''")  # lets the partial index serve
    if search.prefix:
        keys = ticket_key.c.key.startswith(search.prefix.upper(), autoescape=True)
        yield ticket.c.id.in_(select(ticket_key.c.ticket_id).where(ticket_key.c.desk == desk, keys))
    if search.since is not None:
        yield ticket.c.opened_at >= search.since
    if search.until is not None:
        yield ticket.c.opened_at <= search.until
    yield from _with(search)
    yield from _alike(search)
    fields = search.fields or {}
    telling = with_field(desk, fields)
    if telling is not None:
        yield ticket.c.id.in_(telling)
    for name, value in fields.items():
        yield ticket.c.fields[name].as_string() == value


def _with(search: Search) -> Iterator[Any]:
    if search.assignees:
        yield func.lower(ticket.c.assignee).in_([one.lower() for one in search.assignees])
    if search.text:
        yield _says(search.text)


def _whose(desk: str, search: Search) -> Any:
    """Return the query for the ids of tickets of these people, or of the organisation."""
    people = [address.lower() for address in search.people[:MOST_VALUES]]
    mine = select(ticket.c.id).where(ticket.c.desk == desk)
    ways = [mine.where(ticket.c.organisation == search.organisation)] if search.organisation else []
    if people:
        takes_part = participant.c.address_key.in_(people)
        ways.append(mine.where(ticket.c.contact_key.in_(people)))
        ways.append(select(participant.c.ticket_id).where(takes_part))
    return union(*ways)


def _says(words: str) -> ColumnElement[bool]:
    """Return the condition that words stand in what the desk may read of every ticket."""
    columns = (ticket.c.key, ticket.c.subject, ticket.c.contact, ticket.c.organisation)
    values = func.coalesce(FieldValues(ticket.c.fields), "")
    every = reduce(lambda told, column: told + "\n" + column, (*columns, values))
    return Folded(every).contains(fold(storable(words)), autoescape=True)


def _alike(search: Search) -> Iterator[Any]:
    """Yield what leaves, of each field, values with the same digits and letters as one of those wanted."""
    own = {"contact": ticket.c.contact, "organisation": ticket.c.organisation}
    for name, keys in (search.alike or {}).items():
        given = func.nullif(ticket.c.fields[name].as_string(), "")
        bare = func.replace(Folded(func.coalesce(given, own.get(name, ""))), " ", "")
        yield func.ltrim(bare, "0").in_([storable(key).lstrip("0") for key in keys])
