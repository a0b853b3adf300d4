"""Prove what a workflow says of groups, children, signals and number series."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from handlers.process.call import Argument, Call
from handlers.process.workflow import NEW, Workflow
from handlers.proof.registry import signals_given
from parsers.mail import IntentKind

Placed = tuple[str, Call]
STATES_IN = {
    "all_in_group": "value",
    "any_in_group": "value",
    "linked_in": "states",
    "state_in": "value",
}
"""Guards about states, and the argument that names them."""


def group_problems(
    workflow: Workflow, effects: Collection[Placed], guards: Collection[Placed]
) -> Iterator[str]:
    """Yield what is wrong with signals, children, lines, numbers, the field of the team, and states that guards name."""
    yield from _signals(workflow, effects)
    yield from _lines(workflow)
    for place, call in guards:
        argument = STATES_IN.get(call.name)
        if argument is not None:
            yield from _unknown(place, call.name, call.arguments.get(argument), workflow.states)
    for place, call in effects:
        if call.name == "open_child":
            yield from _unknown(place, call.name, _fields_of(call.arguments), workflow.fields)
        if call.name == "assign_number":
            yield from _number(workflow, place, call)
    if workflow.closes not in ("", *workflow.states):
        yield f"{workflow.place('closes')}: {workflow.closes!r} is no state. Correct it."
    for name, state in workflow.states.items():
        if state.closes not in ("", *workflow.states):
            yield f"{workflow.place(f'states.{name}')}: {state.closes!r} is no state. Correct it."
    if workflow.handled_by not in ("", *workflow.fields):
        yield f"{workflow.place('handled_by')}: {workflow.handled_by!r} is no field. Correct it."


def _signals(workflow: Workflow, effects: Collection[Placed]) -> Iterator[str]:
    """Check that every signal is given by an effect and heard by a row, by one from `new` when it
    opens a ticket."""
    heard = {on.signal: row for row in workflow.transitions for on in row.hears if on.signal}
    first = {on.signal for row in workflow.leaving(NEW) for on in row.hears if on.signal}
    given: set[str] = set(signals_given(workflow))
    for place, call in effects:
        signal = call.arguments.get("signal") if call.name in ("open_child", "fire_in") else None
        if isinstance(signal, str):
            given.add(signal)
            known = first if call.name == "open_child" else heard
            if signal not in known:
                yield f"{place}: {call.name}: no row hears the signal {signal!r}. Add one."
    for signal in sorted(set(heard) - given):
        place = workflow.place("transitions", workflow.transitions.index(heard[signal]))
        yield f"{place}: no effect gives the signal {signal!r}. Add one or drop the row."


def _lines(workflow: Workflow) -> Iterator[str]:
    rule, place = workflow.lines, workflow.place("lines")
    if rule is None:
        return
    for intent in rule.words:
        if intent not in set(IntentKind):
            yield f"{place}: {intent!r} is no intent. Known: {', '.join(IntentKind)}."
    for notice in (rule.unknown, rule.too_many):
        if notice not in ("", *workflow.notices):
            yield f"{place}: {notice!r} is no notice. Add it to notices."
    yield from _unknown(place, "joined_in", [*rule.joined_in], workflow.states)
    yield from _unknown(place, "another", [*rule.another], workflow.fields)


def _fields_of(arguments: Mapping[str, Argument]) -> list[str]:
    """Return the fields that a child is made of."""
    copy, fill, contact = (arguments.get(name) for name in ("copy", "fill", "contact"))
    named = [*copy] if isinstance(copy, list) else []
    named += [*fill, *fill.values()] if isinstance(fill, dict) else []
    return [*named, *([contact] if isinstance(contact, str) and contact else [])]


def _number(workflow: Workflow, place: str, call: Call) -> Iterator[str]:
    field, pattern = call.arguments.get("field", ""), call.arguments.get("pattern", "")
    yield from _unknown(place, call.name, field, workflow.fields)
    try:
        written = str(pattern).format(series="A", year=2026, number=7)
    except (ValueError, LookupError, AttributeError) as error:
        yield f"{place}: assign_number: the pattern {pattern!r} is none: {error}. Use {{series}}, {{year}}, {{number}}."
        return
    if pattern and "7" not in written:
        yield f"{place}: assign_number: the pattern {pattern!r} has no {{number}}. Add it."


def _unknown(
    place: str, name: str, given: Argument | list[str] | None, known: Collection[str]
) -> Iterator[str]:
    names = given if isinstance(given, list) else [str(given)] if given else []
    for one in names:
        if one not in known:
            yield f"{place}: {name}: {one!r} is not declared. Known: {', '.join(known)}."
