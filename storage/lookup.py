"""Answer: what storage knows of a mail, read in the transaction that applies the decision.

A handful of prepared statements, each left out when nothing is asked of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, text, union

from handlers.desk import Contact
from handlers.facts import Facts, Questions, SentMessage
from handlers.ticket import Ticket
from storage.articles import articles_of
from storage.audience import INTERNAL
from storage.columns import one_of
from storage.groups import with_companions
from storage.past import (
    MOST_VALUES,
    held,
    known_images,
    neighbours,
    serials_listed,
    twin,
    written,
)
from storage.pictures import same_pictures
from storage.rows import (
    contact_of,
    document_of,
    participant_of,
    ticket_of,
    withheld_of,
)
from storage.schema import (
    contact,
    document,
    domain,
    outbox,
    outbox_raw,
    participant,
    reference,
    ticket,
    ticket_key,
)
from storage.sent import SENT_COLUMNS, sent_of
from storage.series import numbers
from storage.statement import fetch, fetch_column
from storage.store import Conflict
from storage.timers import pending

CLOSED_FOR = timedelta(days=30)  # how long a closed ticket is still found by its people
MOST_TICKETS = 500  # found through people: the newest


@dataclass(slots=True)
class _Named:
    """Tickets that the mail itself names, by what names them."""

    by_key: dict[str, int] = field(default_factory=dict)
    by_reference: dict[str, tuple[int, ...]] = field(default_factory=dict)
    sent: dict[str, SentMessage] = field(default_factory=dict)


def answer(tx: Connection, questions: Questions, *, now: datetime, lock: bool = True) -> Facts:
    """Return the facts asked for, with every ticket found locked until the transaction ends (`lock`).

    Tickets found through an address are the 500 changed last; the articles
    are those of tickets named by id, key, reference or sent message. Values beyond the first 500
    of one question are not looked up. Raises Conflict when one of their groups just grew.
    """
    named = _named(tx, questions)
    contacts = _contacts(tx, questions)
    domains = _domains(tx, questions)
    direct = {*questions.ticket_ids[:MOST_VALUES], *named.by_key.values()}
    direct.update(i for ids in named.by_reference.values() for i in ids)
    direct.update(s.ticket_id for s in named.sent.values() if s.ticket_id is not None)
    asked, direct = direct, with_companions(tx, direct, questions.desk)
    people = _tickets_of_people(tx, questions, now)
    tickets = tickets_by_id(tx, direct | people, desk=questions.desk, lock=lock)
    _refuse_newcomers(tx, tickets, asked, direct, questions.desk)
    before = written(tx, questions, tickets, now)
    return Facts(
        tickets=tickets,
        by_key={k: i for k, i in named.by_key.items() if i in tickets},
        by_reference=named.by_reference,
        sent=named.sent,
        contacts=contacts,
        domains=domains,
        numbers=numbers(tx, questions.desk),
        automatic_today=before.today,
        acknowledged=frozenset(before.acknowledged),
        told=frozenset(before.told),
        told_at=before.told,
        parked=before.parked,
        twin=twin(tx, questions, now),
        held=held(tx, questions, tickets),
        articles=articles_of(tx, direct & tickets.keys()),
        known_images=known_images(tx, questions),
        serials_listed=serials_listed(tx, questions),
        answered=_answered(tx, questions, named),
        same_pictures=same_pictures(tx, questions),
        neighbours=neighbours(tx, questions, contacts),
        timers=pending(tx, tickets),
    )


def _refuse_newcomers(
    tx: Connection,
    tickets: Mapping[int, Ticket],
    asked: Collection[int],
    known: Collection[int],
    desk: str,
) -> None:
    """Raise Conflict when a ticket joined those asked for while we waited for their locks: who decides
    about a group must see all of it. On SQLite there is one writer."""
    tied = any(tickets[i].group or tickets[i].links for i in asked if i in tickets)
    if tied and tx.dialect.name == "postgresql" and with_companions(tx, asked, desk) - set(known):
        raise Conflict("a ticket joined the group meanwhile")


_BY_KEY = select(ticket_key.c.key, ticket_key.c.ticket_id).where(
    ticket_key.c.desk == bindparam("desk"), one_of(ticket_key.c.key, "values")
)
_BY_REFERENCE = (
    select(reference.c.reference, reference.c.ticket_id)
    .where(reference.c.desk == bindparam("desk"), one_of(reference.c.reference, "values"))
    .order_by(reference.c.reference, reference.c.ticket_id)
)
_SENT = select(
    outbox.c.bounce_key,
    *SENT_COLUMNS,
).where(
    outbox.c.desk == bindparam("desk"),
    or_(one_of(outbox.c.message_id, "values"), one_of(outbox.c.bounce_key, "keys")),
)


def _named(tx: Connection, questions: Questions) -> _Named:
    named, desk = _Named(), questions.desk
    if questions.keys:
        asked = {"desk": desk, "values": questions.keys[:MOST_VALUES]}
        named.by_key = {row.key: row.ticket_id for row in fetch(tx, _BY_KEY, asked)}
    if questions.references:
        asked = {"desk": desk, "values": questions.references[:MOST_VALUES]}
        rows = fetch(tx, _BY_REFERENCE, asked)
        for value, group in groupby(rows, key=lambda row: row.reference):
            named.by_reference[value] = tuple(row.ticket_id for row in group)
    if questions.message_ids or questions.bounce_keys:
        asked = {
            "desk": desk,
            "values": questions.message_ids[:MOST_VALUES],
            "keys": questions.bounce_keys[:MOST_VALUES],
        }
        for row in fetch(tx, _SENT, asked):
            known_as = row.message_id if row.message_id in asked["values"] else row.bounce_key
            named.sent[known_as] = sent_of(row)
    return named


_RAW = select(outbox_raw.c.data).where(outbox_raw.c.message_id == bindparam("message_id"))


def _answered(tx: Connection, questions: Questions, named: _Named) -> bytes:
    """Return the nearest message of ours that the mail refers to, when its words are wanted."""
    if questions.wants_answered:
        for message_id in questions.message_ids:
            if message_id in named.sent:
                found = fetch_column(tx, _RAW, {"message_id": message_id})
                return bytes(next(iter(found), b""))
    return b""


_CONTACTS = select(contact).where(
    contact.c.desk == bindparam("desk"), one_of(contact.c.address_key, "values")
)
_DOMAINS = select(domain.c.domain, domain.c.organisation).where(
    domain.c.desk == bindparam("desk"), one_of(domain.c.domain, "values")
)


def _contacts(tx: Connection, questions: Questions) -> dict[str, Contact]:
    if not questions.addresses:
        return {}
    asked = {"desk": questions.desk, "values": questions.addresses[:MOST_VALUES]}
    return {row.address_key: contact_of(row) for row in fetch(tx, _CONTACTS, asked)}


def _domains(tx: Connection, questions: Questions) -> dict[str, str]:
    names = {address.rpartition("@")[2] for address in questions.addresses[:MOST_VALUES]}
    if not names:
        return {}
    rows = fetch(tx, _DOMAINS, {"desk": questions.desk, "values": sorted(names)})
    return {row.domain: row.organisation for row in rows}


_DESK = ticket.c.desk == bindparam("desk")
# Spelt so that no index fits: SQLite shall start from the participants, not from the desk.
_ALSO_DESK = ticket.c.desk.concat(text("''")) == bindparam("desk")


def _mine(*how: Any) -> Any:
    fresh = or_(ticket.c.closed_at.is_(None), ticket.c.closed_at > bindparam("since"))
    return select(ticket.c.id, ticket.c.changed_at).where(fresh, *how)


_BY_ADDRESS = (
    _mine(_DESK, one_of(ticket.c.contact_key, "addresses")),
    _mine(_ALSO_DESK, one_of(participant.c.address_key, "addresses")).join(participant),
)


_FOUND = union(*_BY_ADDRESS).subquery()
_OF_ADDRESSES = select(_FOUND.c.id).order_by(_FOUND.c.changed_at.desc()).limit(MOST_TICKETS)


def _tickets_of_people(tx: Connection, questions: Questions, now: datetime) -> set[int]:
    if not questions.addresses:
        return set()
    asked = {
        "desk": questions.desk,
        "addresses": questions.addresses[:MOST_VALUES],
        "since": now - CLOSED_FOR,
    }
    return set(fetch_column(tx, _OF_ADDRESSES, asked))


_TICKETS = (
    select(ticket)
    .where(one_of(ticket.c.id, "ids", int))
    .order_by(ticket.c.id)  # one order for everybody: no deadlock
)
_LOCKED = _TICKETS.with_for_update()  # nothing on SQLite: there is one writer
_PARTICIPANTS = (
    select(participant)
    .where(one_of(participant.c.ticket_id, "ids", int))
    .order_by(participant.c.ticket_id, participant.c.position)
)
_DOCUMENTS = (
    select(document)
    .where(one_of(document.c.ticket_id, "ids", int))
    .order_by(document.c.ticket_id, document.c.number)
)


def tickets_by_id(
    tx: Connection, ids: Collection[int], *, desk: str = "", lock: bool = True
) -> dict[int, Ticket]:
    """Return the tickets with these ids (of this desk, unless ""), locked in a write transaction."""
    if not ids:
        return {}
    rows = fetch(tx, _LOCKED if lock else _TICKETS, {"ids": sorted(ids)})
    rows = [row for row in rows if desk in {"", row.desk}]
    asked = {"ids": [row.id for row in rows]}
    people = _by_ticket(fetch(tx, _PARTICIPANTS, asked)) if rows else {}
    files = _by_ticket(fetch(tx, _DOCUMENTS, asked)) if rows else {}
    return {
        row.id: ticket_of(
            row,
            map(participant_of, people.get(row.id, ())),
            map(document_of, _shown(files.get(row.id, ()))),
            map(withheld_of, _withheld(files.get(row.id, ()))),
        )
        for row in rows
    }


def _shown(rows: Iterable[Any]) -> Iterable[Any]:
    return (row for row in rows if row.visibility != INTERNAL)


def _withheld(rows: Iterable[Any]) -> Iterable[Any]:
    return (row for row in rows if row.visibility == INTERNAL)


def _by_ticket(rows: Iterable[Any]) -> dict[int, list[Any]]:
    return {i: list(group) for i, group in groupby(rows, key=lambda row: row.ticket_id)}
