"""Mails that wait for a person: let go, or turned away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from handlers.decision import Verdict
from storage.journal import NOBODY
from storage.schema import contact, domain, journal


def release(
    tx: Connection,
    ids: Sequence[int],
    now: datetime,
    *,
    node: int = NOBODY,
    requester: str = "",
) -> int:
    """Make held rows pending again, with no failure counted. Return how many were held.

    `requester` names who an agent said the mails are from (X-40), "" for their sender.
    """
    if not ids:
        return 0
    fresh: dict[str, Any] = {
        "verdict": None,
        "settled_at": None,
        "attempts": 0,
        "next_try_at": now,
    }
    if requester:
        fresh["requester"] = requester
    held = journal.c.id.in_(ids), journal.c.verdict == Verdict.HELD.value
    return tx.execute(update(journal).where(*held).values(owner=node, **fresh)).rowcount


def release_strangers(tx: Connection, desk: str, now: datetime) -> int:
    """Release what a desk holds for an unknown sender it knows by now. Return how many mails.

    N_account_unknown promises it: a mail kept from an address that gets registered is processed.
    """
    rows = select(journal.c.id, journal.c.sender).where(
        journal.c.desk == desk,
        journal.c.verdict == Verdict.HELD.value,
        journal.c.reason == "unknown_sender",
    )
    senders = [(row.id, row.sender.lower()) for row in tx.execute(rows)]
    people = set(tx.execute(select(contact.c.address_key).where(contact.c.desk == desk)).scalars())
    houses = set(tx.execute(select(domain.c.domain).where(domain.c.desk == desk)).scalars())
    known = [i for i, one in senders if one in people or one.rpartition("@")[2] in houses]
    return release(tx, known, now)


def turn_away(tx: Connection, ids: Sequence[int], now: datetime) -> int:
    """End held rows as rejected: an agent turned them away (X-4). Return how many were held."""
    if not ids:
        return 0
    held = journal.c.id.in_(ids), journal.c.verdict == Verdict.HELD.value
    away = {"verdict": Verdict.REJECTED.value, "reason": "turned_away", "settled_at": now}
    return tx.execute(update(journal).where(*held).values(**away)).rowcount
