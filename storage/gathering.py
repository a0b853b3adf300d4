"""Work items that wait a little, so that what follows soon travels with them.

Who takes them along writes the new message in the same transaction: at any instant each event stands
in exactly one message that will leave, or none was committed at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from handlers.message import OutboxState
from storage.columns import one_of
from storage.gathering_schema import outbox_notice
from storage.schema import outbox
from storage.statement import fetch, write

MARGIN = timedelta(seconds=2)  # what is about to leave is left alone: clocks of nodes differ


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """What waits for somebody about a ticket: the happenings as JSON, and when it leaves."""

    happenings: str
    leaves_at: datetime


_WAITS = (
    select(outbox.c.id, outbox.c.message_id, outbox.c.next_try_at, outbox_notice.c.happenings)
    .join(outbox_notice, outbox_notice.c.message_id == outbox.c.message_id)
    .where(
        outbox.c.ticket_id == bindparam("ticket"),
        outbox.c.recipient_key == bindparam("recipient"),
        text("state = 'queued'"),
        outbox.c.attempts == 0,
        outbox.c.next_try_at > bindparam("soon"),
    )
    .order_by(outbox.c.id)
    .with_for_update(of=outbox)  # nothing on SQLite: there is one writer
)
_TAKE = (
    update(outbox).where(one_of(outbox.c.id, "ids", int)).values(state=OutboxState.GATHERED.value)
)
_FORGET = delete(outbox_notice).where(one_of(outbox_notice.c.message_id, "names"))
_KEEP = insert_or(outbox_notice).on_conflict_do_nothing()
_GONE = delete(outbox_notice).where(
    ~exists().where(
        outbox.c.message_id == outbox_notice.c.message_id, text("outbox.state = 'queued'")
    )
)


def take_along(
    tx: Connection, ticket_id: int, recipient: str, now: datetime
) -> tuple[Gathered, ...]:
    """Return what waits for somebody about a ticket, oldest first; it will not leave by itself."""
    asked = {"ticket": ticket_id, "recipient": recipient.lower(), "soon": now + MARGIN}
    rows = fetch(tx, _WAITS, asked)
    if rows:
        tx.execute(_TAKE, {"ids": [row.id for row in rows]})
        tx.execute(_FORGET, {"names": [row.message_id for row in rows]})
    return tuple(Gathered(happenings=row.happenings, leaves_at=row.next_try_at) for row in rows)


def keep(tx: Connection, message_id: str, happenings: str) -> None:
    """Keep what a message that waits tells, for the next one; forget what left meanwhile."""
    tx.execute(_GONE)
    write(tx, _KEEP, {"message_id": message_id, "happenings": happenings})
