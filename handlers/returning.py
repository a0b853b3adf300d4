"""Who writes is there again: on every request of theirs, not only the one they write about (X-27, X-28)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from handlers.clocks.holding import ABSENT, ABSENT_UNTIL, with_clocks
from handlers.decision import Decision, TicketChange, Verdict
from handlers.ticket import Ticket, Visibility
from handlers.turn import Event, EventKind
from handlers.visit import Visit
from parsers.mail import Machine

UNREACHABLE: Final = "address_invalid"


def with_return(decision: Decision, visit: Visit) -> Decision:
    """Return the decision with the clocks of the sender's other requests going again, where they stood
    still because the sender was away or could not be reached."""
    heard = decision.verdict is Verdict.APPLIED and visit.mail.machine is Machine.NONE
    if not heard or visit.envelope.mute or decision.visibility is Visibility.INTERNAL:
        return decision
    changed = {change.ticket.id for change in decision.changes}
    back = tuple(
        _back(visit, ticket)
        for ticket in tickets_of(visit, visit.actor.address)
        if ticket.id not in changed and ticket.flags & {ABSENT, UNREACHABLE}
    )
    return replace(decision, changes=(*decision.changes, *back)) if back else decision


def tickets_of(visit: Visit, address: str) -> tuple[Ticket, ...]:
    """Return the open tickets whose contact has this address, the oldest first."""
    known = (one for one in visit.facts.tickets.values() if one.closed_at is None)
    mine = (one for one in known if address and one.contact.lower() == address.lower())
    return tuple(sorted(mine, key=lambda one: one.id))


def _back(visit: Visit, ticket: Ticket) -> TicketChange:
    event = Event(
        kind=EventKind.SIGNAL,
        actor=visit.actor,
        cause=visit.cause,
        at=visit.now,
        requested_at=visit.requested_at,
    )
    turn = visit.turn(event, ticket).without_flags(ABSENT, UNREACHABLE)
    turn = turn.with_fields({ABSENT_UNTIL: ""}).with_step("the contact writes again")
    return with_clocks(turn).change()
