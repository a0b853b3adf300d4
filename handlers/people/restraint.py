"""What is not sent although a rule decided it: to nobody's address, once too often (X-30), not yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.decision import Decision, Notice
from handlers.desk import Desk
from handlers.facts import Facts
from handlers.people.respond import may_write_to
from handlers.ticket import Role


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


def within_budget(decision: Decision, facts: Facts, desk: Desk) -> Decision:
    """Return the decision without the automatic notices that exceed an address's daily budget: it
    breaks loops (X-30). What an agent does is no loop and always reaches the customer."""
    over = [n for n in decision.notices if _exceeds(n, facts, desk)]
    if not over:
        return decision
    kept = tuple(n for n in decision.notices if n not in over)
    told = tuple(f"budget of {n.to.address} is used up: {n.template} not sent" for n in over)
    silenced = tuple(dict.fromkeys(n.to.address for n in over))
    evidence = (*decision.evidence, *told)
    return replace(decision, notices=kept, evidence=evidence, silenced=silenced)


def _exceeds(notice: Notice, facts: Facts, desk: Desk) -> bool:
    sent = facts.automatic_today.get(notice.to.address.lower(), 0)
    return notice.automatic and notice.to.role is not Role.AGENT and sent >= desk.budget_per_address


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
