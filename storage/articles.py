"""What was said on tickets, as far as the desk may read it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from handlers.ticket import Article
from storage.audience import readable
from storage.columns import one_of
from storage.rows import article_of
from storage.schema import article
from storage.statement import fetch

MOST_ARTICLES = 200  # of the tickets named: the newest

_ARTICLES = (
    select(article)
    .where(one_of(article.c.ticket_id, "ids", int), readable(article))
    .order_by(article.c.id.desc())
    .limit(MOST_ARTICLES)
)


def articles_of(tx: Connection, ids: Collection[int]) -> dict[int, tuple[Article, ...]]:
    """Return the articles and notes of these tickets, oldest first (the last 200 in all)."""
    if not ids:
        return {}
    found: dict[int, list[Article]] = {}
    for row in reversed(fetch(tx, _ARTICLES, {"ids": sorted(ids)})):
        found.setdefault(row.ticket_id, []).append(article_of(row))
    return {i: tuple(articles) for i, articles in found.items()}
