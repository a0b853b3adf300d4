"""What a table of several tickets says of each: its line, key, state and fields (A-36, F-4)."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from handlers.decision import Value
from handlers.process.workflow import Workflow, said
from handlers.ticket import Ticket
from handlers.together import members
from handlers.turn import Turn


def lines_of_group(turn: Turn, language: str) -> list[Value]:
    """Return a row for each ticket of the turn's group, as it stands now."""
    return list(rows_of(turn, members(turn), language).values())


def rows_of(turn: Turn, tickets: Iterable[Ticket], language: str) -> dict[int, dict[str, Value]]:
    """Return a row for each of these tickets of the turn's group, by ticket id.

    The number of a line is the place of its ticket in the group, from 1.
    """
    places = {one.id: place for place, one in enumerate(members(turn), start=1)}
    zone = ZoneInfo(turn.desk.time_zone)
    return {
        one.id: {
            **_row(turn.workflow, one, language, places.get(one.id, 1)),
            "opened": f"{one.opened_at.astimezone(zone):%Y-%m-%d}",
        }
        for one in tickets
    }


def _row(workflow: Workflow, ticket: Ticket, language: str, place: int) -> dict[str, Value]:
    fields = ticket.fields
    empty = [name for name in workflow.required_fields(fields) if not fields.get(name)]
    return {
        "line": place,
        "key": ticket.key,
        "state": said(workflow.states[ticket.state].label, language),
        "state_id": ticket.state,
        "contact": ticket.contact,
        "missing": [said(workflow.fields[name].label, language) for name in empty],
        "reference": fields.get("reference", ""),
        "serial": fields.get("serial", ""),
        "flags": list[Value](sorted(ticket.flags)),
        "fields": dict(fields),
    }
