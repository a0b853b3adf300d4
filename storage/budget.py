"""What the budgets of a desk have seen: messages that left by themselves, or are about to (X-30).

Counted in the outbox, in the transaction that writes the next ones: what is charged is durable before it
is sent. Several nodes may each pass a limit by what the others have not committed yet.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select, text

from handlers.people.budget import Spent
from storage.columns import one_of
from storage.schema import outbox
from storage.statement import fetch, fetch_column

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

_COUNTED = (text("charged"), outbox.c.queued_at > bindparam("since"))  # lets the indexes serve
_MINE = outbox.c.desk == bindparam("desk")
# Spelt so that no index fits: SQLite shall start from the addresses, not from all of the desk's day.
_ALSO_MINE = outbox.c.desk.concat(text("''")) == bindparam("desk")
_ADDRESSES = (
    select(outbox.c.recipient_key, func.count())
    .where(one_of(outbox.c.recipient_key, "names"), _ALSO_MINE, *_COUNTED)
    .group_by(outbox.c.recipient_key)
)
_TICKETS = (
    select(outbox.c.ticket_id, func.count())
    .where(one_of(outbox.c.ticket_id, "ids", int), *_COUNTED)
    .group_by(outbox.c.ticket_id)
)
_FRESH = select(text("1")).where(_MINE, *_COUNTED).limit(bindparam("most")).subquery()
_DESK = select(func.count()).select_from(_FRESH)


def spent(
    tx: Connection,
    desk: str,
    *,
    addresses: Collection[str],
    tickets: Collection[int],
    most: int,
    now: datetime,
) -> Spent:
    """Return what was charged to these addresses (lower case) and tickets in 24 hours, and to the desk in
    one, counted up to `most`; 0 asks nothing."""
    asked = {"desk": desk, "since": now - DAY}
    by_address = fetch(tx, _ADDRESSES, asked | {"names": sorted(addresses)})
    by_ticket = fetch(tx, _TICKETS, asked | {"ids": sorted(tickets)}) if tickets else []
    hour = {"desk": desk, "since": now - HOUR, "most": most}
    return Spent(
        addresses={row[0]: row[1] for row in by_address},
        tickets={row[0]: row[1] for row in by_ticket},
        desk=fetch_column(tx, _DESK, hour)[0] if most else 0,
    )
