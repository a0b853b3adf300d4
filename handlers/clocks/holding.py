"""Clocks that stand still: while nobody can hear us, while the contact is away, while the customer
has the ball (X-27, X-28). Afterwards they go on with what was left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby

from handlers.clocks.planning import date_in, is_limit, settled, unit_of
from handlers.process.timer_rule import TimerRule
from handlers.ticket import NEVER, QUESTION, Ticket, Timer
from handlers.turn import Turn

ABSENT = "contact_absent"
ABSENT_UNTIL = "absent_until"


def with_clocks(turn: Turn) -> Turn:
    """Return the turn with the clocks of its ticket stopped or going as its flags say now."""
    for name, firings in groupby(clocks_of(turn), key=lambda one: one.name):
        rule = turn.workflow.timers.get(name)
        before = tuple(firings)
        if rule is None or not rule.suspended_by:
            continue
        after = tuple(_as_flags_say(one, rule, turn) for one in before)
        if after != before:
            others = tuple(one for one in turn.started if one.name != name)
            stopped = (*turn.stopped, name)
            turn = replace(turn, started=(*others, *after), stopped=stopped)
    return turn


def clocks_of(turn: Turn) -> tuple[Timer, ...]:
    """Return the firings that are pending on the turn's ticket after it, by name and number."""
    stored = turn.facts.timers.get(turn.ticket.id, ())
    gone = {*turn.stopped, *(one.name for one in turn.started)}
    kept = (one for one in stored if one.name not in gone)
    return tuple(sorted((*kept, *turn.started), key=lambda one: (one.name, one.nth)))


def held_by(ticket: Ticket, rule: TimerRule) -> str:
    """Return the flag that keeps a timer from going, "" when it goes."""
    return next((flag for flag in rule.suspended_by if flag in ticket.flags), "")


def wakened(turn: Turn, timer: Timer) -> Turn:
    """Return the turn with the flag lowered that held a timer until now: the contact is back, or has
    not answered for too long."""
    turn = turn.without_flags(timer.held_by).with_step(f"{timer.held_by} is over")
    return turn.with_fields({ABSENT_UNTIL: ""}) if timer.held_by == ABSENT else turn


def _as_flags_say(timer: Timer, rule: TimerRule, turn: Turn) -> Timer:
    flag = held_by(turn.ticket, rule)
    if flag and not timer.held_by:
        return _stopped(timer, rule, turn, flag)
    if flag and (flag, _wakes(rule, turn, flag, timer)) != (timer.held_by, timer.due_at):
        return replace(timer, held_by=flag, due_at=_wakes(rule, turn, flag, timer))
    return _going(timer, rule, turn) if timer.held_by and not flag else timer


def _stopped(timer: Timer, rule: TimerRule, turn: Turn, flag: str) -> Timer:
    """Return the timer standing still, with what is left of it."""
    calendar, now = turn.desk.calendar, turn.event.at
    left = calendar.left(now, timer.due_at, unit_of(rule, timer.nth))
    left = timedelta(seconds=-(-left // timedelta(seconds=1)))  # whole seconds, as they are kept
    held = replace(timer, held_by=flag, left=left, held_at=now)
    return replace(held, due_at=_wakes(rule, turn, flag, held))


def _going(timer: Timer, rule: TimerRule, turn: Turn) -> Timer:
    """Return the timer going again with what was left. A day that a field sets stays that day unless it
    is over; a reminder to somebody who was away waits for the return and no longer (X-27)."""
    calendar, now = turn.desk.calendar, turn.event.at
    day = date_in(rule, turn.ticket)
    set_day = calendar.end_of_day(day) if day is not None else now
    waited = timer.held_by == ABSENT and not is_limit(rule)
    since = timer.held_at if waited and timer.held_at else now
    due = calendar.onward(since, timer.left or timedelta(), unit_of(rule, timer.nth))
    due = set_day if set_day > now else settled(rule, max(due, now), calendar)
    return replace(timer, due_at=due, held_by="", left=None, held_at=None)


def _wakes(rule: TimerRule, turn: Turn, flag: str, timer: Timer) -> datetime:
    """Return when a timer that stands still is looked at by itself."""
    calendar = turn.desk.calendar
    until = turn.ticket.fields.get(ABSENT_UNTIL, "")
    if flag == ABSENT and until:
        return calendar.morning(date.fromisoformat(until))
    if flag == QUESTION and rule.patience:
        return calendar.after(timer.held_at or turn.event.at, rule.patience)
    return NEVER
