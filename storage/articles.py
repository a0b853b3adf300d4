"""What was said on tickets, as far as the desk may read it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from handlers.ticket import Article
from storage.audience import INTERNAL, readable
from storage.columns import one_of
from storage.rows import article_of
from storage.schema import article, ticket
from storage.statement import fetch

MOST_ARTICLES = 200  # of the tickets named: the newest

_ARTICLES = (
    select(article)
    .where(one_of(article.c.ticket_id, "ids", int), readable(article))
    .order_by(article.c.id.desc())
    .limit(MOST_ARTICLES)
)


_INTERNAL = (
    select(article)
    .join(ticket, ticket.c.id == article.c.ticket_id)
    .where(
        article.c.ticket_id == bindparam("ticket_id"),
        article.c.visibility == INTERNAL,
        ticket.c.desk == bindparam("desk"),
        ticket.c.organisation == bindparam("organisation"),
    )
    .order_by(article.c.id.desc())
    .limit(MOST_ARTICLES)
)


def internal_words(
    tx: Connection, desk: str, ticket_id: int, organisation: str
) -> tuple[Article, ...]:
    """Return what people of one customer number said among themselves on their ticket, oldest first;
    () for any other number, and for none (R-8)."""
    if not organisation:
        return ()
    asked = {"desk": desk, "ticket_id": ticket_id, "organisation": organisation}
    return tuple(article_of(row) for row in reversed(fetch(tx, _INTERNAL, asked)))


def articles_of(tx: Connection, ids: Collection[int]) -> dict[int, tuple[Article, ...]]:
    """Return the articles and notes of these tickets, oldest first (the last 200 in all)."""
    if not ids:
        return {}
    found: dict[int, list[Article]] = {}
    for row in reversed(fetch(tx, _ARTICLES, {"ids": sorted(ids)})):
        found.setdefault(row.ticket_id, []).append(article_of(row))
    return {i: tuple(articles) for i, articles in found.items()}
