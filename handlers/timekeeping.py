"""Decide a timer that is due: remind, move the ticket, or wait because the contact cannot hear us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.advance import advance, perform, start_timer
from handlers.clocks.holding import held_by, wakened
from handlers.clocks.planning import is_limit
from handlers.decision import Decision, Verdict
from handlers.desk import Desk
from handlers.facts import Facts
from handlers.outcome import outcome_of
from handlers.process.timer_rule import TimerRule
from handlers.process.workflow import Workflow
from handlers.ticket import Timer
from handlers.turn import Actor, Event, EventKind, Turn, begun

LATE = timedelta(minutes=10)
MOST_PATIENCE = timedelta(hours=2)
"""How long a server elsewhere keeps a mail at most before it tries us again, as a rule."""


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
    event = _event(timer, timer_id, now)
    turn = begun(event, ticket, facts, desk=desk, workflow=workflow)
    if timer.held_by:
        return outcome_of((wakened(turn, timer),), reason="timer_goes_on", about=ticket.id)
    if held_by(ticket, rule):  # raised by something that knew no clocks
        return outcome_of((turn,), reason="timer_suspended", about=ticket.id)
    awaited = _first_the_mails(timer, rule, turn)
    if awaited is not None:
        return Decision(
            verdict=Verdict.IGNORED, reason="mails_first", about=ticket.id, postponed=awaited
        )
    if _is_pointless(rule, turn):
        return Decision(verdict=Verdict.IGNORED, reason="ends_now", about=ticket.id)
    turn = _fired(replace(turn, facts=_without(facts, timer)), timer, rule)
    return outcome_of((turn,), reason=timer.name, about=ticket.id)


def _fired(turn: Turn, timer: Timer, rule: TimerRule) -> Turn:
    for call in rule.effects:
        turn = perform(turn, call)
    turn = advance(turn)
    if not turn.fired:
        turn = turn.with_step(f"{timer.name} ({timer.nth})")
    started = any(one.name == timer.name for one in turn.started)
    if rule.daily and turn.ticket.state in rule.states and not started:
        turn = start_timer(turn, timer.name, rule)
    return turn


def _is_pointless(rule: TimerRule, turn: Turn) -> bool:
    """Tell whether a reminder came so late that what it speaks of ends at the same time."""
    due = (
        turn.workflow.timers.get(one.name)
        for one in turn.facts.timers.get(turn.ticket.id, ())
        if one.due_at <= turn.event.at and not one.held_by
    )
    ends = (one for one in due if one is not None and is_limit(one))
    return not is_limit(rule) and any(set(rule.states) & set(one.states) for one in ends)


def _first_the_mails(timer: Timer, rule: TimerRule, turn: Turn) -> datetime | None:
    """Return until when a customer's clock waits that is late because we were down: what they wrote
    meanwhile may stand in a queue elsewhere, and nobody is late because of us (X-31)."""
    late = turn.event.at - timer.due_at
    state = turn.workflow.states[turn.ticket.state]
    if late <= LATE or rule.daily or state.waits_for != "customer":
        return None
    soon = turn.event.at + min(late, MOST_PATIENCE)
    return soon if is_limit(rule) else turn.desk.calendar.next_loud(soon)


def _without(facts: Facts, timer: Timer) -> Facts:
    """Return the facts without the firing that is under way."""
    firings: Mapping[int, tuple[Timer, ...]] = {
        **facts.timers,
        timer.ticket_id: tuple(
            one
            for one in facts.timers.get(timer.ticket_id, ())
            if (one.name, one.nth) != (timer.name, timer.nth)
        ),
    }
    return replace(facts, timers=firings)


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
