"""A message ready to leave, and what became of an attempt to send it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A composed message: exact bytes, one recipient.

    `bounce_key` is the local secret of the reverse-path: a report that comes back to it is about this message.
    `cause` ("m412", "t17") with `notice` and `recipient` is unique: one cause, one message.
    `not_before` is when it may leave, None at once. One that is `charged` counts for the budgets of the
    desk; `parked_for` names the one it was over, then it does not leave by itself (X-30).
    """

    message_id: str
    bounce_key: str
    reverse_path: str
    recipient: str
    subject: str
    notice: str
    cause: str
    data: bytes = field(repr=False)
    ticket_id: int | None = None
    automatic: bool = True
    visibility: str = "public"
    not_before: datetime | None = None
    charged: bool = False
    parked_for: str = ""


class OutboxState(StrEnum):
    """Where a message is. UNCERTAIN: the line was lost after the final dot, nobody knows. GATHERED: a
    later one about the same ticket tells what it says. PARKED: it was over a budget and waits for a person,
    who releases it or has it DISCARDED."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"
    GATHERED = "gathered"
    PARKED = "parked"
    DISCARDED = "discarded"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """What one attempt came to: SENT, DEFERRED, BOUNCED or UNCERTAIN, and the relay's words.

    `of_recipient` tells that the relay refused the recipient, not the message or us."""

    state: OutboxState
    reply: str = ""
    of_recipient: bool = False
