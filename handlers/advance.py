"""Move a ticket: find the transition an event fires, apply it, then what follows by itself.

`advance` is the whole engine. One event fires at most one transition, plus its automatic
successors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile

from handlers.clocks.planning import planned
from handlers.process.call import Call
from handlers.process.timer_rule import TimerRule
from handlers.process.workflow import NEW, Hearing, Transition, said
from handlers.steps import effects, guards
from handlers.ticket import QUESTION, Role, Visibility
from handlers.turn import Event, EventKind, Turn

AUTOMATIC_STEPS = 8


def advance(turn: Turn) -> Turn:
    """Return the turn after its event, or the same turn when nothing fires."""
    turn, row = look_up(turn)
    return settle(fire(turn, row) if row is not None else turn)


def obey(turn: Turn) -> Turn:
    """Return the turn after an agent's command; `errors` say why it could not be carried out.

    A row that hears the command with `again` only leads to the state in which it is looked up
    once more (F-T3: the first command of an agent takes the ticket).
    """
    rule = turn.workflow.commands[turn.event.name]
    if turn.event.actor.level < rule.minimum:
        return turn.with_error("supervisor_only", name=turn.event.written)
    done = False
    for _ in range(AUTOMATIC_STEPS):
        turn, row = look_up(turn)
        if row is None:
            break
        turn = fire(turn, row)
        done = not _hears_again(row, turn.event)
        turn = settle(turn)
        if done:
            break
    if not done and not (rule.anywhere and rule.effects):
        return turn if _was_done(turn) else _refused(turn)
    before = turn
    for call in rule.effects:
        turn = perform(turn, call)
    if done:
        return turn
    said_nothing = turn.done == before.done and not turn.errors
    turn = turn.with_done("carried_out", name=turn.event.written) if said_nothing else turn
    return turn.with_step(f"#{turn.event.name}")


def _hears_again(row: Transition, event: Event) -> bool:
    """Tell whether a transition only prepares the command."""
    hearing = [on for on in row.hears if listens(on, event)]
    return all(on.again for on in hearing)


def _was_done(turn: Turn) -> bool:
    """Tell whether an earlier command of the same mail did by itself what this one asks for: the
    first one takes the ticket, whichever it is (F-T3)."""
    rows = (row for row in turn.workflow.transitions if row.id in turn.fired)
    return any(
        {(turn.event.name, False), ("*", True)} <= {(on.command, on.again) for on in row.hears}
        for row in rows
    )


def _refused(turn: Turn) -> Turn:
    """Return the turn with the reason why no transition hears the command now."""
    event, state = turn.event, turn.workflow.states[turn.ticket.state]
    told = _told(turn)
    if told and all(event.actor.level < row.minimum for row in told):
        return turn.with_error("supervisor_only", name=event.written)
    heard = [row for row in told if row.needs]
    if heard:
        row = max(heard, key=lambda one: _nearness(turn, one))
        return turn.with_error("not_yet", name=event.written, needs=said(row.needs, event.language))
    label = said(state.label, event.language)
    return turn.with_error("not_now", name=event.written, state=label)


def _told(turn: Turn) -> tuple[Transition, ...]:
    """Return the transitions that hear this command by its name, whether or not they may fire."""
    return tuple(
        row
        for row in turn.workflow.leaving(turn.ticket.state)
        if any(listens(on, turn.event) and on.command != "*" for on in row.hears)
    )


def _nearness(turn: Turn, row: Transition) -> int:
    """Return how many guards of a transition hold before the first that does not: what the row that
    came nearest to firing needs is what the agent wants to hear."""
    return sum(1 for _ in takewhile(lambda call: guards.holds(turn, call), row.guards))


def settle(turn: Turn) -> Turn:
    """Return the turn after all transitions that follow without being asked."""
    for _ in range(AUTOMATIC_STEPS):
        automatic = heard_by(turn, replace(turn.event, kind=EventKind.AUTOMATIC))
        row = next((row for row, why_not in automatic if not why_not), None)
        if row is None:
            break
        turn = fire(turn, row)
    return turn


def look_up(turn: Turn) -> tuple[Turn, Transition | None]:
    """Return the first transition that the event fires now, or None; the turn remembers why those
    before it, that hear the event as well, do not fire."""
    passed: list[str] = []
    for row, why_not in heard_by(turn, turn.event):
        if not why_not:
            return turn.with_passed(passed), row
        passed.append(f"not {row.id}: {why_not}")
    return turn.with_passed(passed), None


def heard_by(turn: Turn, event: Event) -> Iterator[tuple[Transition, str]]:
    """Yield the transitions that hear an event, in the order of the file, each with the reason why
    it cannot fire, "" when it can."""
    state = NEW if turn.opened and not turn.fired else turn.ticket.state
    for row in turn.workflow.leaving(state):
        if any(listens(on, event) for on in row.hears):
            yield row, why_not(turn, row, event)


def why_not(turn: Turn, row: Transition, event: Event) -> str:
    """Return what keeps a transition from firing: the actor's level or a guard; "" for nothing."""
    by_person = event.kind in (EventKind.MAIL, EventKind.OPENING, EventKind.COMMAND)
    if by_person and event.actor.level < row.minimum:
        return f"level {event.actor.level.name.lower()}, {row.level} needed"
    failed = next((call for call in row.guards if not guards.holds(turn, call)), None)
    return "" if failed is None else _refusal(failed)


