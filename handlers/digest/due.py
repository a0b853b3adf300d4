"""When a team is first told that a ticket waits, by the clocks of its process and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.calendar import Calendar
from handlers.clocks.planning import settled, unit_of
from handlers.digest.questions import Wait
from handlers.digest.record import Move
from handlers.process.call import Call
from handlers.process.timer_rule import TimerRule
from handlers.process.workflow import Workflow

WORK_ITEM = "work_item"


def clocks_of(workflow: Workflow) -> Mapping[str, tuple[TimerRule, ...]]:
    """Return the clocks of each state that end in a work item whatever the ticket is like."""
    clocks = [
        rule for rule in workflow.timers.values() if rule.after and any(map(is_work, rule.effects))
    ]
    return {
        state: tuple(rule for rule in clocks if state in rule.states) for state in workflow.states
    }


def is_work(call: Call) -> bool:
    """Tell whether an effect asks a team for something, under no condition."""
    return call.name == WORK_ITEM and not call.when


def due_of(
    clocks: Sequence[TimerRule],
    entered: datetime,
    past: Sequence[Move],
    waited: Sequence[Wait],
    calendar: Calendar,
) -> datetime | None:
    """Return when the first of these clocks fires, None without any. While an answer was `waited` for they
    stood still."""
    ends = (_end(rule, _started(rule, entered, past), waited, calendar) for rule in clocks)
    return min(ends, default=None)


def _end(
    rule: TimerRule, started: datetime, waited: Sequence[Wait], calendar: Calendar
) -> datetime:
    unit = unit_of(rule, 1)
    due = settled(rule, calendar.after(started, rule.after[0]), calendar)
    for asked, answered in waited:
        if answered is not None and started <= asked < due:
            onward = calendar.onward(answered, calendar.left(asked, due, unit), unit)
            due = settled(rule, onward, calendar)
    return due


def _started(rule: TimerRule, entered: datetime, past: Sequence[Move]) -> datetime:
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
