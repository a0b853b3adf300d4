"""The header fields of what leaves (RFC 5322 section 3.6), with the manners of X-29."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from handlers.ticket import Visibility
from templates.answering import leave_link
from templates.encode import field, mailbox, message_ids, unstructured
from templates.occasion import Occasion

THREAD_KEPT = 20


def headers(occasion: Occasion, our_id: str, subject: str, now: datetime) -> Iterator[bytes]:
    """Yield the fields of a message, MIME-Version last: each once, folded, with CRLF."""
    desk, to = occasion.desk, occasion.notice.to
    yield field("From", mailbox(desk.address, desk.title))
    yield field("To", mailbox(to.address, to.name))
    yield field("Reply-To", mailbox(occasion.reply_to))
    yield field("Subject", unstructured(subject))
    yield field("Date", [format_datetime(now.astimezone(ZoneInfo(desk.time_zone)))])
    yield field("Message-ID", [our_id])
    yield from _thread(occasion)
    yield from _manners(occasion)
    yield b"MIME-Version: 1.0\r\n"


def _thread(occasion: Occasion) -> Iterator[bytes]:
    """Yield In-Reply-To and References (RFC 5322 section 3.6.4), long threads shortened."""
    notice = occasion.notice
    shared = occasion.ticket is not None and notice.visibility is Visibility.PUBLIC
    thread = occasion.ticket.thread if occasion.ticket is not None and shared else ()
    ids = message_ids([*(notice.references or thread), notice.in_reply_to])
    if len(ids) > THREAD_KEPT:
        ids = [ids[0], *ids[1 - THREAD_KEPT :]]
    answered = message_ids([notice.in_reply_to]) or ids[-1:]
    if answered:
        yield field("In-Reply-To", answered)
        yield field("References", ids)


def _manners(occasion: Occasion) -> Iterator[bytes]:
    """Yield what keeps machines from answering us (RFC 3834, X-29); a relay is no machine."""
    if occasion.notice.automatic:
        answers = "auto-replied" if occasion.notice.in_reply_to else "auto-generated"
        yield field("Auto-Submitted", [answers])
        yield b"X-Auto-Response-Suppress: OOF, AutoReply\r\n"
    yield from _list(occasion)
    yield field("X-Savd", unstructured(occasion.desk.name))


def _list(occasion: Occasion) -> Iterator[bytes]:
    """Yield how to get no more of it (RFC 2369 section 3.2), where nobody asked for it. A mail is all that is
    needed: no web page is here for one click (RFC 8058). A digest is a list, with a name that rules of mail
    programs can sort by (RFC 2919)."""
    address = occasion.leave_address
    if occasion.notice.recurring:
        name = re.sub(r"[^a-z0-9-]", "-", occasion.desk.name.lower())
        domain = occasion.desk.address.partition("@")[2]
        yield field("List-Id", [f"<digest.{name}.{domain}>"])
    if address:
        yield field("List-Unsubscribe", [f"<{leave_link(address)}>"])
