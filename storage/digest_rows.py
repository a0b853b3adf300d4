"""What a digest counts: the tickets that were open at an instant, and those something happened to.

A handful of statements, each narrowed by an index; nothing here reads a word that anybody wrote.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, text

from handlers.digest.record import Counted, Move, Record
from storage.audience import readable
from storage.columns import one_of
from storage.schema import journal, outbox, step, ticket
from storage.statement import fetch, fetch_column

_FROM_MAIL = text("outbox.cause LIKE 'm%'")


_WANTED = (
    *(ticket.c.id, ticket.c.key, ticket.c.opened_at, ticket.c.requested_at, ticket.c.state),
    *(ticket.c.contact, ticket.c.organisation, ticket.c.assignee, ticket.c.priority),
    ticket.c.fields,
)
_STANDING = select(*_WANTED).where(
    ticket.c.desk == bindparam("desk"),
    ticket.c.opened_at <= bindparam("until"),
    or_(ticket.c.closed_at.is_(None), ticket.c.closed_at > bindparam("until")),
)
_OPENED = select(ticket.c.id).where(
    ticket.c.desk == bindparam("desk"),
    ticket.c.opened_at > bindparam("since"),
    ticket.c.opened_at <= bindparam("until"),
)
_ENDED = (
    select(step.c.ticket_id)
    .where(step.c.at > bindparam("since"), step.c.at <= bindparam("until"))
    .where(one_of(step.c.to_state, "closed"), step.c.from_state != step.c.to_state)
)
_NAMED = select(*_WANTED).where(ticket.c.desk == bindparam("desk"), one_of(ticket.c.id, "ids", int))
_MOVES = (
    select(
        *(step.c.ticket_id, step.c.at, step.c.transition, step.c.from_state, step.c.to_state),
        *(step.c.actor, step.c.why),
    )
    .where(one_of(step.c.ticket_id, "ids", int))
    .order_by(step.c.ticket_id, step.c.id)
)


_PARKED = (
    select(outbox.c.ticket_id, func.count())
    .where(outbox.c.desk == bindparam("desk"), text("parked_for <> '' AND state = 'parked'"))
    .where(outbox.c.ticket_id.is_not(None), outbox.c.queued_at <= bindparam("until"))
    .group_by(outbox.c.ticket_id)
)


def records(tx: Connection, desk: str, counted: Counted) -> tuple[Record, ...]:
    """Return the tickets that may have been open at the end, and those that were opened, ended or first
    answered since the beginning, each with all its moves; and those with messages over a budget."""
    asked = {"desk": desk, "since": counted.since, "until": counted.until}
    rows: dict[int, Any] = {row.id: row for row in fetch(tx, _STANDING, asked)}
    answered = _first_answers(tx, desk, counted)
    parked = {row[0]: row[1] for row in fetch(tx, _PARKED, asked)}
    touched = {*fetch_column(tx, _OPENED, asked), *answered, *parked}
    touched |= set(fetch_column(tx, _ENDED, asked | {"closed": list(counted.closed)}))
    more = {"desk": desk, "ids": sorted(touched - rows.keys())}
    rows |= {row.id: row for row in fetch(tx, _NAMED, more)}
    moves: dict[int, list[Move]] = defaultdict(list)
    for row in fetch(tx, _MOVES, {"ids": sorted(rows)}):
        move = Move(
            at=row.at,
            transition=row.transition,
            source=row.from_state,
            target=row.to_state,
            actor=row.actor,
            why=row.why,
        )
        moves[row.ticket_id].append(move)
    made = (Record(**rows[one]._asdict(), moves=tuple(moves[one])) for one in sorted(rows))
    return tuple(
        replace(one, answered_at=answered.get(one.id), parked=parked.get(one.id, 0)) for one in made
    )


_TOLD = (
    select(outbox.c.ticket_id)
    .where(outbox.c.desk == bindparam("desk"), _FROM_MAIL, outbox.c.ticket_id.is_not(None))
    .where(outbox.c.queued_at > bindparam("since"), outbox.c.queued_at <= bindparam("until"))
    .where(one_of(outbox.c.notice, "notices"), readable(outbox))
    .distinct()
)
_EVER_TOLD = (
    select(outbox.c.ticket_id, outbox.c.cause, outbox.c.queued_at)
    .where(one_of(outbox.c.ticket_id, "ids", int), _FROM_MAIL)
    .where(outbox.c.queued_at <= bindparam("until"))
    .where(one_of(outbox.c.notice, "notices"), readable(outbox))
)
_BY_AGENT = select(journal.c.id).where(
    one_of(journal.c.id, "ids", int), one_of(journal.c.sender, "agents")
)


def _first_answers(tx: Connection, desk: str, counted: Counted) -> dict[int, datetime]:
    """Return when a person of the desk first had something told to the customer of a ticket, for the
    tickets that this happened to in the period."""
    asked = {"since": counted.since, "until": counted.until, "notices": list(counted.notices)}
    told = fetch_column(tx, _TOLD, asked | {"desk": desk})
    rows = fetch(tx, _EVER_TOLD, asked | {"ids": told}) if told else []
    mails = {row.cause: int(row.cause[1:]) for row in rows if row.cause[1:].isdecimal()}
    agents = [one.lower() for one in counted.agents]
    answers = fetch_column(tx, _BY_AGENT, {"ids": sorted({*mails.values()}), "agents": agents})
    ours, first = set(answers), dict[int, datetime]()
    for row in rows:
        if mails.get(row.cause) in ours:
            first[row.ticket_id] = min(row.queued_at, first.get(row.ticket_id, row.queued_at))
    return {one: at for one, at in first.items() if at > counted.since}
