"""The virus scanner answers at last about documents that were kept unscanned.

What is clean may be used and passed on from then on, and the agents get it; what is infected never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from handlers.decision import Decision, Verdict
from handlers.desk import Desk
from handlers.process.workflow import Workflow
from handlers.steps.effects import replace_document, shut_out, work_item
from handlers.ticket import Document, Ticket
from handlers.turn import Actor, Event, EventKind, Turn

TOLD = "W_scanned"


def decide_scan(
    ticket: Ticket,
    found: Mapping[str, str],
    *,
    desk: Desk,
    workflow: Workflow,
    cause: str,
    now: datetime,
) -> Decision:
    """Return what follows for the documents of a ticket that wait for the scanner. `found` maps the
    digests it was asked about to what it found, "" for nothing."""
    waiting = [d for d in ticket.documents if "unscanned" in d.flags and d.sha256 in found]
    if not waiting:
        return Decision(verdict=Verdict.IGNORED, reason="scanned_already", about=ticket.id)
    event = Event(
        kind=EventKind.AUTOMATIC,
        name="scan",
        actor=Actor(address="savd"),
        cause=cause,
        at=now,
        requested_at=now,
        documents=tuple(waiting),
    )
    turn = Turn(workflow=workflow, desk=desk, event=event, ticket=ticket)
    for document in waiting:
        turn = _answered(turn, document, found[document.sha256])
    if TOLD in workflow.notices:
        turn = work_item(turn, TOLD)
    return Decision(
        verdict=Verdict.APPLIED,
        reason="scanned",
        about=ticket.id,
        changes=(turn.change(),),
        notices=turn.notices,
    )


def _answered(turn: Turn, document: Document, found: str) -> Turn:
    """Return the turn with a document that is clean, or refused for what was `found` in it."""
    seen = replace(document, flags=document.flags - {"unscanned"})
    if found:
        return shut_out(turn, seen, "infected", f"document {seen.number} refused: {found}")
    return replace_document(turn, seen).with_step(f"document {seen.number} scanned: clean")
