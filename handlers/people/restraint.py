"""What is not sent although a rule decided it: to nobody's address, or not yet. What is sent
once too often is parked (`handlers.people.budget`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.decision import Decision, Notice
from handlers.desk import Desk
from handlers.people.respond import may_write_to


def writable(decision: Decision) -> Decision:
    """Return the decision without notices to addresses that nobody reads or no relay takes."""
    kept = tuple(n for n in decision.notices if may_write_to(n.to.address))
    if len(kept) == len(decision.notices):
        return decision
    told = tuple(
        f"{n.to.address!r} is not written to: {n.template} not sent"
        for n in decision.notices
        if n not in kept
    )
    return replace(decision, notices=kept, evidence=(*decision.evidence, *told))


def not_before(notice: Notice, desk: Desk, writer: str, now: datetime) -> datetime:
    """Return when a notice may leave: an automatic one when it is not quiet at the desk, the answer to
    whoever just wrote (`writer`, "" nobody) at once, whatever the hour."""
    answers = bool(writer) and notice.to.address.lower() == writer.lower()
    return now if answers or not notice.automatic else desk.calendar.next_loud(now)


def muted(decision: Decision) -> Decision:
    """Return the decision for a mail older than the fence: filed, nothing sent, no clock started."""
    quiet = tuple(replace(change, started=()) for change in decision.changes)
    return replace(
        decision,
        notices=(),
        changes=quiet,
        evidence=(*decision.evidence, "muted: older than the fence"),
    )
