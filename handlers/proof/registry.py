"""Prove what a workflow says of tickets that stand in a table, of their people, and of its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.process.workflow import Workflow
from handlers.registry.register_signals import ATTACHED, REGISTERED


def registry_problems(workflow: Workflow) -> Iterator[str]:
    """Yield what is wrong with the sections registry, responsible and tags."""
    rule, place = workflow.registry, workflow.place("registry")
    if rule is not None:
        for state in (*rule.states.values(), rule.other):
            if state not in workflow.states:
                yield f"{place}: {state!r} is no state. Known: {', '.join(workflow.states)}."
        for field in (*rule.take, rule.mirror):
            if field not in workflow.fields:
                yield f"{place}: {field!r} is no field. Add it to fields."
        try:
            re.compile(rule.pattern)
        except re.error as error:
            yield f"{place}: pattern: {error}. Correct it."
    for team in workflow.responsible:
        if team not in workflow.teams:
            yield f"{workflow.place('responsible', team)}: {team!r} is no team. Correct it."
    yield from _tags(workflow)


def signals_given(workflow: Workflow) -> frozenset[str]:
    """Return the signals that the registry gives by itself."""
    return frozenset({REGISTERED, ATTACHED}) if workflow.registry is not None else frozenset()


def states_given(workflow: Workflow) -> frozenset[str]:
    """Return the states in which the registry may put a ticket."""
    rule = workflow.registry
    return frozenset((*rule.states.values(), rule.other)) if rule is not None else frozenset()


def _tags(workflow: Workflow) -> Iterator[str]:
    for index, row in enumerate(workflow.transitions):
        for tag in (t for on in row.hears if on.mail for t in on.mail.tags):
            if tag not in workflow.tags:
                place = workflow.place("transitions", index, "hears")
                yield f"{place}: transition {row.id}: {tag!r} is no tag. Add it to tags."
    names: dict[str, str] = {}
    for tag, rule in workflow.tags.items():
        for name in rule.names:
            if names.setdefault(name, tag) != tag:
                place = workflow.place("tags", tag)
                yield f"{place}: tag {tag}: {name!r} is a name of {names[name]} already. Drop one."
