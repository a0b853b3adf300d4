"""Apply a decision: write its notices as exact bytes, then everything in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from daemon.office import Office
from handlers.decision import Decision, Notice
from handlers.references import references_of
from handlers.ticket import Ticket
from storage.apply import apply
from storage.blobs import read_blobs
from templates.message import compose


def apply_decision(
    tx: Connection,
    decision: Decision,
    tickets: Mapping[int, Ticket],
    office: Office,
    *,
    cause: str,
    now: datetime,
) -> None:
    """Write a decision into the transaction: tickets, history, timers, outbox.

    `tickets` are those it was decided upon, as read in this transaction. `cause` ("m412", "t17") makes
    each message unique: the same cause, notice and recipient are queued once.
    """
    changed = {change.ticket.id: change.ticket for change in decision.changes}
    fresh = {new.document.sha256: new.data for c in decision.changes for new in c.documents}
    known = {**tickets, **changed}
    messages = [
        compose(
            notice,
            ticket=known.get(notice.ticket_id) if notice.ticket_id is not None else None,
            desk=office.desk,
            workflow=office.workflow,
            keys=office.keys,
            cause=cause,
            now=now,
            files=_files(tx, notice, known, fresh),
            site=office.templates_dir,
        )
        for notice in decision.notices
    ]
    apply(
        tx,
        decision,
        messages,
        desk=office.desk.name,
        references={ticket.id: references_of(ticket) for ticket in changed.values()},
        now=now,
        year=year_of(office, now),
    )


def year_of(office: Office, now: datetime) -> int:
    """Return the year of the desk's number series: that of its own time zone."""
    return now.astimezone(ZoneInfo(office.desk.time_zone)).year


def _files(
    tx: Connection, notice: Notice, tickets: Mapping[int, Ticket], fresh: Mapping[str, bytes]
) -> dict[int, bytes]:
    """Return the bytes of the documents a notice carries, by their number."""
    ticket = tickets.get(notice.ticket_id) if notice.ticket_id is not None else None
    if ticket is None or not notice.attach:
        return {}
    wanted = {d.number: d.sha256 for d in ticket.documents if d.number in notice.attach}
    stored = read_blobs(tx, [sha256 for sha256 in wanted.values() if sha256 not in fresh])
    return {number: {**stored, **fresh}[sha256] for number, sha256 in wanted.items()}
