"""Compose: a notice and its ticket become the exact bytes of one message to one recipient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers import token
from handlers.desk import Desk
from handlers.decision import Notice
from handlers.message import Message
from handlers.ticket import Role, Ticket
from handlers.token import KeyRing
from handlers.workflow import Workflow
from templates import notice as source
from templates.encode import field, mailbox, message_ids, one_line, unstructured
from templates.language import Language, language, languages
from templates.mime import File, file_part, multipart, text_part
from templates.sheet import return_sheet
from templates.table import write_csv
from templates.view import TicketView, view_of_desk

NO_TICKET = 0
THREAD_KEPT = 20


def compose(
    notice: Notice,
    *,
    ticket: Ticket | None,
    desk: Desk,
    workflow: Workflow,
    keys: KeyRing,
    cause: str,
    now: datetime,
    files: Mapping[int, bytes],
    site: Path | None = None,
) -> Message:
    """Return the message: 7-bit, CRLF, headers of X-29, the same Message-ID for the same cause.

    `cause` is "m412" or "t17"; `files` maps the document numbers of `notice.attach` to their bytes;
    `site` is the directory whose templates override ours. Raises ConfigError for a
    template that is missing or asks for an unknown value, PermanentFailure for an address that
    no header can carry, KeyError when the bytes of a promised document are not in `files`.
    """
    about = NO_TICKET if ticket is None else ticket.id
    role, to = _role(notice), notice.to.address
    our_id = token.message_id(keys, desk.address, about, cause, notice.template, role, to)
    spoken = _language(notice, desk)
    said = source.render(notice.template, _reading(notice, ticket, desk, workflow, spoken), site)
    subject = said.subject if ticket is None else f"[{ticket.key}] {said.subject}"
    head = _headers(notice, ticket, desk, keys, our_id, subject, now)
    attached = list(_attachments(notice, ticket, desk, workflow, spoken, files, said.table))
    return Message(
        message_id=our_id,
        bounce_key=token.bounce_key(our_id),
        reverse_path=token.reverse_path(keys, desk.address, our_id),
        recipient=to,
        subject=one_line(subject),
        notice=notice.template,
        cause=cause,
        data=b"".join(head) + _body(said, attached, token.bounce_key(our_id)),
        ticket_id=None if ticket is None else ticket.id,
        automatic=notice.automatic,
    )


def _role(notice: Notice) -> Role:
    """Return the role to sign; one who is only pending answers as an observer would."""
    return notice.to.role if notice.to.role in token.ROLE_LETTERS else Role.OBSERVER


def _language(notice: Notice, desk: Desk) -> Language:
    """Return the recipient's language, else the desk's, as far as savd writes it (X-38)."""
    wanted = (notice.to.language[:2].lower(), desk.language)
    code = next((one for one in wanted if one in languages()), wanted[-1])
    return language(code, desk.time_zone)


def _reading(
    notice: Notice, ticket: Ticket | None, desk: Desk, workflow: Workflow, spoken: Language
) -> source.Reading:
    return source.Reading(
        workflow=workflow.name,
        language=spoken,
        audience="agent" if notice.to.role is Role.AGENT else "customer",
        desk=view_of_desk(desk),
        ticket=None if ticket is None else TicketView(ticket, workflow, spoken),
        to_name=notice.to.name,
        values=notice.values,
    )


def _headers(
    notice: Notice,
    ticket: Ticket | None,
    desk: Desk,
    keys: KeyRing,
    our_id: str,
    subject: str,
    now: datetime,
) -> Iterator[bytes]:
    about = NO_TICKET if ticket is None else ticket.id
    reply = token.reply_address(keys, desk.address, about, _role(notice), notice.to.address)
    local = now.astimezone(ZoneInfo(desk.time_zone))
    yield field("From", mailbox(desk.address, desk.title))
    yield field("To", mailbox(notice.to.address, notice.to.name))
    yield field("Reply-To", mailbox(reply))
    yield field("Subject", unstructured(subject))
    yield field("Date", [format_datetime(local)])
    yield field("Message-ID", [our_id])
    yield from _thread(notice, ticket)
    yield from _manners(notice, desk)
    yield b"MIME-Version: 1.0\r\n"


def _thread(notice: Notice, ticket: Ticket | None) -> Iterator[bytes]:
    """Yield In-Reply-To and References (RFC 5322 section 3.6.4), long threads shortened."""
    thread = () if ticket is None else ticket.thread
    ids = message_ids([*(notice.references or thread), notice.in_reply_to])
    if len(ids) > THREAD_KEPT:
        ids = [ids[0], *ids[1 - THREAD_KEPT :]]
    answered = message_ids([notice.in_reply_to]) or ids[-1:]
    if answered:
        yield field("In-Reply-To", answered)
        yield field("References", ids)


def _manners(notice: Notice, desk: Desk) -> Iterator[bytes]:
    """Yield what keeps machines from answering us (RFC 3834, X-29); a relay is no machine."""
    if notice.automatic:
        answers = notice.in_reply_to and notice.to.role is not Role.AGENT
        yield field("Auto-Submitted", ["auto-replied" if answers else "auto-generated"])
        yield b"X-Auto-Response-Suppress: OOF, AutoReply\r\n"
    yield field("X-Savd", unstructured(desk.name))


def _attachments(
    notice: Notice,
    ticket: Ticket | None,
    desk: Desk,
    workflow: Workflow,
    spoken: Language,
    files: Mapping[int, bytes],
    table_name: str,
) -> Iterator[File]:
    if ticket is not None:
        for document in ticket.documents:
            if document.number in notice.attach:
                data = files[document.number]
                yield File(name=document.filename, content_type=document.content_type, data=data)
    if ticket is not None and notice.sheet:
        sheet = return_sheet(ticket, desk, workflow, spoken.code)
        yield File(name=f"{ticket.key}.pdf", content_type="application/pdf", data=sheet)
    if notice.table:
        yield File(name=table_name, content_type="text/csv", data=write_csv(notice.table))


def _body(said: source.Rendered, attached: list[File], boundary: str) -> bytes:
    both = [text_part("plain", said.text), text_part("html", said.html)]
    body = multipart("alternative", boundary, both)
    if not attached:
        return body
    return multipart("mixed", boundary, [body, *map(file_part, attached)])
