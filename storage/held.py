"""Mails that wait for a person: let go, or turned away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from handlers.decision import Verdict
from storage.journal import NOBODY
from storage.schema import journal


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


def turn_away(tx: Connection, ids: Sequence[int], now: datetime) -> int:
    """End held rows as rejected: an agent turned them away (X-4). Return how many were held."""
    if not ids:
        return 0
    held = journal.c.id.in_(ids), journal.c.verdict == Verdict.HELD.value
    away = {"verdict": Verdict.REJECTED.value, "reason": "turned_away", "settled_at": now}
    return tx.execute(update(journal).where(*held).values(**away)).rowcount
