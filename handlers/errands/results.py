"""Decide what an organisation answered: an event on the ticket it was asked about (Q-T4, Q-U1, Q-46)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from handlers.advance import advance
from handlers.decision import Decision, Verdict
from handlers.desk import Desk
from handlers.errands.asking import asked, settled
from handlers.errands.errand import Answer, Problem, document_of, operation_of
from handlers.facts import Facts
from handlers.outcome import outcome_of
from handlers.process.workflow import Workflow
from handlers.steps.effects import effect
from handlers.turn import Actor, Event, EventKind, Turn, begun

SETTLING = ("ok", "invalid")


def decide_answer(
    key: str,
    answer: Answer,
    facts: Facts,
    *,
    about: int,
    desk: Desk,
    workflow: Workflow,
    cause: str,
    now: datetime,
) -> Decision:
    """Return the decision for one answer. What a person settled meanwhile is no event any more."""
    ticket = facts.tickets[about]
    if key not in asked(ticket):
        return Decision(verdict=Verdict.IGNORED, reason="already_settled", about=ticket.id)
    event = Event(
        kind=EventKind.ANSWER,
        actor=Actor(address="savd"),
        cause=cause,
        at=now,
        requested_at=now,
        language=desk.language,
    )
    turn = begun(event, ticket, facts, desk=desk, workflow=workflow)
    turn = hear(turn, key, answer)
    reason = f"{operation_of(key)}_{answer.result}"
    return outcome_of((turn,), reason=reason, about=ticket.id)


def hear(turn: Turn, key: str, answer: Answer) -> Turn:
    """Return the turn after an answer; the errand is waited for no longer when it settles it."""
    arguments = {
        **answer.values,
        "result": answer.result,
        "document": str(document_of(key) or ""),
        "problems": written_problems(answer.problems),
    }
    event = replace(
        turn.event,
        kind=EventKind.ANSWER,
        name=operation_of(key),
        arguments={name: value for name, value in arguments.items() if value},
        answer=answer,
    )
    heard = replace(turn, event=event)
    if answer.result in SETTLING:
        heard = settled(heard, key)
    before = len(heard.fired)
    heard = advance(heard)
    if len(heard.fired) == before:
        heard = heard.with_step(f"{operation_of(key)}: {answer.result}")
    return replace(heard, event=turn.event)


@effect
def take_result(turn: Turn) -> Turn:
    """Take what an agent says came of the errands asked last: `#resultat ok id=…`."""
    pending = asked(turn.ticket)
    if not pending:
        return turn.with_error("nothing_asked")
    answer = answer_given(turn.event.arguments)
    operation = operation_of(pending[0])
    for key in pending:
        if operation_of(key) == operation:
            turn = hear(turn, key, answer)
    return turn.with_done("result_taken")


def answer_given(arguments: Mapping[str, str]) -> Answer:
    """Return the answer an agent's arguments say: what is no name of ours is a problem of a field."""
    ours = {name: value for name, value in arguments.items() if name in VALUES and value}
    problems = tuple(
        Problem(field=name, message=value)
        for name, value in arguments.items()
        if name not in VALUES and name != "result" and value
    )
    result = arguments.get("result", "invalid" if problems else "ok")
    return Answer(result=result, values=ours, problems=problems)


VALUES = ("id", "status", "reason", "reference", "amount", "paid_on", "eligible", "comment")


def written_problems(problems: tuple[Problem, ...]) -> str:
    """Return problems as a field keeps them: one a line, "field: message"."""
    return "\n".join(f"{one.field}: {one.message}" for one in problems)


def read_problems(text: str) -> tuple[Problem, ...]:
    """Return the problems that a field keeps."""
    lines = (line.partition(": ") for line in text.splitlines() if line.strip())
    return tuple(Problem(field=name, message=said) for name, _, said in lines)
