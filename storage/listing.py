"""Lists for people and scripts: JSON-able dictionaries, times in ISO 8601 (UTC)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, null, select

from handlers.ticket import NEVER
from storage import errands as asked
from storage.audience import readable, readable_only
from storage.errand_schema import errand
from storage.parked import OUTDATED
from storage.schema import (
    article,
    blob,
    document,
    journal,
    journal_raw,
    outbox,
    outbox_raw,
    participant,
    step,
    ticket,
    ticket_key,
    timer,
)

Line = dict[str, Any]

_TICKET_LINE = (
    ticket.c.id,
    ticket.c.key,
    ticket.c.desk,
    ticket.c.workflow,
    ticket.c.state,
    ticket.c.subject,
    ticket.c.contact,
    ticket.c.organisation,
    ticket.c.assignee,
    ticket.c.opened_at,
    ticket.c.changed_at,
    ticket.c.closed_at,
)
_MAIL_LINE = (
    journal.c.id,
    journal.c.desk,
    func.coalesce(journal.c.verdict, "pending").label("verdict"),
    journal.c.reason,
    journal.c.received_at,
    journal.c.sender,
    readable_only(journal, "subject"),
    journal.c.message_id,
    journal.c.ticket_id,
    journal.c.path,
    journal.c.size,
    journal.c.attempts,
)
_MESSAGE_LINE = (
    outbox.c.id,
    outbox.c.desk,
    outbox.c.state,
    outbox.c.notice,
    outbox.c.recipient,
    readable_only(outbox, "subject"),
    outbox.c.message_id,
    outbox.c.cause,
    outbox.c.ticket_id,
    outbox.c.attempts,
    outbox.c.queued_at,
    case((outbox.c.state.in_(("queued", "deferred")), outbox.c.next_try_at)).label("next_try_at"),
    outbox.c.sent_at,
    outbox.c.reply,
    outbox.c.report,
    outbox.c.parked_for,
    OUTDATED.label("outdated"),
)


def tickets(
    tx: Connection,
    *,
    desk: str = "",
    state: str = "",
    contact: str = "",
    open_only: bool = False,
    limit: int = 100,
) -> tuple[Line, ...]:
    """Return the tickets changed last, newest first. "" means any."""
    query: Any = select(*_TICKET_LINE).order_by(ticket.c.changed_at.desc(), ticket.c.id.desc())
    query = _narrowed(query, {ticket.c.desk: desk, ticket.c.state: state})
    query = _narrowed(query, {ticket.c.contact_key: contact.lower()})
    if open_only:
        query = query.where(ticket.c.closed_at.is_(None))
    return _lines(tx, query.limit(limit))


def tickets_of(tx: Connection, ids: Sequence[int]) -> tuple[Line, ...]:
    """Return the tickets with these ids, in their order."""
    query = select(*_TICKET_LINE, ticket.c.fields).where(ticket.c.id.in_(ids))
    known = {line["id"]: line for line in _lines(tx, query)}
    return tuple(known[one] for one in ids if one in known)


def ticket_id_of(tx: Connection, key: str, *, desk: str = "") -> int | None:
    """Return the id of the ticket with this key (any it ever had) or id, or None.

    None too when two desks have the key and no desk is named.
    """
    query = _narrowed(select(ticket_key.c.ticket_id), {ticket_key.c.desk: desk})
    found = tx.execute(query.where(ticket_key.c.key == key.upper())).scalars().all()
    if not found and key.isascii() and key.isdigit() and len(key) < 19:
        found = tx.execute(select(ticket.c.id).where(ticket.c.id == int(key))).scalars().all()
    return found[0] if len(found) == 1 else None


def show_ticket(tx: Connection, ticket_id: int) -> Line | None:
    """Return all of a ticket that the desk may read, or None."""
    row = tx.execute(select(ticket).where(ticket.c.id == ticket_id)).first()
    if row is None:
        return None
    return _line(row) | {
        "participants": _parts(tx, participant, ticket_id, participant.c.position),
        "documents": _parts(tx, document, ticket_id, document.c.number, readable(document)),
        "articles": _parts(tx, article, ticket_id, article.c.id, readable(article)),
        "steps": _parts(tx, step, ticket_id, step.c.id),
        "timers": _parts(tx, timer, ticket_id, timer.c.due_at),
        "errands": _parts(tx, errand, ticket_id, errand.c.id),
        "mails": mails(tx, ticket_id=ticket_id, limit=10_000)[::-1],
        "messages": messages(tx, ticket_id=ticket_id, limit=10_000)[::-1],
    }


def export_ticket(tx: Connection, ticket_id: int) -> Mapping[str, bytes]:
    """Return a ticket as files: `ticket.json`, its documents, mails and messages, as far as the desk may
    read them. {} if unknown."""
    shown = show_ticket(tx, ticket_id)
    if shown is None:
        return {}
    files = {"ticket.json": json.dumps(shown, ensure_ascii=False, indent=2).encode()}
    blobs = select(document.c.number, document.c.filename, blob.c.data).join(
        blob, blob.c.sha256 == document.c.sha256
    )
    mine = blobs.where(document.c.ticket_id == ticket_id, readable(document))
    for number, name, data in tx.execute(mine):
        files[f"documents/{number}-{_plain(name)}"] = data
    raws = select(journal.c.id, journal_raw.c.data).join(journal_raw)
    raws = raws.where(journal.c.ticket_id == ticket_id, readable(journal))
    for journal_id, data in tx.execute(raws):
        files[f"mails/{journal_id}.eml"] = data
    sent = select(outbox.c.id, outbox_raw.c.data).join(
        outbox_raw, outbox_raw.c.message_id == outbox.c.message_id
    )
    sent = sent.where(outbox.c.ticket_id == ticket_id, readable(outbox))
    for outbox_id, data in tx.execute(sent):
        files[f"messages/{outbox_id}.eml"] = data
    return files


def mails(
    tx: Connection,
    *,
    desk: str = "",
    verdict: str = "",
    sender: str = "",
    message_id: str = "",
    ticket_id: int | None = None,
    limit: int = 100,
) -> tuple[Line, ...]:
    """Return journal rows, newest first. `verdict` may be "pending"; "" means any."""
    query: Any = select(*_MAIL_LINE).order_by(journal.c.id.desc())
    query = _narrowed(query, {journal.c.desk: desk, journal.c.message_id: message_id})
    query = _narrowed(query, {journal.c.sender: sender.lower()})
    if verdict == "pending":
        query = query.where(journal.c.verdict.is_(None))
    elif verdict:
        query = query.where(journal.c.verdict == verdict)
    if ticket_id is not None:
        query = query.where(journal.c.ticket_id == ticket_id)
    return _lines(tx, query.limit(limit))


def show_mail(tx: Connection, journal_id: int) -> Line | None:
    """Return all of a mail that the desk may know, but its bytes, or None."""
    shown = [one for one in journal.c if one.name not in ("subject", "evidence")]
    silent = readable_only(journal, "subject"), readable_only(journal, "evidence", null())
    row = tx.execute(select(*shown, *silent).where(journal.c.id == journal_id)).first()
    return _line(row) if row else None


def may_read_mail(tx: Connection, journal_id: int) -> bool:
    """Tell whether the bytes of a mail may be shown at the desk (R-8)."""
    mine = select(journal.c.id).where(journal.c.id == journal_id, readable(journal))
    return tx.execute(mine).first() is not None


def show_consequences(tx: Connection, journal_id: int) -> Line:
    """Return what a mail caused: the steps of tickets and the messages, oldest first."""
    cause = f"m{journal_id}"
    steps = select(
        ticket.c.key, step.c.transition, step.c.from_state, step.c.to_state, step.c.actor
    ).join(ticket, ticket.c.id == step.c.ticket_id)
    query: Any = select(*_MESSAGE_LINE).where(outbox.c.cause == cause).order_by(outbox.c.id)
    return {
        "steps": list(_lines(tx, steps.where(step.c.cause == cause).order_by(step.c.id))),
        "messages": list(_lines(tx, query)),
    }


def messages(
    tx: Connection,
    *,
    state: str = "",
    recipient: str = "",
    ticket_id: int | None = None,
    limit: int = 100,
) -> tuple[Line, ...]:
    """Return outbox rows, newest first. "" means any."""
    query: Any = select(*_MESSAGE_LINE).order_by(outbox.c.id.desc())
    query = _narrowed(query, {outbox.c.state: state, outbox.c.recipient_key: recipient.lower()})
    if ticket_id is not None:
        query = query.where(outbox.c.ticket_id == ticket_id)
    return _lines(tx, query.limit(limit))


def show_message(tx: Connection, name: int | str) -> tuple[Line, bytes] | None:
    """Return a message by outbox id or Message-ID, with its bytes, or None. One that the desk may not
    read has no bytes."""
    mine = outbox.c.id == name if isinstance(name, int) else outbox.c.message_id == name
    raw = outbox_raw.c.message_id == outbox.c.message_id
    row = tx.execute(
        select(*_MESSAGE_LINE, readable(outbox).label("shown"), outbox_raw.c.data)
        .join(outbox_raw, raw)
        .where(mine)
    )
    found = row.first()
    if found is None:
        return None
    line = _line(found)
    data: bytes = line.pop("data")
    return line, data if line.pop("shown") else b""


def timers(tx: Connection, *, desk: str = "", limit: int = 100) -> tuple[Line, ...]:
    """Return the timers that run, the next due first."""
    query: Any = select(timer, ticket.c.key, ticket.c.desk, ticket.c.state).join(ticket)
    query = _narrowed(query, {ticket.c.desk: desk})
    return _lines(tx, query.order_by(timer.c.due_at, timer.c.id).limit(limit))


def _narrowed(query: Any, wanted: Mapping[Any, str]) -> Any:
    for column, value in wanted.items():
        if value:
            query = query.where(column == value)
    return query


def errands(
    tx: Connection, *, desk: str = "", state: str = "", limit: int = 100
) -> tuple[Line, ...]:
    """Return what organisations were asked, the newest first. "" narrows nothing."""
    return tuple(map(_line, asked.listed(tx, desk=desk, state=state, limit=limit)))


def _parts(
    tx: Connection, table: Any, ticket_id: int, order: Any, *which: ColumnElement[bool]
) -> list[Line]:
    mine = select(table).where(table.c.ticket_id == ticket_id, *which)
    rows = tx.execute(mine.order_by(order))
    return [{k: v for k, v in _line(row).items() if k != "ticket_id"} for row in rows]


def _lines(tx: Connection, query: Any) -> tuple[Line, ...]:
    return tuple(map(_line, tx.execute(query)))


def _line(row: Any) -> Line:
    """Return the columns people want: those made for comparing are left out."""
    found = row._asdict().items()
    return {
        name: _shown(value) for name, value in found if not name.endswith("_key") or name in _KEYS
    }


_KEYS = frozenset({"draft_key", "path_key", "bounce_key"})


def _shown(value: Any) -> Any:
    if isinstance(value, datetime):
        return None if value >= NEVER else value.isoformat()
    return value


def _plain(filename: str) -> str:
    """Return a file name that stays in its folder."""
    kept = "".join(c if c.isalnum() or c in "._- " else "_" for c in filename)
    return kept.strip(". ")[:100] or "file"
