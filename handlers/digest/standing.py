"""How a ticket stood at an instant: its state, since when, whose turn it was, until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.desk import Desk
from handlers.digest.due import clocks_of, due_of, is_work
from handlers.digest.questions import asking, waits
from handlers.digest.record import Move, Record
from handlers.process.call import Call
from handlers.process.timer_rule import TimerRule
from handlers.process.workflow import Workflow


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A ticket at an instant. `turn` is "desk", "customer" (also while a question to them is open) or
    "nobody"; `due` is when the team is first
    told that it waits too long, None where the process sets no such clock. `opened` and
    `closed` tell whether that happened in the period looked at."""

    record: Record
    state: str
    since: datetime
    team: str
    turn: str
    open: bool
    due: datetime | None = None
    opened: bool = False
    closed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Process:
    """What a workflow says of turns, looked up once: the team that each transition asks for work, the one
    that is asked on the way into each state, the clocks of each that end in a work item, and what a history
    says of a question to the customer."""

    workflow: Workflow
    desk: Desk
    asked: Mapping[str, str]
    entered: Mapping[str, str]
    clocks: Mapping[str, tuple[TimerRule, ...]]
    asks: Collection[str]


def standings(
    records: Iterable[Record], workflow: Workflow, desk: Desk, *, since: datetime, at: datetime
) -> tuple[Standing, ...]:
    """Return how tickets stood `at` an instant, and what became of them after `since`. A ticket that was
    not there yet, or in a state that the process no longer has, is left out."""
    asked = {row.id: _asked(row.effects, workflow) for row in workflow.transitions}
    rows = [row for row in reversed(workflow.transitions) if asked[row.id]]
    process = _Process(
        workflow=workflow,
        desk=desk,
        asked={row.id: asked[row.id] for row in rows},
        entered={row.target: asked[row.id] for row in rows},
        clocks=clocks_of(workflow),
        asks=asking(workflow),
    )
    found = (_standing(record, process, since, at) for record in records)
    return tuple(one for one in found if one is not None)


def _standing(record: Record, process: _Process, since: datetime, at: datetime) -> Standing | None:
    past = [move for move in record.moves if move.at <= at]
    state, entered = _state(record, past)
    rule = process.workflow.states.get(state)
    if rule is None or record.opened_at > at:
        return None
    waited = tuple(waits(past, process.asks, process.desk))
    asked = bool(waited) and waited[-1][1] is None
    ours = rule.open and rule.waits_for == "desk" and not asked
    clocks = process.clocks[state] if ours else ()
    return Standing(
        record=record,
        state=state,
        since=entered,
        team=_team(record, state, past, process),
        turn="customer" if asked else rule.waits_for,
        open=rule.open,
        due=due_of(clocks, entered, past, waited, process.desk.calendar),
        opened=record.opened_at > since,
        closed=not rule.open and entered > since,
    )


def _state(record: Record, past: list[Move]) -> tuple[str, datetime]:
    """Return the state after these moves, and when it was entered."""
    if not past:
        later = record.moves[0].source if record.moves else ""
        return later or record.state, record.opened_at
    entries = (move.at for move in reversed(past) if move.source != move.target)
    return past[-1].target, next(entries, record.opened_at)


def _team(record: Record, state: str, past: list[Move], process: _Process) -> str:
    """Return the team whose ticket it is: the one it is assigned to, or named by its field, else the
    one that was last asked to do something; without a history the one that such a state asks."""
    workflow = process.workflow
    named = record.fields.get(workflow.handled_by, "") if workflow.handled_by else ""
    for own in (record.assignee, named):
        if own in workflow.teams:
            return own
    asked = (
        process.asked[one.transition] for one in reversed(past) if one.transition in process.asked
    )
    usual = process.entered.get(state) or workflow.front or next(iter(workflow.teams), "")
    return next(asked, usual)


def _asked(calls: tuple[Call, ...], workflow: Workflow) -> str:
    """Return the team that effects send a work item to whatever the ticket is like, "" for none."""
    items = (call.arguments for call in calls if is_work(call))
    teams = (
        str(one.get("team", "")) or workflow.team_of(str(one.get("notice", ""))) for one in items
    )
    return next(teams, "")
