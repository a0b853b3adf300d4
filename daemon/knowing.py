"""Ask storage what it knows of an event: the facts, and the book of the desk, as of one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers.facts import Facts, Questions
from storage.book import StoredBook
from storage.lookup import answer


def facts_for(tx: Connection, asked: Questions, now: datetime, *, lock: bool = True) -> Facts:
    """Return what storage knows of a mail's questions, with the book of the desk; without `lock` for
    who only looks."""
    return replace(answer(tx, asked, now=now, lock=lock), book=StoredBook(tx, asked.desk))


def facts_about(
    tx: Connection, desk: str, ticket_id: int, now: datetime, *, lock: bool = True
) -> Facts:
    """Return what a timer or an answer must know of its ticket and of those that belong to it."""
    return facts_for(tx, Questions(desk=desk, ticket_ids=(ticket_id,)), now, lock=lock)
