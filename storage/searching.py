"""Find tickets by what is known of them, to count, list and compare: nothing is locked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from handlers.book import Search
from handlers.references import NUMBERED
from handlers.ticket import Ticket
from storage.lookup import tickets_by_id
from storage.past import MOST_VALUES
from storage.schema import participant, reference, ticket


def find_tickets(tx: Connection, desk: str, search: Search) -> tuple[Ticket, ...]:
    """Return the tickets of the desk that a search wants, newest first.

    Fast by people, organisation and group, and by the fields that are references of a ticket
    (`handlers.references`); by another field every ticket of the desk is read that the rest of the
    search leaves.
    """
    query = select(ticket.c.id).where(ticket.c.desk == desk, *_narrowing(desk, search))
    query = query.order_by(ticket.c.opened_at.desc(), ticket.c.id.desc()).limit(search.limit)
    ids = list(tx.execute(query).scalars())
    found = tickets_by_id(tx, ids, desk=desk, lock=False)
    return tuple(found[one] for one in ids)


def _narrowing(desk: str, search: Search) -> Iterator[ColumnElement[Any]]:
    if search.people or search.organisation:
        yield _whose(search)
    if search.states:
        yield ticket.c.state.in_(search.states)
    if search.open is not None:
        yield ticket.c.closed_at.is_(None) if search.open else ticket.c.closed_at.is_not(None)
    if search.group:
        yield ticket.c.group == search.group
    if search.prefix:
        yield ticket.c.key.startswith(search.prefix.upper(), autoescape=True)
    if search.since is not None:
        yield ticket.c.opened_at >= search.since
    if search.until is not None:
        yield ticket.c.opened_at <= search.until
    for name, value in (search.fields or {}).items():
        if name in NUMBERED and value:
            yield ticket.c.id.in_(_referring(desk, value))
        yield ticket.c.fields[name].as_string() == value


def _whose(search: Search) -> ColumnElement[Any]:
    people = [address.lower() for address in search.people[:MOST_VALUES]]
    takes_part = select(participant.c.ticket_id).where(participant.c.address_key.in_(people))
    ways: list[ColumnElement[bool]] = []
    if people:
        ways += [ticket.c.contact_key.in_(people), ticket.c.id.in_(takes_part)]
    if search.organisation:
        ways.append(ticket.c.organisation == search.organisation)
    return or_(*ways)


def _referring(desk: str, value: str) -> Any:
    mine = reference.c.desk == desk, reference.c.reference == value.upper()
    return select(reference.c.ticket_id).where(*mine)
