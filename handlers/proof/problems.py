"""Prove a workflow before it runs: every name known, every state reachable, nobody stuck.

`problems` returns sentences that name file, line and remedy; an empty tuple means proved.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping

from handlers import known_steps  # noqa: F401  makes every guard and effect known
from handlers.calendar import read_delay
from handlers.errors import ConfigError
from handlers.process.call import Call
from handlers.process.timer_rule import TimerRule
from handlers.process.workflow import ANY, NEW, Transition, Workflow
from handlers.proof.errands import asking_problems, check_problems, errand_problems
from handlers.proof.groups import group_problems
from handlers.proof.labels import label_problems
from handlers.proof.papers import paper_problems
from handlers.proof.queries import query_problems
from handlers.proof.questions import question_problems
from handlers.proof.registry import registry_problems, states_given
from handlers.steps.effects import EFFECTS
from handlers.steps.guards import GUARDS
from handlers.steps.values import VALUES
from handlers.ticket import MISSED, PARKED, UNREACHED
from parsers.folding import fold
from parsers.mail import IntentKind

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def problems(workflow: Workflow) -> tuple[str, ...]:
    """Return everything that is wrong with a workflow, in the order of its sections."""
    checks = (_names, _commands, _fields, _rows, _groups, _reach, _stuck, _clocks, _values)
    every = (
        *checks,
        label_problems,
        errand_problems,
        check_problems,
        registry_problems,
        query_problems,
        question_problems,
        paper_problems,
    )
    return tuple(problem for check in every for problem in check(workflow))


def _commands(workflow: Workflow) -> Iterator[str]:
    """Yield the names that two commands share: only the first would ever be understood."""
    owners: dict[str, str] = {}
    for name, rule in workflow.commands.items():
        for written in dict.fromkeys(map(fold, rule.names)):
            other = owners.setdefault(written, name)
            if other != name:
                place = workflow.place("commands", name)
                yield f"{place}: #{written} is a name of {other} and of {name}. Rename one."


def calls_of(workflow: Workflow) -> Iterator[tuple[str, Call]]:
    """Yield every effect with the place where it stands."""
    for index, row in enumerate(workflow.transitions):
        place = _row_place(workflow, index, "effects")
        yield from ((place, call) for call in row.effects)
    for name, timer in workflow.timers.items():
        place = f"{workflow.place('timers', name, 'effects')}: timer {name}"
        yield from ((place, call) for call in timer.effects)
    for name, command in workflow.commands.items():
        place = f"{workflow.place('commands', name, 'effects')}: command {name}"
        yield from ((place, call) for call in command.effects)


def _row_place(workflow: Workflow, index: int, *path: str) -> str:
    row = workflow.transitions[index]
    return f"{workflow.place('transitions', index, *path)}: transition {row.id}"


def _names(workflow: Workflow) -> Iterator[str]:
    for index, row in enumerate(workflow.transitions):
        for call in row.guards:
            place = _row_place(workflow, index, "guards")
            yield from _call(place, call, GUARDS, "guard")
            yield from asking_problems(workflow, place, call)
    for place, call in calls_of(workflow):
        yield from _call(place, call, EFFECTS, "effect")
        for condition in call.when:
            yield from _call(place, condition, GUARDS, "guard")
        yield from _targets(workflow, place, call)
        yield from asking_problems(workflow, place, call)


def _call(
    place: str, call: Call, known: Mapping[str, Callable[..., object]], kind: str
) -> Iterator[str]:
    if call.alternatives:
        for one in call.parts():
            yield from _call(place, one, known, kind)
        return
    function = known.get(call.name)
    if function is None:
        yield f"{place}: no {kind} is called {call.name!r}. Known: {', '.join(sorted(known))}."
        return
    try:
        inspect.signature(function).bind(None, **call.arguments)
    except TypeError as error:
        yield f"{place}: {call.name}: {error}. Expected: {inspect.signature(function)}."


def _targets(workflow: Workflow, place: str, call: Call) -> Iterator[str]:
    """Check the names that effects carry: notices, teams, fields, flags."""
    known: dict[str, Collection[str]] = {
        "notice": workflow.notices,
        "team": workflow.teams,
        "name": workflow.fields,
        "fields": workflow.fields,
        "source": workflow.fields,
        "target": workflow.fields,
    }
    for argument, names in known.items():
        told = call.arguments.get(argument, [])
        for given in told if isinstance(told, list) else [told]:
            if given not in names:
                yield f"{place}: {call.name}: {argument} {given!r} is not declared. Add it or correct it."
    if (
        call.name in ("set_flag", "clear_flag")
        and call.arguments.get("value") not in workflow.flags
    ):
        yield f"{place}: flag {call.arguments.get('value')!r} is not declared. Add it to flags."


def _fields(workflow: Workflow) -> Iterator[str]:
    for name, rule in workflow.fields.items():
        place = workflow.place("fields", name)
        if rule.type == "choice" and not rule.choices:
            yield f"{place}: field {name}: a choice without choices. Add some."
        wanted = rule.required if isinstance(rule.required, dict) else {}
        for other in wanted:
            if other not in workflow.fields:
                yield f"{place}: field {name}: required by {other!r}, which is no field. Correct it."
        if rule.currency and rule.currency not in workflow.fields:
            yield f"{place}: field {name}: its currency is {rule.currency!r}, which is no field. Correct it."


def _rows(workflow: Workflow) -> Iterator[str]:
    seen: set[str] = set()
    states = {NEW, ANY, *workflow.states}
    for index, row in enumerate(workflow.transitions):
        place = _row_place(workflow, index)
        if row.id in seen:
            yield f"{place}: the id is used twice. Rename one."
        seen.add(row.id)
        unknown = [name for name in (*row.source, row.target or NEW) if name not in states]
        for name in unknown:
            yield f"{place}: {name!r} is no state. Known: {', '.join(workflow.states)}."
        yield from _hearings(workflow, row, _row_place(workflow, index, "hears"))


def _hearings(workflow: Workflow, row: Transition, place: str) -> Iterator[str]:
    for on in row.hears:
        if on.command not in ("", "*", *workflow.commands):
            yield f"{place}: #{on.command} is no command. Add it to commands."
        if on.timer not in ("", *workflow.timers):
            yield f"{place}: {on.timer!r} is no timer. Add it to timers."
        if on.mail is None:
            continue
        for kind in on.mail.documents:
            if kind not in workflow.documents:
                yield f"{place}: {kind!r} is no document. Add it to documents."
        for intent in on.mail.intents:
            if intent not in set(IntentKind):
                yield f"{place}: {intent!r} is no intent. Known: {', '.join(IntentKind)}."


def _groups(workflow: Workflow) -> Iterator[str]:
    return group_problems(workflow, tuple(calls_of(workflow)), tuple(_guards_of(workflow)))


def _guards_of(workflow: Workflow) -> Iterator[tuple[str, Call]]:
    """Yield every guard and condition with the place where it stands."""
    for index, row in enumerate(workflow.transitions):
        place = _row_place(workflow, index, "guards")
        yield from ((place, part) for call in row.guards for part in call.parts())
    for place, call in calls_of(workflow):
        yield from ((place, part) for condition in call.when for part in condition.parts())


def _reach(workflow: Workflow) -> Iterator[str]:
    """Yield the states that no new request can reach."""
    reached, grew = {NEW, *states_given(workflow)}, True
    while grew:
        targets = {
            row.target
            for row in workflow.transitions
            if row.target
            and reached.intersection((*row.source, *((NEW,) if ANY in row.source else ())))
        }
        targets |= {s.closes for n, s in workflow.states.items() if n in reached and s.closes}
        grew = not targets <= reached
        reached |= targets
    for name in workflow.states:
        if name not in reached:
            yield f"{workflow.place('states', name)}: state {name}: nothing leads to it. Add a transition or drop the state."


def _stuck(workflow: Workflow) -> Iterator[str]:
    """Yield the open states that neither a person of the desk nor a clock leads out of."""
    for name, state in workflow.states.items():
        timed = any(name in timer.states for timer in workflow.timers.values())
        rows = [
            row
            for row in workflow.transitions
            if name in row.source and row.target not in ("", name)
        ]
        commanded = any(on.command for row in rows for on in row.hears)
        passing = any(on.automatic and not row.guards for row in rows for on in row.hears)
        if state.open and not timed and not commanded and not passing:
            yield f"{workflow.place('states', name)}: state {name}: a ticket can be stuck in it. Add a timer or a command."


def _clocks(workflow: Workflow) -> Iterator[str]:
    for name, timer in workflow.timers.items():
        place = f"{workflow.place('timers', name)}: timer {name}"
        yield from _delays(timer, place)
        for flag in timer.suspended_by:
            if flag not in workflow.flags:
                yield f"{place}: {flag!r} is no flag. Add it to flags."
        if UNREACHED in timer.suspended_by:
            for flag in {PARKED, MISSED} & {*workflow.flags} - {*timer.suspended_by}:
                yield f"{place}: stands still for {UNREACHED}, but not for {flag}. Add {flag} to suspended_by."
        if timer.daily and not _CLOCK.fullmatch(timer.daily):
            yield f"{place}: {timer.daily!r} is no time of day. Write 02:30."
        for state in timer.states:
            if state not in workflow.states:
                yield f"{place}: {state!r} is no state. Correct it."
        if timer.at_field and timer.at_field not in workflow.fields:
            yield f"{place}: {timer.at_field!r} is no field. Correct it."


def _delays(timer: TimerRule, place: str) -> Iterator[str]:
    for delay in filter(None, (*timer.after, timer.default, timer.patience)):
        try:
            _, unit = read_delay(delay)
        except ConfigError as error:
            yield f"{place}: {error}"
            continue
        if timer.whole_days and unit not in ("d", "bd") and delay != timer.patience:
            yield f"{place}: whole_days lasts to the end of a day. Write {delay!r} in days: 7d or 2bd."


def _values(workflow: Workflow) -> Iterator[str]:
    for name, notice in workflow.notices.items():
        place = f"{workflow.place('notices', name)}: notice {name}"
        if notice.grouped_as not in ("", *workflow.notices):
            yield f"{place}: grouped_as {notice.grouped_as!r} is no notice. Add it or correct it."
        for value in notice.values:
            if value not in VALUES:
                yield f"{place}: no value is called {value!r}. Known: {', '.join(sorted(VALUES))}."
