"""Decide a timer that is due: remind, move the ticket, or wait because the contact cannot hear us."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from handlers.advance import advance, perform, start_timer
from handlers.calendar import end_of_day
from handlers.decision import Decision, Verdict
from handlers.desk import Desk
from handlers.facts import Facts
from handlers.outcome import outcome_of
from handlers.process.workflow import TimerRule, Workflow
from handlers.ticket import Ticket, Timer
from handlers.turn import Actor, Event, EventKind, Turn


def decide_timer(
    timer: Timer,
    facts: Facts,
    *,
    desk: Desk,
    workflow: Workflow,
    timer_id: int,
    now: datetime,
) -> Decision:
    """Return the decision for one due timer, its ticket among the facts. A timer fires late at most
    once, never twice (X-33)."""
    ticket = facts.tickets[timer.ticket_id]
    rule = workflow.timers.get(timer.name)
    always = rule is not None and not rule.states
    if rule is None or ticket.closed_at is not None or not (always or ticket.state in rule.states):
        return Decision(verdict=Verdict.IGNORED, reason="timer_no_longer_applies", about=ticket.id)
    turn = _turn(
        _event(timer, timer_id, now), facts.tickets[timer.ticket_id], facts, desk, workflow
    )
    wait_until = _suspended_until(turn, rule)
    if wait_until is not None:
        return Decision(
            verdict=Verdict.IGNORED,
            reason="timer_suspended",
            about=ticket.id,
            postponed=wait_until,
        )
    for call in rule.effects:
        turn = perform(turn, call)
    turn = advance(turn)
    if not turn.fired:
        turn = turn.with_step(f"{timer.name} ({timer.nth})")
    started = any(one.name == timer.name for one in turn.started)
    if rule.daily and turn.ticket.state in rule.states and not started:
        turn = start_timer(turn, timer.name, rule)
    return outcome_of((turn,), reason=timer.name, about=ticket.id)


def _event(timer: Timer, timer_id: int, now: datetime) -> Event:
    return Event(
        kind=EventKind.TIMER,
        name=timer.name,
        nth=timer.nth,
        actor=Actor(address="savd"),
        cause=f"t{timer_id}",
        at=now,
        requested_at=now,
    )


def _turn(event: Event, ticket: Ticket, facts: Facts, desk: Desk, workflow: Workflow) -> Turn:
    return Turn(
        workflow=workflow,
        desk=desk,
        facts=facts,
        event=event,
        ticket=ticket,
        numbers=facts.numbers,
    )


def _suspended_until(turn: Turn, rule: TimerRule) -> datetime | None:
    """Return when to look again, None when nothing holds the timer back (X-27, X-28)."""
    held = turn.ticket.flags & set(rule.suspended_by)
    if not held:
        return None
    back = turn.ticket.fields.get("absent_until", "")
    if held == {"contact_absent"} and back:
        returns = end_of_day(date.fromisoformat(back), turn.desk.time_zone)
        return returns if returns > turn.event.at else None
    return turn.event.at + timedelta(days=1)
