"""The answers that a question offers."""

from __future__ import annotations

from handlers.process.call import spoken_in
from handlers.process.question_rule import ChoiceRule
from handlers.process.workflow import Workflow, said


def choices_of(workflow: Workflow, question: str) -> tuple[ChoiceRule, ...]:
    """Return the answers that a question offers, in their order; () for one that is not known."""
    rule = workflow.questions.get(question)
    if rule is None or rule.field not in workflow.fields:
        return rule.choices if rule is not None else ()
    choices = workflow.fields[rule.field].choices
    return tuple(ChoiceRule(label=c.label, fills={rule.field: n}) for n, c in choices.items())


def written_answer(choice: ChoiceRule, number: int, language: str) -> str:
    """Return what the button of a choice writes: "2. Destruction"; without the number for 0."""
    words = spoken_in(choice.writes, language) or said(choice.label, language)
    return f"{number}. {words}" if number else words
