"""Give a message that did not arrive to somebody else: its words stay, its address does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handlers import token
from handlers.decision import Recipient
from handlers.desk import Desk
from handlers.message import Message
from handlers.token import KeyRing
from templates.encode import field, mailbox
from templates.message import sign_if_keyed

if TYPE_CHECKING:
    from templates.signature import DomainKey

_FIELD = re.compile(rb"[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*")
_REPLACED = ("to", "reply-to", "message-id", "date", "dkim-signature", "list-unsubscribe")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Names:
    """What a message to somebody is called, and where answers to it go."""

    message_id: str
    reply_to: str


def readdressed(
    message: Message,
    to: Recipient,
    *,
    desk: Desk,
    keys: KeyRing,
    cause: str,
    now: datetime,
    signing: tuple[DomainKey, ...] = (),
) -> Message:
    """Return a message to another recipient with the same words and files, its own Message-ID, reverse
    path and reply address. Raises PermanentFailure for an address that no header can carry."""
    names = _names(message, to, desk, keys, cause)
    head, _, body = message.data.partition(b"\r\n\r\n")
    kept = (one for one in _FIELD.findall(head + b"\r\n") if _name(one) not in _REPLACED)
    fresh = b"".join((*kept, *_headers(to, names, desk, now)))
    return replace(
        message,
        message_id=names.message_id,
        bounce_key=token.bounce_key(names.message_id),
        reverse_path=token.reverse_path(keys, desk.address, names.message_id),
        recipient=to.address,
        cause=cause,
        data=sign_if_keyed(fresh + b"\r\n" + body, signing, now),
    )


def _names(message: Message, to: Recipient, desk: Desk, keys: KeyRing, cause: str) -> _Names:
    ticket_id = message.ticket_id or 0
    return _Names(
        message_id=token.message_id(
            keys,
            desk.address,
            ticket_id,
            cause=cause,
            notice=message.notice,
            role=to.role,
            to=to.address,
        ),
        reply_to=token.reply_address(keys, desk.address, ticket_id, to.role, to.address),
    )


def _headers(to: Recipient, names: _Names, desk: Desk, now: datetime) -> Iterator[bytes]:
    yield field("To", mailbox(to.address, to.name))
    yield field("Reply-To", mailbox(names.reply_to))
    yield field("Date", [format_datetime(now.astimezone(ZoneInfo(desk.time_zone)))])
    yield field("Message-ID", [names.message_id])


def _name(line: bytes) -> str:
    return line.partition(b":")[0].strip().lower().decode("ascii", "replace")
