"""Compose: a notice and its ticket become the exact bytes of one message to one recipient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from handlers import token
from handlers.decision import Notice
from handlers.desk import Desk, Look
from handlers.message import Message
from handlers.papers.leaving import digest_that_leaves, may_leave
from handlers.prepared_answer import answer_code
from handlers.process.workflow import Workflow, said
from handlers.ticket import Document, Ticket
from handlers.token import KeyRing
from handlers.work_items import Happening
from templates import notice as source
from templates.answering import Answering, Telephone, offers_of
from templates.enclosed import SHOWN, Enclosed, enclose
from templates.encode import one_line
from templates.headers import headers
from templates.look import logo_address
from templates.mime import File, file_part, multipart, text_part
from templates.occasion import Occasion
from templates.table import write_csv
from templates.view import TicketView, view_of_desk, written

if TYPE_CHECKING:
    from templates.signature import DomainKey


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
    earlier: tuple[Happening, ...] = (),
    due: datetime | None = None,
    signing: tuple[DomainKey, ...] = (),
) -> Message:
    """Return the message: 7-bit, CRLF, headers of X-29, the same Message-ID for the same cause.

    `cause` is "m412", "t17" or "s7000.3"; `files` maps the document numbers of `notice.attach` to the bytes that
    leave, `thumbnails` to small pictures for the page of a work item; `site` is the directory whose
    templates override ours; `earlier` is what a work item tells before its own, `due` its deadline, `signing` are the keys that
    sign it for its domain. Raises ConfigError for a template that is missing or asks for an unknown value, PermanentFailure for an
    address that no header can carry, KeyError when the bytes of a promised document are not in `files`. A document that may not leave
    is not promised, whatever the notice says (handlers.papers.leaving).
    """
    occasion = Occasion(
        notice=notice, ticket=ticket, desk=desk, workflow=workflow, keys=keys, cause=cause
    )
    our_id = occasion.message_id
    bounce_key = token.bounce_key(our_id)
    enclosed = _enclosed(occasion, files, thumbnails or {}, bounce_key, site)
    before = tuple(_told_before(occasion, one) for one in earlier)
    reading = replace(_reading(occasion, enclosed), earlier=before, at=now, due=due)
    told = source.render(notice.template, reading, site)
    subject = told.subject if ticket is None else f"[{ticket.key}] {told.subject}"
    head = b"".join(headers(occasion, our_id, subject, now))
    data = head + _body(told, _with_tables(enclosed, occasion, told), bounce_key)
    return Message(
        message_id=our_id,
        bounce_key=bounce_key,
        reverse_path=token.reverse_path(keys, desk.address, our_id),
        recipient=notice.to.address,
        subject=one_line(subject),
        notice=notice.template,
        cause=cause,
        data=sign_if_keyed(data, signing, now),
        ticket_id=None if ticket is None else ticket.id,
        automatic=notice.automatic,
        visibility=notice.visibility.value,
    )


def sign_if_keyed(data: bytes, keys: tuple[DomainKey, ...], now: datetime) -> bytes:
    """Return a message signed by these keys (RFC 6376), as it is without any."""
    if not keys:
        return data
    from templates.signature import signed  # the libraries take a while to load

    return signed(data, keys, now)


def _told_before(occasion: Occasion, one: Happening) -> tuple[str, datetime, source.Reading]:
    return (
        one.notice.template,
        one.at,
        _reading(replace(occasion, notice=one.notice), Enclosed()),
    )


def _reading(occasion: Occasion, enclosed: Enclosed, logo: str = "") -> source.Reading:
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
        telephone=_telephone(occasion, enclosed),
        table=occasion.notice.table_name if occasion.notice.table else None,
        leaving=_leaving(occasion),
        values={k: written(v, workflow, spoken) for k, v in occasion.notice.values.items()},
    )


def _leaving(occasion: Occasion) -> tuple[str, str] | None:
    address = occasion.leave_address
    return ("digest" if occasion.notice.recurring else "ticket", address) if address else None


def _telephone(occasion: Occasion, enclosed: Enclosed) -> Telephone | None:
    if not _wants_photos(occasion):
        return None
    picture = "".join(f"cid:{file.content_id}" for file in enclosed.codes)
    link = _answering(occasion).plain_link("")
    return Telephone(address=occasion.reply_to, link=link, picture=picture)


def _wants_photos(occasion: Occasion) -> bool:
    rule = occasion.workflow.notices.get(occasion.notice.template)
    return rule is not None and rule.telephone and occasion.ticket is not None


def _code(occasion: Occasion, bounce_key: str) -> tuple[File, ...]:
    """Return the code that opens a mail about the ticket, where photos are asked for."""
    if not _wants_photos(occasion):
        return ()
    from templates.qr import qr_png  # the library takes a while to load

    data = qr_png(_answering(occasion).plain_link(""))
    return (
        File(
            name="qr.png", content_type="image/png", data=data, content_id=f"qr.{bounce_key}@savd"
        ),
    )


def _answering(occasion: Occasion) -> Answering:
    key = occasion.ticket.key if occasion.ticket is not None else ""
    code = answer_code(occasion.cause, occasion.notice.template) if occasion.cause else ""
    return Answering(address=occasion.reply_to, key=key, code=code)


def _enclosed(
    occasion: Occasion,
    files: Mapping[int, bytes],
    thumbnails: Mapping[int, bytes],
    bounce_key: str,
    site: Path | None,
) -> Enclosed:
    notice, ticket = occasion.notice, occasion.ticket
    logo = (_logo(occasion.look, bounce_key),) if occasion.look.logo else ()
    if ticket is None:
        return Enclosed(logo=logo)
    enclosed = enclose(
        [_paper(occasion, name, site) for name in notice.papers],
        [one for one in ticket.documents if one.number in notice.attach and _leaves(one, notice)],
        files,
        thumbnails if occasion.is_work_item else {},
        most=occasion.desk.files.message_size,
        bounce_key=bounce_key,
    )
    return replace(enclosed, logo=logo, codes=_code(occasion, bounce_key))


def _leaves(document: Document, notice: Notice) -> bool:
    leaves = may_leave(document, notice.to.role, notice.visibility)
    return leaves and bool(digest_that_leaves(document))


def _paper(occasion: Occasion, name: str, site: Path | None) -> File:
    from templates.papers.paper import write_paper  # the PDF library takes a while to load

    reading, rule = _reading(occasion, Enclosed()), occasion.workflow.papers[name]
    telephone = Telephone(address=occasion.reply_to, link=_answering(occasion).plain_link(""))
    paper = write_paper(
        name, replace(reading, telephone=telephone), travels=rule.travels, site=site
    )
    key = "" if occasion.ticket is None else f"{occasion.ticket.key} "
    return File(name=f"{key}{paper.title}.pdf", content_type="application/pdf", data=paper.data)


def papers_of(
    notice: Notice, ticket: Ticket | None, desk: Desk, workflow: Workflow, site: Path | None = None
) -> tuple[File, ...]:
    """Return only the papers that a notice brings; for previews."""
    occasion = _unsigned(notice, ticket, desk, workflow)
    return tuple(_paper(occasion, name, site) for name in notice.papers)


def _unsigned(notice: Notice, ticket: Ticket | None, desk: Desk, workflow: Workflow) -> Occasion:
    nobody = KeyRing(current="", keys={})
    return Occasion(notice=notice, ticket=ticket, desk=desk, workflow=workflow, keys=nobody)


def _with_tables(enclosed: Enclosed, occasion: Occasion, told: source.Rendered) -> Enclosed:
    notice = occasion.notice
    made = [
        File(name=called, content_type="application/json", data=text.encode())
        for called, text in notice.enclosed
    ]
    own = [(notice.table_name or told.table, notice.table)] if notice.table else []
    for called, rows in (*own, *told.tables):
        data = write_csv(rows, comma=occasion.language.comma)
        made.append(File(name=called, content_type="text/csv", data=data))
    made += (File(name=f.name, content_type=f.content_type, data=f.data) for f in notice.handed)
    return replace(enclosed, files=(*enclosed.files, *made)) if made else enclosed


def _logo(look: Look, bounce_key: str) -> File:
    name = f"logo.{look.logo_type.rpartition('/')[2]}"
    cid = f"logo.{bounce_key}@savd"
    return File(name=name, content_type=look.logo_type, data=look.logo, content_id=cid)


def _body(told: source.Rendered, enclosed: Enclosed, boundary: str) -> bytes:
    html = text_part("html", told.html)
    shown = (*enclosed.logo, *enclosed.codes, *enclosed.pictures[:SHOWN])
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
    occasion = _unsigned(notice, ticket, desk, workflow)
    logo = logo_address(occasion.look)
    return source.render(notice.template, _reading(occasion, Enclosed(), logo), site)