def _refusal(call: Call) -> str:
    """Return what is true of the turn when a guard does not hold: "not complete"."""
    if call.alternatives and not call.negated:
        return " and ".join(_refusal(one) for one in call.alternatives)
    given = ", ".join(map(str, call.arguments.values()))
    named = f"{call.name}({given})" if given else call.name
    return named if call.negated else f"not {named}"


def hold(turn: Turn, calls: Iterable[Call]) -> bool:
    """Tell whether all guards hold."""
    return all(guards.holds(turn, call) for call in calls)


def listens(on: Hearing, event: Event) -> bool:
    """Tell whether a transition listens to this event."""
    if event.kind is EventKind.COMMAND:
        asked = on.given.items()
        named = on.command in (event.name, "*")
        return named and all(event.arguments.get(k) == v for k, v in asked)
    if event.kind is EventKind.TIMER:
        return on.timer == event.name
    if event.kind is EventKind.SIGNAL:
        return on.signal == event.name
    if event.kind is EventKind.ANSWER:
        asked = on.given.items()
        named = on.answer in (event.name, "*")
        return named and all(event.arguments.get(k) == v for k, v in asked)
    if event.kind is EventKind.MAIL and on.mail is not None:
        if event.visibility is not Visibility.PUBLIC:  # no other row may let it out
            return event.tag in on.mail.tags
        return (
            (on.mail.any and event.actor.role is not Role.AGENT)  # an agent moved or named a file
            or event.tag in on.mail.tags
            or any(d.usable and d.counts_as(*on.mail.documents) for d in event.documents)
            or event.intent.kind.value in on.mail.intents
        )
    return on.opening if event.kind is EventKind.OPENING else on.automatic and _is_auto(event)


def _is_auto(event: Event) -> bool:
    return event.kind is EventKind.AUTOMATIC


def fire(turn: Turn, row: Transition) -> Turn:
    """Return the turn after this transition: state, history, effects, timers."""
    source = turn.ticket.state
    target = row.target or source
    turn = replace(turn, fired=(*turn.fired, row.id))
    if target != source or turn.opened:
        turn = _enter(turn, target)
    turn = turn.with_step(
        row.why, transition=row.id, source=NEW if turn.opened and len(turn.fired) == 1 else source
    )
    for call in row.effects:
        turn = perform(turn, call)
    return _set_timers(turn, source, row.id)


def perform(turn: Turn, call: Call) -> Turn:
    """Return the turn after one effect, unchanged when its conditions do not hold."""
    return effects.perform(turn, call) if hold(turn, call.when) else turn


def enter(turn: Turn, state: str, why: str) -> Turn:
    """Return the turn moved to a state by no row, its clocks as they are there."""
    source = turn.ticket.state
    turn = _enter(turn, state).with_step(why, source=source)
    return _set_timers(turn, source, "")


def _enter(turn: Turn, target: str) -> Turn:
    now = turn.event.at
    closing = not turn.workflow.is_open(target)
    if target == turn.ticket.state:
        return turn.with_ticket(state=target)
    turn = turn.without_flags(QUESTION)  # what was asked in the state that is left
    return turn.with_ticket(state=target, state_since=now, closed_at=now if closing else None)


def _set_timers(turn: Turn, source: str, row_id: str) -> Turn:
    """Drop the timers of the state that was left, start those of the one entered."""
    first = turn.opened and len(turn.fired) == 1
    moved = turn.ticket.state != source or first
    for name, rule in turn.workflow.timers.items():
        runs, ran = turn.ticket.state in rule.states, source in rule.states and not first
        if ran and (not runs or row_id in rule.restart_on):
            turn = drop_timer(turn, name)
        if runs and ((moved and not ran) or row_id in rule.restart_on):
            turn = start_timer(turn, name, rule)
    return turn


def drop_timer(turn: Turn, name: str) -> Turn:
    """Return the turn with every pending firing of a timer dropped."""
    kept = tuple(timer for timer in turn.started if timer.name != name)
    return replace(turn, started=kept, stopped=(*turn.stopped, name))


def start_timer(turn: Turn, name: str, rule: TimerRule) -> Turn:
    """Return the turn with all firings of a timer planned from now."""
    firings = planned(rule, name, turn.ticket, turn.desk.calendar, turn.event.at)
    return replace(turn, started=(*turn.started, *firings))
