"""An operator sends again what bounced, once the relay is mended: addresses are believed again (X-28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from daemon.applying import apply_decision
from daemon.knowing import facts_about
from daemon.office import Office
from daemon.operator import OPERATOR, operators_scene
from daemon.staff import office_of
from handlers.returning import believed_again
from storage import outbox
from storage.outbox import Failed


def retry_failed(
    tx: Connection, offices: Mapping[str, Office], rows: Sequence[Failed], now: datetime
) -> int:
    """Queue messages again; their tickets say so, take the address of the contact for good again, and
    their clocks go on. Return how many messages."""
    count = outbox.retry(tx, [one.id for one in rows], now)
    by_ticket: dict[tuple[str, int], dict[int, str]] = {}
    for one in rows:
        if one.ticket_id is not None:
            by_ticket.setdefault((one.desk, one.ticket_id), {})[one.id] = one.recipient
    for (desk, ticket_id), sent in by_ticket.items():
        office = office_of(tx, offices, desk)
        if office is not None:
            _tell(tx, office, ticket_id, sent, now)
    return count


def _tell(
    tx: Connection, office: Office, ticket_id: int, sent: Mapping[int, str], now: datetime
) -> None:
    facts = facts_about(tx, office.desk.name, ticket_id, now)
    ticket = facts.tickets.get(ticket_id)
    if ticket is None:
        return
    scene = operators_scene(office, facts, now)
    decision = believed_again(ticket, sent, scene)
    apply_decision(tx, decision, facts.tickets, office, cause=OPERATOR, now=now)
