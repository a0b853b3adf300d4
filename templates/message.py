"""Compose: a notice and its ticket become the exact bytes of one message to one recipient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from handlers import token
from handlers.decision import Notice
from handlers.desk import Desk, Look
from handlers.message import Message
from handlers.papers.leaving import digest_that_leaves, may_leave
from handlers.prepared_answer import answer_code
from handlers.process.workflow import Workflow, said
from handlers.ticket import Document, Role, Ticket, Visibility
from handlers.token import KeyRing
from templates import notice as source
from templates.answering import Answering, offers_of
from templates.enclosed import Enclosed, enclose
from templates.encode import field, mailbox, message_ids, one_line, unstructured
from templates.language import Language, language
from templates.look import logo_address
from templates.mime import File, file_part, multipart, text_part
from templates.table import write_csv
from templates.view import TicketView, view_of_desk, written

NO_TICKET = 0
THREAD_KEPT = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class _Occasion:
    """One notice, what it is about, and where it comes from."""

    notice: Notice
    ticket: Ticket | None
    desk: Desk
    workflow: Workflow
    keys: KeyRing
    cause: str = ""

    @property
    def ticket_id(self) -> int:
        return NO_TICKET if self.ticket is None else self.ticket.id

    @property
    def role(self) -> Role:
        """The role to sign; one who is only pending answers as an observer would."""
        role = self.notice.to.role
        return role if role in token.ROLE_LETTERS else Role.OBSERVER

    @property
    def answers_as(self) -> tuple[Role, str]:
        """The role and address that a reply address stands for: those of the talk it belongs to."""
        notice = self.notice
        if notice.visibility is Visibility.INTERNAL:
            return Role.INTERNAL, notice.to.address
        if notice.visibility is Visibility.EXTERNAL:
            return Role.EXTERNAL, notice.thread
        return self.role, notice.to.address

    @property
    def reply_to(self) -> str:
        """The address of answers; that of the desk where nothing is signed."""
        if not self.keys.current:
            return self.desk.address
        role, who = self.answers_as
        return token.reply_address(self.keys, self.desk.address, self.ticket_id, role, who)

    @property
    def seen(self) -> Ticket | None:
        """The ticket as the recipient may see it: somebody outside knows no more than its key."""
        if self.ticket is None or self.role is not Role.EXTERNAL:
            return self.ticket
        return replace(
            self.ticket, subject="", organisation="", contact="", fields={}, participants=()
        )

    @property
    def look(self) -> Look:
        """The desk's look; its own people need no logo."""
        look = self.desk.look
        return replace(look, logo=b"") if self.is_work_item else look

    @property
    def is_work_item(self) -> bool:
        return self.role is Role.AGENT

    @property
    def language(self) -> Language:
        """The recipient's language, else the desk's, as far as the notice is written in it (X-38)."""
        written = self.workflow.languages_for(self.notice.template)
        wanted = (self.notice.to.language[:2].lower(), self.desk.language, written[0])
        code = next(one for one in wanted if one in written)
        return language(code, self.desk.time_zone)


def compose(  # noqa: PLR0913 - one keyword for each thing a message is made of
    notice: Notice,
    *,
    ticket: Ticket | None,
    desk: Desk,
    workflow: Workflow,
    keys: KeyRing,
    cause: str,
    now: datetime,
    files: Mapping[int, bytes],
    thumbnails: Mapping[int, bytes] | None = None,
    site: Path | None = None,
) -> Message:
    """Return the message: 7-bit, CRLF, headers of X-29, the same Message-ID for the same cause.

    `cause` is "m412", "t17" or "s7000.3"; `files` maps the document numbers of `notice.attach` to the bytes that
    leave, `thumbnails` to small pictures for the page of a work item; `site` is the directory whose
    templates override ours. Raises ConfigError for a template that is missing or asks for an
    unknown value, PermanentFailure for an address that no header can carry, KeyError when the bytes of a promised document are not in `files`. A
    document that may not leave is not promised, whatever the notice says (handlers.papers.leaving).
    """
    occasion = _Occasion(
        notice=notice, ticket=ticket, desk=desk, workflow=workflow, keys=keys, cause=cause
    )
    our_id = _message_id(occasion)
    bounce_key = token.bounce_key(our_id)
    enclosed = _enclosed(occasion, files, thumbnails or {}, bounce_key)
    told = source.render(notice.template, _reading(occasion, enclosed), site)
    subject = told.subject if ticket is None else f"[{ticket.key}] {told.subject}"
    head = b"".join(_headers(occasion, our_id, subject, now))
    return Message(
        message_id=our_id,
        bounce_key=bounce_key,
        reverse_path=token.reverse_path(keys, desk.address, our_id),
        recipient=notice.to.address,
        subject=one_line(subject),
        notice=notice.template,
        cause=cause,
        data=head + _body(told, _with_table(enclosed, occasion, told.table), bounce_key),
        ticket_id=None if ticket is None else ticket.id,
        automatic=notice.automatic,
        visibility=notice.visibility.value,
    )


def _message_id(occasion: _Occasion) -> str:
    return token.message_id(
        occasion.keys,
        occasion.desk.address,
        occasion.ticket_id,
        cause=occasion.cause,
        notice=occasion.notice.template,
        role=_signed_role(occasion),
        to=occasion.notice.to.address,
    )


