"""Take back the last command of an agent: the ticket is again what it was, as long as nothing else
happened on it since. What was sent stays sent."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.advance import drop_timer, start_timer
from handlers.steps.command_effects import REMINDER
from handlers.steps.effects import effect
from handlers.ticket import PARKED, Document, Participant, Role, Ticket
from handlers.together import every_turn
from handlers.turn import Turn
from handlers.words.command import AgentText

UNDO = "undo"


def remembered(turn: Turn, before: Ticket, others: Sequence[Turn], text: AgentText) -> Turn:
    """Return the turn of a mail with commands, its ticket knowing what it was `before` them; `others`
    are turns that it touched as well."""
    commands = [written.line.partition(" ")[0] for written in text.commands]
    if not commands or any(written.name == UNDO for written in text.commands):
        return turn
    touched = [one.ticket.key for one in list(every_turn((turn, *others)))[1:]]
    touched += dict.fromkeys(errand.organisation for errand in turn.errands)
    former = {
        "version": before.version,
        "cause": turn.event.cause,
        "actor": turn.event.actor.address,
        "commands": commands,
        "reminded": any(written.name == "remind" for written in text.commands),
        "others": touched,
        "state": before.state,
        "state_since": before.state_since.isoformat(),
        "closed_at": before.closed_at.isoformat() if before.closed_at else "",
        "fields": dict(before.fields),
        "flags": sorted(before.flags),
        "links": dict(before.links),
        "assignee": before.assignee,
        "priority": before.priority,
        "contact": before.contact,
        "people": [[p.address, p.role.value, p.name] for p in before.participants],
        "documents": {str(d.number): [d.kind, sorted(d.flags)] for d in before.documents},
    }
    return turn.with_ticket(former=json.dumps(former, ensure_ascii=False, sort_keys=True))


@effect
def undo_last(turn: Turn) -> Turn:
    """Take back what the commands of the agent's last mail did to this ticket, if they were the last
    thing that happened on it, touched no other ticket and asked nobody outside for anything."""
    former = json.loads(turn.ticket.former) if turn.ticket.former else {}
    if not former:
        return turn.with_error("nothing_to_undo")
    if former["actor"].lower() != turn.event.actor.address.lower():
        return turn.with_error("not_your_command", word=former["actor"])
    if turn.ticket.version != former["version"] + 1:
        return turn.with_error("too_late_to_undo")
    if former["others"]:
        return turn.with_error("touched_others", word=", ".join(former["others"]))
    return _restored(turn, former).with_done("undone", word=", ".join(former["commands"]))


def _restored(turn: Turn, former: dict[str, Any]) -> Turn:
    left = turn.ticket.state
    closed = former["closed_at"]
    turn = turn.with_ticket(
        former="",
        state=former["state"],
        state_since=datetime.fromisoformat(former["state_since"]),
        closed_at=datetime.fromisoformat(closed) if closed else None,
        fields=former["fields"],
        flags=frozenset(former["flags"]) - {PARKED}
        | turn.ticket.flags & {PARKED},  # it is sent or not
        links=former["links"],
        assignee=former["assignee"],
        priority=former["priority"],
        contact=former["contact"],
        participants=tuple(
            Participant(address=address, role=Role(role), name=name)
            for address, role, name in former["people"]
        ),
        documents=tuple(_as_before(one, former) for one in turn.ticket.documents),
    )
    turn = turn.with_step(f"undone: {', '.join(former['commands'])}", source=left)
    if former["reminded"]:
        turn = drop_timer(turn, REMINDER)
    return turn if left == turn.ticket.state else _with_clocks(turn, left)


def _as_before(document: Document, former: dict[str, Any]) -> Document:
    """Return a document as it was; one that came with the commands no longer counts."""
    known = former["documents"].get(str(document.number))
    if known is None:
        came = document.cause == former["cause"]
        return replace(document, flags=document.flags | {"replaced"}) if came else document
    return replace(document, kind=known[0], flags=frozenset(known[1]))


def _with_clocks(turn: Turn, left: str) -> Turn:
    """Return the turn with the clocks of its state running as if it had never been left; what they
    did before now they do not do again."""
    now = turn.event.at
    since = replace(turn, event=replace(turn.event, at=turn.ticket.state_since), started=())
    for name, rule in turn.workflow.timers.items():
        if left in rule.states or turn.ticket.state in rule.states:
            turn = drop_timer(turn, name)
        if turn.ticket.state in rule.states:
            planned = start_timer(since, name, rule).started
            coming = tuple(one for one in planned if one.due_at > now)
            turn = replace(turn, started=(*turn.started, *coming))
    return turn
