"""What the outbox tells of a message of ours, whoever asks."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Row

from handlers.facts import SentMessage
from handlers.message import OutboxState
from handlers.ticket import Visibility
from storage.schema import outbox

ON_THE_WAY: Final = tuple(
    state.value
    for state in (
        *(OutboxState.QUEUED, OutboxState.SENDING),
        *(OutboxState.DEFERRED, OutboxState.UNCERTAIN),
    )
)
"""States in which nobody knows yet that a message arrived."""

SENT_COLUMNS: Final = (
    outbox.c.id,
    outbox.c.message_id,
    outbox.c.recipient,
    outbox.c.ticket_id,
    outbox.c.notice,
    outbox.c.visibility,
    outbox.c.queued_at,
    outbox.c.subject,
    outbox.c.state,
)


def sent_of(row: Row[Any]) -> SentMessage:
    """Return the message of a row that has SENT_COLUMNS."""
    return SentMessage(
        message_id=row.message_id,
        recipient=row.recipient,
        ticket_id=row.ticket_id,
        notice=row.notice,
        visibility=Visibility(row.visibility),
        at=row.queued_at,
        subject=row.subject,
        outbox_id=row.id,
        on_the_way=row.state in ON_THE_WAY,
        failed=row.state == OutboxState.BOUNCED.value,
    )
