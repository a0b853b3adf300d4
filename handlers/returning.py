"""Who writes is there again: on every request of theirs, not only the one they write about (X-27, X-28)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handlers.clocks.holding import ABSENT, ABSENT_UNTIL, with_clocks
from handlers.decision import Decision, TicketChange, Verdict
from handlers.parking import Scene
from handlers.steps.resending import is_contact, without_lost
from handlers.ticket import UNREACHED, Ticket, Visibility
from handlers.turn import Event, EventKind
from handlers.visit import Visit
from parsers.mail import Machine


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
        if ticket.id not in changed and ticket.flags & {ABSENT, UNREACHED}
    )
    return replace(decision, changes=(*decision.changes, *back)) if back else decision


def tickets_of(visit: Visit, address: str) -> tuple[Ticket, ...]:
    """Return the open tickets whose contact has this address, the oldest first."""
    known = (one for one in visit.facts.tickets.values() if one.closed_at is None)
    mine = (one for one in known if address and one.contact.lower() == address.lower())
    return tuple(sorted(mine, key=lambda one: one.id))


def believed_again(ticket: Ticket, sent: Mapping[int, str], scene: Scene) -> Decision:
    """Return the decision for messages of a ticket that an operator sends again, by outbox id their
    recipients: an address that one of them goes to counts as good until it is refused again (X-28)."""
    turn = without_lost(scene.turn(TicketChange(ticket=ticket)), sent)
    turn = turn.with_step(f"{len(sent)} messages sent again")
    if UNREACHED in ticket.flags and any(is_contact(ticket, to) for to in sent.values()):
        turn = turn.without_flags(UNREACHED).with_step("the address is believed again")
    change = with_clocks(turn).change()
    return Decision(verdict=Verdict.APPLIED, reason="messages_again", changes=(change,))


def _back(visit: Visit, ticket: Ticket) -> TicketChange:
    event = Event(
        kind=EventKind.SIGNAL,
        actor=visit.actor,
        cause=visit.cause,
        at=visit.now,
        requested_at=visit.requested_at,
    )
    turn = visit.turn(event, ticket).without_flags(ABSENT, UNREACHED)
    turn = turn.with_fields({ABSENT_UNTIL: ""}).with_step("the contact writes again")
    return with_clocks(turn).change()
