"""A document that waits: the team is asked whose it is, with the commands that say so (X-2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.customers.wrong_ticket import Destination
from handlers.decision import Value
from handlers.papers.file_findings import NAMING, naming_command, with_file_rows
from handlers.papers.leaving import may_leave
from handlers.process.command_line import command_line
from handlers.process.workflow import Workflow, said
from handlers.ticket import Document, Role, Ticket
from handlers.turn import Turn
from handlers.visit import Visit


def ask_whose(visit: Visit, turn: Turn, held: Sequence[Destination]) -> Turn:
    """Return the turn with a note of what waits and the work item that asks whose it is. Only agents
    read which requests it names."""
    cited = ", ".join(dict.fromkeys(number for d in held for number in d.cited))
    named = tuple({t.id: t for d in held for t in d.named if t.id != turn.ticket.id}.values())
    turn = turn.with_step(f"document held, it cites {cited or 'nothing'}")
    told = tuple(f"{turn.ticket.key}: {d.file.filename} waits: {d.why}" for d in held)
    turn = replace(turn, filed=(*turn.filed, *told))
    waiting = [d for d in turn.event.documents if "to_attach" in d.flags]
    shown = tuple(d.number for d in waiting if may_leave(d, Role.AGENT))
    found = {"cited": cited or "–", **({"belongs_to": _told(named)} if named else {})}
    keys = tuple(ticket.key for ticket in named)
    items = visit.tell_team("W_wrong_document", found, about=turn.ticket)
    for notice in with_file_rows(items, turn):
        commands = _commands(visit.workflow, waiting, keys, notice.to.language)
        asked = replace(notice, values={**notice.values, "commands": commands}, attach=shown)
        turn = replace(turn, notices=(*turn.notices, asked))
    return turn


def _commands(
    workflow: Workflow, waiting: Sequence[Document], keys: tuple[str, ...], language: str
) -> list[Value]:
    """Return the commands that move each document to one of the tickets with these keys, or say what
    it is where it waits: then it counts there."""
    move, naming = workflow.commands["move_document"], workflow.commands[NAMING]
    moves: list[Value] = [
        {
            "line": command_line(move, language, number=str(document.number), to=key),
            "help": said(move.help, language),
        }
        for document in waiting
        for key in keys
    ]
    names: list[Value] = [
        {
            "line": naming_command(workflow, document, language),
            "help": said(naming.help, language),
        }
        for document in waiting
    ]
    return moves + names


def _told(tickets: tuple[Ticket, ...]) -> str:
    """Return tickets as agents know them: key and customer."""
    names = (ticket.fields.get("company", "") or ticket.organisation for ticket in tickets)
    return ", ".join(f"{t.key} ({n})" if n else t.key for t, n in zip(tickets, names, strict=True))
