"""What the desk may read: everything but what people of a customer keep to themselves (R-8).

Every select of articles, documents, mails and messages that leads to eyes or rules of the desk has one
of these conditions. What has none reads no words: it counts, erases, or sends.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case

from handlers.ticket import Visibility

INTERNAL = Visibility.INTERNAL.value


def readable(table: Any) -> ColumnElement[bool]:
    """Return the condition that a row of this table may be read at the desk."""
    condition: ColumnElement[bool] = table.c.visibility != INTERNAL
    return condition


def readable_only(table: Any, name: str, instead: Any = "") -> ColumnElement[Any]:
    """Return a column that says nothing where the desk may not read the row."""
    column = table.c[name]
    return case((readable(table), column), else_=instead).label(name)
