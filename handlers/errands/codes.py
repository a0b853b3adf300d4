"""What the codes of an organisation mean and what to do about them, by the workflow's `codes` (Q-26, Q-51)."""

from __future__ import annotations

from handlers.decision import Value
from handlers.errands.results import read_problems
from handlers.process.errand_rule import CodeRule
from handlers.process.workflow import Workflow, said
from handlers.steps.guards import guard
from handlers.steps.values import VALUES
from handlers.turn import Turn

PROBLEMS, REASONS = "problem", "reason"
"""The lists of codes that the values below look into."""
TOLD = ("status", "reason", "reference", "amount", "paid_on")


@guard
def final_code(turn: Turn, list_name: str, name: str) -> bool:
    """Tell whether the code in a field leaves nothing to correct."""
    rule = turn.workflow.codes.get(list_name, {}).get(turn.ticket.fields.get(name, ""))
    return rule is not None and rule.final


def named_in(workflow: Workflow, list_name: str, text: str) -> CodeRule | None:
    """Return the code of a list that a text names, None when it names none."""
    folded = text.upper()
    rules = workflow.codes.get(list_name, {})
    return next((rule for code, rule in rules.items() if code.upper() in folded), None)


def _problems(turn: Turn, language: str) -> Value:
    """Return every problem an organisation found, with its remedy where one is known (Q-17)."""
    found: list[Value] = []
    for one in read_problems(turn.ticket.fields.get("problems", "")):
        rule = named_in(turn.workflow, PROBLEMS, f"{one.field} {one.message}")
        remedy = said(rule.remedy, language) if rule else ""
        found.append({"field": one.field, "message": one.message, "remedy": remedy})
    return found


def _reason(turn: Turn, language: str) -> Value:
    """Return why an organisation rejected a claim, and what to do about it (Q-51)."""
    code = turn.ticket.fields.get("reject_reason", "")
    rule = turn.workflow.codes.get(REASONS, {}).get(code)
    if rule is None:
        return {"code": code, "label": "", "remedy": "", "final": False}
    told: Value = {
        "code": code,
        "label": said(rule.label, language),
        "remedy": said(rule.remedy, language),
        "final": rule.final,
    }
    return told


def _told(turn: Turn, _language: str) -> Value:
    """Return what an organisation tells in this event, by our names of it."""
    told: dict[str, Value] = {name: turn.event.arguments.get(name, "") for name in TOLD}
    return told


VALUES["problems"] = _problems
VALUES["reject_reason"] = _reason
VALUES["told"] = _told
VALUES["trouble"] = lambda turn, _language: turn.event.arguments.get("trouble", "")
VALUES["organisation"] = lambda turn, _language: _title(turn)


def _title(turn: Turn) -> str:
    name = turn.ticket.fields.get("organisation", "")
    known = turn.desk.organisation(name)
    return known.title if known and known.title else name
