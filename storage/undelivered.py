"""What the relay refused, gave up or left in doubt: rows that wait until somebody was told.

Who records an attempt writes the row in the same transaction; who decides about it removes it in the
transaction of what follows. So it is told once, whatever crashes in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, text, update

from handlers.undelivered import PENDING, Trouble, Undelivered
from storage.columns import one_of
from storage.schema import outbox
from storage.sent import SENT_COLUMNS, sent_of
from storage.statement import fetch, write
from storage.undelivered_schema import undelivered


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A message that did not get through and nobody was told of. `id` is the cause ("o17") of what
    follows; `holds` is False when the message was sent again or settled meanwhile."""

    id: int
    desk: str
    told: Undelivered
    holds: bool


_FORGET = delete(undelivered).where(one_of(undelivered.c.outbox_id, "ids", int))
_NEW = insert(undelivered)
_DUE = (
    select(
        undelivered.c.id.label("trouble_id"),
        undelivered.c.trouble,
        outbox.c.desk,
        outbox.c.reply,
        *SENT_COLUMNS,
    )
    .join(outbox, outbox.c.id == undelivered.c.outbox_id)
    .where(undelivered.c.due_at <= bindparam("now"))
    .order_by(undelivered.c.due_at, undelivered.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=undelivered, skip_locked=True)  # nothing on SQLite: there is one writer
)


def keep(tx: Connection, troubles: Sequence[tuple[int, Trouble, datetime]]) -> None:
    """Keep troubles as (outbox id, trouble, when it is decided); the last one of a message counts."""
    if not troubles:
        return
    tx.execute(_FORGET, {"ids": [outbox_id for outbox_id, _, _ in troubles]})
    write(
        tx,
        _NEW,
        *[{"outbox_id": i, "trouble": t.value, "due_at": due} for i, t, due in troubles],
    )


def due(tx: Connection, now: datetime, limit: int) -> tuple[Waiting, ...]:
    """Return what is to be decided now, the longest due first, locked. Decide, apply and call `done`
    in the same transaction."""
    return tuple(_waiting(row) for row in fetch(tx, _DUE, {"now": now, "limit": limit}))


def next_due(tx: Connection) -> datetime | None:
    """Return when the next trouble is to be decided, None when there is none."""
    found: datetime | None = tx.execute(select(func.min(undelivered.c.due_at))).scalar()
    return found


def done(tx: Connection, trouble_id: int) -> None:
    """Remove a trouble that was decided."""
    tx.execute(delete(undelivered).where(undelivered.c.id == trouble_id))


def postpone(tx: Connection, trouble_id: int, until: datetime) -> None:
    """Let a trouble be decided later: its decision failed."""
    tx.execute(update(undelivered).where(undelivered.c.id == trouble_id).values(due_at=until))


def forget(tx: Connection, message_ids: Sequence[str]) -> None:
    """Remove the troubles of messages that are erased."""
    mine = select(outbox.c.id).where(outbox.c.message_id.in_(message_ids))
    tx.execute(delete(undelivered).where(undelivered.c.outbox_id.in_(mine)))


def delayed(tx: Connection) -> int:
    """Return how many messages the relay has been putting off for long."""
    late = select(func.count()).select_from(outbox)
    late = late.where(text("state = 'deferred'"), outbox.c.report == "deferred")
    return int(tx.execute(late).scalar_one())


def refused_like_all(tx: Connection) -> tuple[int, str]:
    """Return how many messages wait because the relay refuses everybody (`daemon.refusals`), and its
    words to one of them."""
    where = (text("state = 'deferred'"), outbox.c.reply.startswith("5"))
    found = tx.execute(select(func.count(), func.min(outbox.c.reply)).where(*where)).one()
    return int(found[0]), found[1] or ""


def _waiting(row: Row[Any]) -> Waiting:
    trouble = Trouble(row.trouble)
    return Waiting(
        id=row.trouble_id,
        desk=row.desk,
        told=Undelivered(message=sent_of(row), trouble=trouble, words=row.reply),
        holds=row.state == PENDING[trouble].value,
    )