def _signed_role(occasion: _Occasion) -> Role:
    """Return the role a Message-ID bears: an answer to an internal talk stays one (R-8)."""
    internal = occasion.notice.visibility is Visibility.INTERNAL
    return Role.INTERNAL if internal else occasion.role


def _reading(occasion: _Occasion, enclosed: Enclosed, logo: str = "") -> source.Reading:
    spoken, workflow, ticket = occasion.language, occasion.workflow, occasion.seen
    return source.Reading(
        workflow=workflow.name,
        language=spoken,
        audience="agent" if occasion.is_work_item else "customer",
        desk=view_of_desk(occasion.desk, ticket),
        ticket=None if ticket is None else TicketView(ticket, workflow, spoken),
        states={code: said(one.label, spoken.code) for code, one in workflow.states.items()},
        to_name=occasion.notice.to.name,
        look=occasion.desk.look,
        logo=logo or "".join(f"cid:{file.content_id}" for file in enclosed.logo),
        pictures=tuple((one.content_id, one.name) for one in enclosed.pictures),
        left_out=enclosed.left_out,
        offers=offers_of(occasion.notice, ticket, workflow, spoken.code),
        answering=_answering(occasion),
        values={k: written(v, workflow, spoken) for k, v in occasion.notice.values.items()},
    )


def _answering(occasion: _Occasion) -> Answering:
    key = occasion.ticket.key if occasion.ticket is not None else ""
    code = answer_code(occasion.cause, occasion.notice.template) if occasion.cause else ""
    return Answering(address=occasion.reply_to, key=key, code=code)


def _headers(occasion: _Occasion, our_id: str, subject: str, now: datetime) -> Iterator[bytes]:
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


def _thread(occasion: _Occasion) -> Iterator[bytes]:
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


def _manners(occasion: _Occasion) -> Iterator[bytes]:
    """Yield what keeps machines from answering us (RFC 3834, X-29); a relay is no machine."""
    if occasion.notice.automatic:
        answers = "auto-replied" if occasion.notice.in_reply_to else "auto-generated"
        yield field("Auto-Submitted", [answers])
        yield b"X-Auto-Response-Suppress: OOF, AutoReply\r\n"
    yield field("X-Savd", unstructured(occasion.desk.name))


def _enclosed(
    occasion: _Occasion,
    files: Mapping[int, bytes],
    thumbnails: Mapping[int, bytes],
    bounce_key: str,
) -> Enclosed:
    notice, ticket = occasion.notice, occasion.ticket
    logo = (_logo(occasion.look, bounce_key),) if occasion.look.logo else ()
    if ticket is None:
        return Enclosed(logo=logo)
    enclosed = enclose(
        [_sheet(occasion, ticket)] if notice.sheet else [],
        [one for one in ticket.documents if one.number in notice.attach and _leaves(one, notice)],
        files,
        thumbnails if occasion.is_work_item else {},
        most=occasion.desk.files.message_size,
        bounce_key=bounce_key,
    )
    return replace(enclosed, logo=logo)


def _leaves(document: Document, notice: Notice) -> bool:
    leaves = may_leave(document, notice.to.role, notice.visibility)
    return leaves and bool(digest_that_leaves(document))


def _sheet(occasion: _Occasion, ticket: Ticket) -> File:
    from templates.sheet import return_sheet  # the PDF library takes a while to load

    sheet = return_sheet(ticket, occasion.desk, occasion.workflow, occasion.language.code)
    return File(name=f"{ticket.key}.pdf", content_type="application/pdf", data=sheet)


def _with_table(enclosed: Enclosed, occasion: _Occasion, name: str) -> Enclosed:
    notice = occasion.notice
    made = [
        File(name=called, content_type="application/json", data=text.encode())
        for called, text in notice.enclosed
    ]
    if notice.table:
        called = notice.table_name or name
        data = write_csv(notice.table, comma=occasion.language.comma)
        made.append(File(name=called, content_type="text/csv", data=data))
    made += (File(name=f.name, content_type=f.content_type, data=f.data) for f in notice.handed)
    return replace(enclosed, files=(*enclosed.files, *made)) if made else enclosed


def _logo(look: Look, bounce_key: str) -> File:
    name = f"logo.{look.logo_type.rpartition('/')[2]}"
    cid = f"logo.{bounce_key}@savd"
    return File(name=name, content_type=look.logo_type, data=look.logo, content_id=cid)


def _body(told: source.Rendered, enclosed: Enclosed, boundary: str) -> bytes:
    html = text_part("html", told.html)
    shown = (*enclosed.logo, *enclosed.pictures)
    if shown:  # RFC 2387: the page and what it shows
        html = multipart("related", boundary, [html, *map(file_part, shown)])
    body = multipart("alternative", boundary, [text_part("plain", told.text), html])
    if not enclosed.files:
        return body
    return multipart("mixed", boundary, [body, *map(file_part, enclosed.files)])


def render(
    notice: Notice, ticket: Ticket | None, desk: Desk, workflow: Workflow, site: Path | None = None
) -> source.Rendered:
    """Return only what a notice says, without headers; for previews."""
    nobody = KeyRing(current="", keys={})
    occasion = _Occasion(notice=notice, ticket=ticket, desk=desk, workflow=workflow, keys=nobody)
    logo = logo_address(occasion.look)
    return source.render(notice.template, _reading(occasion, Enclosed(), logo), site)
