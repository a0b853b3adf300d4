"""Prove what a workflow asks of organisations, its lists of conditions and its codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.errands.errand import Json
from handlers.process.call import Call, spoken_in
from handlers.process.errand_rule import AGREEMENT, PAYMENT
from handlers.process.workflow import Workflow

_VALUE = re.compile(r"\$(?:account\.\w+|document\.(?:name|extension|type)|(\w+))(?:\|\w+)?")


def errand_problems(workflow: Workflow) -> Iterator[str]:
    """Yield what is wrong with `errands`: values that no field holds, answers that nobody gives."""
    operations = {name for rules in workflow.errands.values() for name in rules}
    for organisation, rules in workflow.errands.items():
        for operation, rule in rules.items():
            place = workflow.place("errands", organisation, operation)
            words = [word for one in rule.words.values() for word in one.values()]
            for told in (*_leaves(rule.body), *words):
                yield from _value(workflow, f"{place}: errand {operation}", told)
            for kind in rule.types:
                if kind not in workflow.documents:
                    yield f"{place}: errand {operation}: {kind!r} is no document. Correct it."
    for index, row in enumerate(workflow.transitions):
        for on in row.hears:
            if on.answer not in ("", "*", PAYMENT, AGREEMENT, *operations):
                place = workflow.place("transitions", index)
                yield f"{place}: transition {row.id}: nobody is asked for {on.answer!r}. Add it to errands."


def asking_problems(workflow: Workflow, place: str, call: Call) -> Iterator[str]:
    """Yield what is wrong with one call: an operation nobody is asked, a list nobody wrote."""
    operations = {name for rules in workflow.errands.values() for name in rules}
    operation = call.arguments.get("operation")
    if call.name == "ask" and operation not in operations:
        yield f"{place}: ask: {operation!r} is no operation of errands. Add it."
    if call.name == "checks_hold" and call.arguments.get("value") not in workflow.checks:
        yield f"{place}: checks_hold: there are no checks {call.arguments.get('value')!r}. Add them."


def check_problems(workflow: Workflow) -> Iterator[str]:
    """Yield what is wrong with the sentences of `checks`: languages, fields that are none."""
    for name, rules in workflow.checks.items():
        for key, rule in rules.items():
            place = f"{workflow.place('checks', name, key)}: check {key}"
            for language in workflow.languages:
                told = spoken_in(rule.says, language)
                for field in re.findall(r"\{(\w+)\}", told):
                    if field not in workflow.fields:
                        yield f"{place}: {field!r} is no field. Correct it."
    for name, notice in workflow.notices.items():
        if notice.checks and notice.checks not in workflow.checks:
            place = workflow.place("notices", name)
            yield f"{place}: notice {name}: there are no checks {notice.checks!r}. Add them."


def _value(workflow: Workflow, place: str, told: str) -> Iterator[str]:
    if not told.startswith("$"):
        return
    match = _VALUE.fullmatch(told)
    if match is None or (match[1] and match[1] not in ("key", *workflow.fields)):
        yield f"{place}: {told!r} is no value: name a field, $account.…, $document.… or $key."


def _leaves(body: Json) -> Iterator[str]:
    if isinstance(body, dict):
        for inner in body.values():
            yield from _leaves(inner)
    elif isinstance(body, list):
        for inner in body:
            yield from _leaves(inner)
    elif isinstance(body, str):
        yield body
