"""Messages over a budget: what parking them does to their tickets, whom it is told, and how a person
ends it (X-30).

A customer who was told nothing loses nothing: while a message of a ticket is parked, the clocks that
wait for the customer stand still, as for an address that nobody reads (X-28).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.clocks.holding import with_clocks
from handlers.decision import Decision, Notice, Recipient, TicketChange, Value, Verdict
from handlers.desk import Desk
from handlers.facts import Facts
from handlers.people.budget import Budget
from handlers.process.workflow import Workflow
from handlers.steps.effects import work_item
from handlers.ticket import PARKED, Role, Ticket
from handlers.turn import Actor, Event, EventKind, Turn

NOTICE = "W_parked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A budget that is used up: of which address, ticket or desk (`name`), how many messages of it are
    parked now, how many it allows. `ticket_id` is the ticket that met it, None for none; `address` whom
    it was about to write to."""

    budget: str
    name: str
    count: int
    limit: int
    address: str
    ticket_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Where something is parked or released: the facts hold the tickets and their clocks."""

    desk: Desk
    workflow: Workflow
    facts: Facts
    cause: str
    now: datetime
    actor: str = "savd"

    def turn(self, change: TicketChange) -> Turn:
        """Return a ticket as a change leaves it, in an event of its own."""
        event = Event(
            kind=EventKind.AUTOMATIC,
            actor=Actor(address=self.actor),
            cause=self.cause,
            at=self.now,
            requested_at=self.now,
        )
        return Turn(
            workflow=self.workflow,
            desk=self.desk,
            facts=self.facts,
            event=event,
            ticket=change.ticket,
            started=change.started,
            stopped=change.stopped,
        )


def name_of(notice: Notice, desk: Desk) -> str:
    """Return what the budget that a notice is over counts for: the address, the ticket's id, the desk."""
    if notice.parked_for == Budget.ADDRESS:
        return notice.to.address.lower()
    return str(notice.ticket_id) if notice.parked_for == Budget.TICKET else desk.name


def parked(decision: Decision, holds: Iterable[Hold], scene: Scene) -> Decision:
    """Return the decision with what its parked notices bring: the history of their tickets says so, the
    customer's clocks stand still, and a team hears of each of the `holds`."""
    over = [notice for notice in decision.notices if notice.parked_for]
    changes = {change.ticket.id: change for change in decision.changes}
    for ticket_id in sorted(_concerned(over, changes, scene.facts)):
        change = changes.get(ticket_id) or TicketChange(ticket=scene.facts.tickets[ticket_id])
        mine = [one for one in over if one.ticket_id == ticket_id]
        changes[ticket_id] = _stopped(change, mine, scene)
    alarms = [notice for hold in holds for notice in _alarm(hold, changes, scene)]
    told = tuple(f"{_told(one)}: {one.parked_for} budget used up" for one in over)
    return replace(
        decision,
        changes=tuple(changes.values()),
        notices=(*decision.notices, *alarms),
        evidence=(*decision.evidence, *told),
    )


def _concerned(
    over: Sequence[Notice], changes: Mapping[int, TicketChange], facts: Facts
) -> set[int]:
    """Return the tickets that parked notices speak of: one may stand for those opened together."""
    named = {one.ticket_id for one in over if one.ticket_id is not None}
    known = {**facts.tickets, **{i: change.ticket for i, change in changes.items()}}
    groups = {known[i].group for i in named & known.keys()} - {""}
    beside = {i for i, change in changes.items() if change.ticket.group in groups}
    return (named & known.keys()) | beside


def _stopped(change: TicketChange, mine: Sequence[Notice], scene: Scene) -> TicketChange:
    turn = scene.turn(change).with_flags(PARKED)
    for notice in mine:
        turn = turn.with_step(f"{_told(notice)}: {notice.parked_for} budget used up")
    return _with_turn(change, turn)


def _with_turn(change: TicketChange, turn: Turn) -> TicketChange:
    turn = with_clocks(turn)
    steps = (*change.steps, *turn.steps)
    return replace(
        change, ticket=turn.ticket, steps=steps, started=turn.started, stopped=turn.stopped
    )


def _told(notice: Notice) -> str:
    return f"{notice.template} to {notice.to.address} parked"


def _alarm(hold: Hold, changes: Mapping[int, TicketChange], scene: Scene) -> tuple[Notice, ...]:
    """Return what tells a team that a budget is used up, and what it can do."""
    if NOTICE not in scene.workflow.notices:
        return ()
    values: dict[str, Value] = {
        "budget": hold.budget,
        "address": hold.address,
        "count": hold.count,
        "limit": hold.limit,
        "which": f"--desk {hold.name}"
        if hold.budget == Budget.DESK
        else f"--address {hold.address}",
    }
    change = changes.get(hold.ticket_id) if hold.ticket_id is not None else None
    made = _to_team(scene) if change is None else work_item(scene.turn(change), NOTICE).notices
    return tuple(replace(one, values={**one.values, **values}) for one in made)


def _to_team(scene: Scene) -> tuple[Notice, ...]:
    """Return the alarm about messages of no ticket."""
    team = scene.desk.team(scene.workflow.team_of(NOTICE))
    if team is None:
        return ()
    return tuple(
        Notice(
            template=NOTICE,
            to=Recipient(address=address, role=Role.AGENT, language=team.language),
            values={"said": "", "found": [], "commands": []},
            team=team.name,
        )
        for address in team.addresses
    )


def ended(
    tickets: Iterable[Ticket],
    told: Mapping[int, Sequence[str]],
    fate: str,
    scene: Scene,
    *,
    last: bool,
) -> Decision:
    """Return the decision that tells the histories of a ticket and its group of parked messages that an
    operator released or discarded (`fate`): by ticket, each as "N_status to a@b.example". After the
    `last` one their clocks go on."""
    changes = [_ended(one, told.get(one.id, ()), fate, scene, last=last) for one in tickets]
    kept = tuple(change for change in changes if change is not None)
    return Decision(verdict=Verdict.APPLIED, reason=f"messages_{fate}", changes=kept)


def _ended(
    ticket: Ticket, told: Sequence[str], fate: str, scene: Scene, *, last: bool
) -> TicketChange | None:
    goes_on = last and PARKED in ticket.flags
    if not told and not goes_on:
        return None
    turn = scene.turn(TicketChange(ticket=ticket)).with_ticket()
    for one in told:
        turn = turn.with_step(f"{one} {fate}")
    turn = turn.without_flags(PARKED) if goes_on else turn
    return _with_turn(TicketChange(ticket=ticket), turn)
