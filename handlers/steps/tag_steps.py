"""Guards and effects about the kind of message a mail is, and about whom else it is told (R-1, R-6)."""

from __future__ import annotations

from dataclasses import replace

from handlers.decision import Recipient
from handlers.steps.effects import effect, notify
from handlers.steps.guards import guard
from handlers.ticket import Role, Visibility
from handlers.turn import Turn
from handlers.visit import Visit

READERS = (Role.CONTACT, Role.REQUESTER, Role.PARTICIPANT, Role.OBSERVER)


def retyped(visit: Visit, turn: Turn) -> Turn:
    """Return the turn in which the sender's message before is said again, as the kind that this mail
    gives it: "type plainte" (R-1)."""
    if not visit.tag.retypes:
        return turn
    mine = (
        one
        for one in reversed(visit.facts.articles.get(turn.ticket.id, ()))
        if one.visibility is Visibility.PUBLIC
        and one.author.lower() == turn.event.actor.address
        and one.direction == "in"
    )
    before = next(mine, None)
    if before is None:
        return turn
    return replace(turn, event=replace(turn.event, said=before.text))


@guard
def tag_is(turn: Turn, value: list[str]) -> bool:
    """Tell whether the mail is one of these kinds of message."""
    return turn.event.tag in value


@guard
def tag_written(turn: Turn) -> bool:
    """Tell whether the sender named the kind of message: then its words change nothing about it."""
    return turn.event.tagged


@effect
def keep_tag(turn: Turn, value: str) -> Turn:
    """Keep the kind of message in a field."""
    return turn.with_fields({value: turn.event.tag})


@effect
def notify_others(turn: Turn, notice: str) -> Turn:
    """Write a notice to everybody who may see the ticket, but the sender (R-6)."""
    sender = turn.event.actor.address
    for person in turn.ticket.participants:
        if person.role in READERS and person.address.lower() != sender:
            told = notify(turn, notice, "contact")
            to = Recipient(
                address=person.address,
                role=person.role,
                language=turn.ticket.language,
                name=person.name,
            )
            fresh = tuple(replace(one, to=to) for one in told.notices[len(turn.notices) :])
            turn = replace(turn, notices=(*turn.notices, *fresh))
    return turn
