"""A claim on its way through an event, with a reference book of rows, for tests of single steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from handlers.book import EmptyBook, Row, Search, fits
from handlers.desk import Desk
from handlers.facts import Facts
from handlers.ticket import Ticket
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.workflow_file import shipped

from .people import CLAIRE, NOW, ticket

CLAIMS = shipped("claims")
DESK = Desk(name="claims", workflow="claims", addresses=("claims@desk.example",), title="Claims")
LINE = {"invoice": "0034", "position": "100", "account": "80538", "article": "A1", "order": "7"}


class RowBook(EmptyBook):
    """A book that holds these rows, and these tickets."""

    def __init__(self, *tickets: Ticket, **tables: list[Row]) -> None:
        self._tickets, self._tables = tickets, tables

    def rows(
        self,
        table: str,
        equal: Mapping[str, str],
        *,
        between: tuple[str, str, str] | None = None,
        on: date | None = None,
        limit: int = 1000,
    ) -> tuple[Row, ...]:
        every = self._tables.get(table, [])
        return tuple(row for row in every if fits(row, equal, between, on))[:limit]

    def tickets(self, search: Search) -> tuple[Ticket, ...]:
        return self._tickets


def claim(book: EmptyBook | None = None, *, brought: tuple[str, ...] = (), **fields: str) -> Turn:
    """Return the turn of a claim with these fields; `brought` are those its mail filled."""
    event = Event(
        kind=EventKind.MAIL,
        actor=Actor(address=CLAIRE),
        cause="m1",
        at=NOW,
        requested_at=NOW,
        brought=brought,
    )
    one = replace(ticket(id=1), state="sorting", fields=fields, requested_at=NOW)
    facts = Facts(book=book or EmptyBook())
    return Turn(workflow=CLAIMS, desk=DESK, event=event, ticket=one, facts=facts)
