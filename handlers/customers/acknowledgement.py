"""What a new request is answered with: one acknowledgement, however many devices (F-4, F-62, X-23, X-40)."""

from __future__ import annotations

from dataclasses import replace

from handlers.decision import Notice, Recipient, Value
from handlers.desk import Agent
from handlers.papers.file_policy import limit_of
from handlers.papers.filing import Filed
from handlers.people.recipients import contact_of, sender_of
from handlers.process.workflow import said
from handlers.ticket import Role, Ticket
from handlers.turn import Turn
from handlers.visit import Visit


def answers_to(
    visit: Visit, turns: tuple[Turn, ...], filed: Filed, follows: Ticket | None
) -> tuple[Notice, ...]:
    """Return what the people behind a mail are told beside what its tickets say themselves."""
    made: list[Notice] = []
    head = turns[0]
    if follows is not None:
        made.append(_to_contact(visit, head, "N_follow_up", previous_key=follows.key))
    if filed.refused:
        made.append(files_notice(visit, head, filed))
    if visit.forwarded:
        made += forward_copy(visit, turns)
    return tuple(made)


def files_notice(visit: Visit, turn: Turn, filed: Filed) -> Notice:
    """Return the notice that tells, file by file, why one was left out and what to do (X-23)."""
    policy = visit.desk.files
    files: list[Value] = [
        {"name": a.filename, "reason": a.refusal, "limit": limit_of(a.refusal, policy)}
        for a in filed.refused
    ]
    notice = _to_contact(visit, turn, "N_files", files=files)
    return replace(notice, to=sender_of(turn) or notice.to)


def forward_copy(visit: Visit, turns: tuple[Turn, ...]) -> list[Notice]:
    """Return what tells the agent who forwarded a mail what became of it (X-40)."""
    agent = visit.desk.agent(visit.mail.sender.address)
    if agent is None:
        return []
    to = agent_recipient(agent)
    states = (turn.workflow.states[turn.ticket.state] for turn in turns)
    done: list[Value] = [
        f"{turn.ticket.key} · {turn.ticket.contact} · {said(state.label, agent.language)}"
        for turn, state in zip(turns, states, strict=True)
    ]
    notice = visit.agent_notice("W_done", to, done=done)
    return [replace(notice, ticket_id=turns[0].ticket.id)]


def agent_recipient(agent: Agent) -> Recipient:
    """Return an agent as recipient of a work item."""
    return Recipient(
        address=agent.address, role=Role.AGENT, language=agent.language, name=agent.name
    )


def _to_contact(visit: Visit, turn: Turn, template: str, **values: Value) -> Notice:
    return Notice(
        template=template,
        to=contact_of(turn),
        ticket_id=turn.ticket.id,
        values=values,
        in_reply_to=visit.mail.message_id,
        references=turn.ticket.thread,
    )
