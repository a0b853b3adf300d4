"""Erase a person: what they wrote and who they are goes, what happened stays.

The history of states, the keys, dates and verdicts remain, so that counts and chains still add
up. Bytes are overwritten (SQLite: secure_delete) or left to VACUUM (PostgreSQL). What other people
wrote about the person on tickets that are not theirs is not found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import Connection, String, cast, delete, func, literal, or_, select, update

from handlers.message import OutboxState
from storage import undelivered
from storage.blobs import BLOBS, is_used
from storage.book_erase import erase_rows
from storage.digest_leavers import come_back
from storage.errands import erase_words
from storage.gathering_schema import outbox_notice
from storage.schema import (
    article,
    blob,
    contact,
    document,
    image_seen,
    journal,
    journal_raw,
    outbox,
    outbox_raw,
    participant,
    picture_piece,
    reference,
    step,
    ticket,
    timer,
)
from storage.store import Store
from storage.ticket_fields import ticket_field

ERASED = "erased"
Personal: TypeAlias = Mapping[str, frozenset[str]]
NOTHING: Personal = {}


def erase(tx: Connection, address: str, personal: Personal = NOTHING) -> Mapping[str, int]:
    """Erase an address on every desk. Return how many contacts, tickets, mails, messages, rows of
    tables and errands it had.

    Tickets whose contact it is lose every text, document and mail, and those that name it in a field (a
    technician's, about a consumer) keep beside their history only fields that are not `personal`: by the
    name of the workflow, those that say who somebody is. On tickets of others what the person wrote
    goes. Messages that have not left are not sent. Call `scrub` after the commit.
    """
    key = address.lower()
    own = list(tx.execute(select(ticket.c.id).where(ticket.c.contact_key == key)).scalars())
    naming = select(ticket_field.c.ticket_id).where(func.lower(ticket_field.c.value) == key)
    about = sorted(set(tx.execute(naming).scalars()).difference(own))
    theirs = [*own, *about]
    mine = select(*(document.c[name] for name in BLOBS)).where(_of(document, theirs, key))
    blobs = {digest for row in tx.execute(mine) for digest in row if digest}
    counted = {
        "contacts": tx.execute(delete(contact).where(contact.c.address_key == key)).rowcount,
        "mails": _erase_mails(tx, theirs, key),
        "messages": _erase_messages(tx, theirs, key),
        "tickets": len(theirs),
        "rows": erase_rows(tx, address),
        "errands": erase_words(tx, theirs, address),
    }
    _erase_histories(tx, theirs, key)
    _erase_tickets(tx, own)
    _erase_person(tx, about, key, personal)
    tx.execute(delete(participant).where(participant.c.address_key == key))
    tx.execute(delete(image_seen).where(image_seen.c.address_key == key))
    come_back(tx, key)
    _drop_blobs(tx, blobs)
    return counted


def scrub(store: Store) -> None:
    """Empty the write-ahead log, where erased bytes may still stand (SQLite only)."""
    if store.dialect == "sqlite":
        store.checkpoint()


def _of(table: Any, tickets: list[int], key: str) -> Any:
    return or_(table.c.ticket_id.in_(tickets), func.lower(table.c.author) == key)


def _erase_mails(tx: Connection, tickets: list[int], key: str) -> int:
    mine = or_(
        journal.c.ticket_id.in_(tickets),
        journal.c.sender == key,
        func.lower(journal.c.reverse_path) == key,
    )
    ids = list(tx.execute(select(journal.c.id).where(mine)).scalars())
    blank: dict[str, Any] = dict.fromkeys(
        ("reverse_path", "peer", "sender", "subject", "message_id", "body_digest"), ""
    )
    blank |= {"recipients": [], "evidence": []}
    tx.execute(update(journal).where(journal.c.id.in_(ids)).values(**blank))
    tx.execute(update(journal_raw).where(journal_raw.c.journal_id.in_(ids)).values(data=b""))
    return len(ids)


def _erase_messages(tx: Connection, tickets: list[int], key: str) -> int:
    mine = or_(outbox.c.ticket_id.in_(tickets), outbox.c.recipient_key == key)
    names = list(tx.execute(select(outbox.c.message_id).where(mine)).scalars())
    tx.execute(delete(outbox_raw).where(outbox_raw.c.message_id.in_(names)))
    tx.execute(delete(outbox_notice).where(outbox_notice.c.message_id.in_(names)))
    undelivered.forget(tx, names)
    waiting = (OutboxState.QUEUED.value, OutboxState.DEFERRED.value, OutboxState.PARKED.value)
    mails = update(outbox).where(outbox.c.message_id.in_(names))
    tx.execute(mails.where(outbox.c.state.in_(waiting)).values(state=OutboxState.BOUNCED.value))
    # One cause gives one message to each recipient, so the blank needs a number.
    unique = literal(f"{ERASED}-") + cast(outbox.c.id, String)
    blank = {"recipient": ERASED, "reverse_path": "", "subject": "", "reply": ""}
    tx.execute(mails.values(recipient_key=unique, **blank))
    return len(names)


def _erase_histories(tx: Connection, tickets: list[int], key: str) -> None:
    no_files = dict.fromkeys(BLOBS, "")
    tx.execute(
        update(article)
        .where(_of(article, tickets, key))
        .values(author=ERASED, author_name="", text="")
    )
    tx.execute(
        update(document)
        .where(_of(document, tickets, key))
        .values(kind=ERASED, filename="", author=ERASED, fields={}, fingerprint="", **no_files)
    )
    tx.execute(update(step).where(step.c.ticket_id.in_(tickets)).values(why=""))
    tx.execute(update(step).where(func.lower(step.c.actor) == key).values(actor=ERASED, why=""))


def _erase_tickets(tx: Connection, tickets: list[int]) -> None:
    blank = dict.fromkeys(("contact", "contact_key", "organisation", "subject"), "")
    tx.execute(
        update(ticket)
        .where(ticket.c.id.in_(tickets))
        .values(thread=[], fields={}, former="", version=ticket.c.version + 1, **blank)
    )
    for table in (participant, picture_piece, reference, ticket_field, timer):
        tx.execute(delete(table).where(table.c.ticket_id.in_(tickets)))


def _erase_person(tx: Connection, tickets: list[int], key: str, personal: Personal) -> None:
    """Take a person out of the fields of tickets that go on without."""
    rows = select(ticket.c.id, ticket.c.workflow, ticket.c.fields).where(ticket.c.id.in_(tickets))
    for row in tx.execute(rows).all():
        gone = {n for n, value in row.fields.items() if value.lower() == key}
        gone |= personal.get(row.workflow, frozenset())
        left = {name: value for name, value in row.fields.items() if name not in gone}
        mine = update(ticket).where(ticket.c.id == row.id)
        tx.execute(mine.values(fields=left, subject="", version=ticket.c.version + 1))
        found = delete(ticket_field).where(ticket_field.c.ticket_id == row.id)
        tx.execute(found.where(ticket_field.c.name.in_(sorted(gone))))


def _drop_blobs(tx: Connection, names: set[str]) -> None:
    tx.execute(delete(blob).where(blob.c.sha256.in_(names), ~is_used()))
