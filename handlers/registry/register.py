"""Find the ticket that a mail names in a table, and open it when nobody wrote about it yet (R-T1, R-38).

An import moves no ticket: whoever writes next finds the ticket where the table says it stands. So a
million rows cost nothing until somebody asks, and nobody is written to because of an import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from handlers.advance import advance
from handlers.book import Row, Search
from handlers.people.authority import actor_of, organisation_of
from handlers.process.register_rule import RegisterRule
from handlers.registry.register_signals import REGISTERED
from handlers.route import Route
from handlers.steps.effects import effect
from handlers.steps.guards import guard
from handlers.ticket import ITEMS_PER_MAIL, Participant, Role, Ticket
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.visit import Visit
from parsers.fields.numbers import numbers
from parsers.folding import fold
from parsers.mail import Machine

BY = "register"
MOST_NAMED = 10


def with_registered(visit: Visit) -> Visit:
    """Return the visit on the ticket that its mail names, when no evidence found one before.

    What the subject names is taken as it is: somebody else's is then for an agent to look at (R-43). What
    only the words name counts for the sender's own customer number.
    """
    rule = visit.workflow.registry
    if rule is None or not visit.requester.address or visit.mail.machine is not Machine.NONE:
        return visit
    if visit.ticket is not None and not _waits(visit.ticket, visit):
        return visit
    row = next(_rows_named(visit, rule), None)
    return visit if row is None else _on(visit, _ticket_of(visit, rule, row))


def follow(turn: Turn) -> Turn:
    """Return the turn after its ticket has moved where the register says it stands (R-T1)."""
    if turn.workflow.registry is None:
        return turn
    heard = replace(turn.event, kind=EventKind.SIGNAL, name=REGISTERED)
    return replace(advance(replace(turn, event=heard)), event=turn.event)


def entered(visit: Visit, ticket: Ticket) -> Turn:
    """Return the turn of a ticket of the register whose mail is held: it is there, nothing is said."""
    nobody = Actor(address="", role=Role.REQUESTER)
    event = Event(
        kind=EventKind.SIGNAL,
        name=REGISTERED,
        actor=nobody,
        cause=visit.cause,
        at=visit.now,
        requested_at=visit.requested_at,
    )
    return advance(visit.turn(event, ticket))


@guard
def register_moved(turn: Turn) -> bool:
    """Tell whether the register says something else of the ticket than when we looked last."""
    rule, row = turn.workflow.registry, _row_of(turn)
    return bool(rule and row and row.get(rule.state, "") != turn.ticket.fields.get(rule.mirror, ""))


@effect
def follow_register(turn: Turn) -> Turn:
    """Take fields and state of the ticket from its row in the register; no mail is sent (R-T1)."""
    rule, row = turn.workflow.registry, _row_of(turn)
    if rule is None or not row:
        return turn
    turn = turn.with_fields(_fields(rule, row))
    state = _state(rule, row)
    if state == turn.ticket.state:
        return turn
    closed = None if turn.workflow.is_open(state) else turn.event.at
    return turn.with_ticket(state=state, state_since=turn.event.at, closed_at=closed)


def _waits(ticket: Ticket, visit: Visit) -> bool:
    """Tell whether a ticket is one whose sender was asked which row it is about (R-38)."""
    state = visit.workflow.states[ticket.state]
    return state.open and ticket.state == next(iter(visit.workflow.states))


def _rows_named(visit: Visit, rule: RegisterRule) -> Iterator[Row]:
    """Yield the rows that a mail names: by the subject, by its words, by another number."""
    book, mine = visit.facts.book, organisation_of(visit.requester.address, visit.facts)
    shape = re.compile(rule.pattern, re.IGNORECASE)
    for key in shape.findall(visit.mail.subject)[:MOST_NAMED]:
        yield from book.rows(rule.table, {rule.key: key}, limit=1)
    if not mine:
        return
    for key in shape.findall(visit.words)[:MOST_NAMED]:
        yield from book.rows(rule.table, {rule.key: key, rule.owner: mine}, limit=1)
    for kind, column in rule.found_by.items():
        for number in numbers(visit.words, kind)[:MOST_NAMED]:
            rows = book.rows(rule.table, {column: number, rule.owner: mine})
            yield from rows if len(rows) == 1 else ()


def _ticket_of(visit: Visit, rule: RegisterRule, row: Row) -> tuple[Ticket, bool]:
    """Return the ticket of a row, and whether nobody wrote about it before."""
    key = row.get(rule.key, "")
    known = visit.facts.book.tickets(Search(prefix=key))
    found = next((one for one in known if one.key == key), None)
    return (found, False) if found is not None else (_opened(visit, rule, row), True)


def _opened(visit: Visit, rule: RegisterRule, row: Row) -> Ticket:
    who, owner = visit.requester, row.get(rule.owner, "")
    mine = organisation_of(who.address, visit.facts) == owner
    contact = who.address.lower() if mine else ""
    person = Participant(address=contact, role=Role.CONTACT, name=who.name)
    return Ticket(
        id=visit.journal_id * ITEMS_PER_MAIL,
        desk=visit.desk.name,
        workflow=visit.workflow.name,
        key=row.get(rule.key, ""),
        draft_key=row.get(rule.key, ""),
        state=_state(rule, row),
        opened_at=visit.now,
        requested_at=visit.requested_at,
        state_since=visit.now,
        changed_at=visit.now,
        contact=contact,
        language=visit.language_of(),
        organisation=owner,
        fields=_fields(rule, row),
        participants=(person,) if mine else (),
    )


def _on(visit: Visit, found: tuple[Ticket, bool]) -> Visit:
    """Return the visit on a ticket that the register named."""
    ticket, fresh = found
    waiting = visit.ticket
    facts = replace(visit.facts, tickets={**visit.facts.tickets, ticket.id: ticket})
    told = (*visit.route.told, f"register: {ticket.key}")
    route = Route(ticket_id=ticket.id, by=BY, told=told, internal=visit.route.internal)
    return replace(
        visit,
        facts=facts,
        route=route,
        evidence=told,
        fresh=ticket.id if fresh else None,
        waiting=waiting.id if waiting is not None else None,
        actor=actor_of(visit.requester, visit.mail, facts, visit.desk, ticket),
    )


def _row_of(turn: Turn) -> Row:
    rule = turn.workflow.registry
    if rule is None:
        return {}
    equal = {rule.key: turn.ticket.key, rule.owner: turn.ticket.organisation}
    return next(iter(turn.book.rows(rule.table, equal, limit=1)), {})


def _state(rule: RegisterRule, row: Row) -> str:
    said = fold(row.get(rule.state, ""))
    return next((s for word, s in rule.states.items() if fold(word) == said), rule.other)


def _fields(rule: RegisterRule, row: Row) -> dict[str, str]:
    taken = {field: row.get(column, "") for field, column in rule.take.items()}
    kept = {rule.mirror: row.get(rule.state, ""), "company": row.get(rule.owner, ""), **taken}
    return {name: value for name, value in kept.items() if value}
