"""How a ticket stood at an instant: its state, since when, whose turn it was, until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlers.clocks.planning import settled
from handlers.desk import Desk
from handlers.digest.record import Move, Record
from handlers.process.call import Call
from handlers.process.timer_rule import TimerRule
from handlers.process.workflow import Workflow

WORK_ITEM = "work_item"


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A ticket at an instant. `turn` is "desk", "customer" or "nobody"; `due` is when the team is first
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
    """What a workflow says of turns, looked up once: the team that each transition asks for work, and
    the clocks of each state that end in a work item."""

    workflow: Workflow
    desk: Desk
    asked: Mapping[str, str]
    clocks: Mapping[str, tuple[TimerRule, ...]]


def standings(
    records: Iterable[Record], workflow: Workflow, desk: Desk, *, since: datetime, at: datetime
) -> tuple[Standing, ...]:
    """Return how tickets stood `at` an instant, and what became of them after `since`. A ticket that was
    not there yet, or in a state that the process no longer has, is left out."""
    rows = ((row.id, _asked(row.effects, workflow)) for row in workflow.transitions)
    clocks = {
        state: tuple(
            rule
            for rule in workflow.timers.values()
            if state in rule.states and rule.after and any(map(_is_work, rule.effects))
        )
        for state in workflow.states
    }
    asked = {name: team for name, team in rows if team}
    process = _Process(workflow=workflow, desk=desk, asked=asked, clocks=clocks)
    found = (_standing(record, process, since, at) for record in records)
    return tuple(one for one in found if one is not None)


def _standing(record: Record, process: _Process, since: datetime, at: datetime) -> Standing | None:
    past = [move for move in record.moves if move.at <= at]
    state, entered = _state(record, past)
    rule = process.workflow.states.get(state)
    if rule is None or record.opened_at > at:
        return None
    ours = rule.open and rule.waits_for == "desk"
    return Standing(
        record=record,
        state=state,
        since=entered,
        team=_team(record, past, process),
        turn=rule.waits_for,
        open=rule.open,
        due=_due(state, entered, past, process) if ours else None,
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


def _team(record: Record, past: list[Move], process: _Process) -> str:
    """Return the team whose ticket it is: the one it is assigned to, or named by its field, else the
    one that was last asked to do something."""
    workflow = process.workflow
    named = record.fields.get(workflow.handled_by, "") if workflow.handled_by else ""
    for own in (record.assignee, named):
        if own in workflow.teams:
            return own
    asked = (
        process.asked[one.transition] for one in reversed(past) if one.transition in process.asked
    )
    return next(asked, workflow.front or next(iter(workflow.teams), ""))


def _asked(calls: tuple[Call, ...], workflow: Workflow) -> str:
    """Return the team that effects send a work item to whatever the ticket is like, "" for none."""
    items = (call.arguments for call in calls if _is_work(call))
    teams = (
        str(one.get("team", "")) or workflow.team_of(str(one.get("notice", ""))) for one in items
    )
    return next(teams, "")


def _is_work(call: Call) -> bool:
    return call.name == WORK_ITEM and not call.when


def _due(state: str, entered: datetime, past: list[Move], process: _Process) -> datetime | None:
    """Return when the first clock of the state tells the team that the ticket waits."""
    desk = process.desk
    ends = (
        settled(
            rule,
            desk.calendar.after(_started(rule, entered, past), rule.after[0]),
            desk.calendar,
        )
        for rule in process.clocks[state]
    )
    return min(ends, default=None)


def _started(rule: TimerRule, entered: datetime, past: list[Move]) -> datetime:
    """Return when a clock began: when a state with it was entered from one without, or when a row that
    starts it again fired."""
    began = entered
    for move in reversed(past):
        if move.transition in rule.restart_on:
            return move.at
        if move.source != move.target:
            began = move.at
            if move.source not in rule.states:
                break
    return began
