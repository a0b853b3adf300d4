"""Prove what a workflow says of the questions that notices put."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.process.questions import choices_of
from handlers.process.workflow import Workflow
from parsers.mail import IntentKind

MOST = 9
ANY_QUESTION = "*"


def question_problems(workflow: Workflow) -> Iterator[str]:
    """Yield the questions that nobody knows, and the choices that mean nothing known."""
    for name, notice in workflow.notices.items():
        if notice.asks not in ("", ANY_QUESTION, *workflow.questions):
            place = f"{workflow.place('notices', name)}: notice {name}"
            yield f"{place}: asks {notice.asks!r}, which is no question. Add it to questions."
    for name in workflow.questions:
        yield from _question(workflow, name)


def _question(workflow: Workflow, name: str) -> Iterator[str]:
    rule, place = workflow.questions[name], f"{workflow.place('questions', name)}: question {name}"
    choices = choices_of(workflow, name)
    if rule.field not in ("", *workflow.fields):
        yield f"{place}: {rule.field!r} is no field. Correct it."
    if not 0 < len(choices) <= MOST:
        yield f"{place}: {len(choices)} choices. Offer 1 to {MOST}."
    if rule.numbered and workflow.lines is not None:
        yield f"{place}: numbers are lines in this process. Write numbered: false."
    for choice in choices:
        if choice.means not in ("", *IntentKind):
            yield f"{place}: {choice.means!r} is no intent. Known: {', '.join(IntentKind)}."
        for field in choice.fills:
            known = workflow.fields.get(field)
            if known is None or known.kept:
                yield f"{place}: fills {field!r}, which customers do not fill. Correct it."
