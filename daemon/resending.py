"""Send again what did not arrive: the same message to whom it was for, or its words to a new contact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from daemon.office import Office
from handlers.decision import Decision, Recipient, Resent
from handlers.message import Message
from handlers.ticket import Role
from storage import outbox
from templates.readdress import readdressed


def messages_again(
    tx: Connection, decision: Decision, office: Office, now: datetime
) -> Iterator[Message]:
    """Queue again what goes to the same person; yield the messages that are new because they go to
    another one."""
    for one in (one for change in decision.changes for one in change.resent):
        message = outbox.failed(tx, one.outbox_id)
        if message is None:
            continue
        if one.to.lower() in ("", message.recipient.lower()):
            outbox.retry(tx, [one.outbox_id], now)
        else:
            yield _to_another(message, one, office, now)


def _to_another(message: Message, one: Resent, office: Office, now: datetime) -> Message:
    desk, cause = office.desk, f"r{one.outbox_id}"
    to = Recipient(address=one.to, role=Role.CONTACT, language=desk.language, name=one.name)
    return readdressed(
        message,
        to,
        desk=desk,
        keys=office.keys,
        cause=cause,
        now=now,
        signing=office.signing,
    )
