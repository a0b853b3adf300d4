"""Several events in a short window are one work item: all of them, in order, nothing dropped.

A work item that does not hurry waits for a while; one that comes meanwhile about the same ticket, to
the same person, takes it along. What waits is kept as JSON beside the message (`storage.gathering`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers.decision import Notice, Recipient, Value
from handlers.process.workflow import Workflow
from handlers.ticket import Role, Ticket, Visibility


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """A notice that a work item tells, and when it was decided."""

    at: datetime
    notice: Notice


def gathers(notice: Notice) -> bool:
    """Tell whether a notice is a work item of a ticket that others may be told with: it brings no
    table and no papers of its own."""
    own = notice.table or notice.enclosed or notice.handed or notice.papers
    public = notice.visibility is Visibility.PUBLIC and notice.to.role is Role.AGENT
    return bool(notice.team) and notice.ticket_id is not None and public and not own


def hurries(notice: Notice, ticket: Ticket | None, workflow: Workflow) -> bool:
    """Tell whether a work item may not wait: its rule says so, or the ticket has a high priority."""
    rule = workflow.notices.get(notice.template)
    return (rule is not None and rule.urgent) or (ticket is not None and ticket.priority == "high")


def together(happenings: Sequence[Happening]) -> Notice:
    """Return the notice that tells all of them: the last, with the documents of each."""
    last = happenings[-1].notice
    attach = dict.fromkeys(number for one in happenings for number in one.notice.attach)
    return replace(last, attach=tuple(attach))


def kept(happenings: Sequence[Happening]) -> str:
    """Return happenings as JSON."""
    return json.dumps([_written(one) for one in happenings], ensure_ascii=False)


def read_kept(text: str) -> tuple[Happening, ...]:
    """Return happenings from JSON that `kept` wrote."""
    return tuple(map(_read, json.loads(text)))


def _written(one: Happening) -> dict[str, Value]:
    notice = one.notice
    return {
        "at": one.at.isoformat(),
        "template": notice.template,
        "to": {
            "address": notice.to.address,
            "role": notice.to.role.value,
            "language": notice.to.language,
            "name": notice.to.name,
        },
        "ticket_id": notice.ticket_id,
        "values": dict(notice.values),
        "attach": list(notice.attach),
        "in_reply_to": notice.in_reply_to,
        "references": list(notice.references),
        "team": notice.team,
    }


def _read(one: Mapping[str, Any]) -> Happening:
    to = one["to"]
    notice = Notice(
        template=one["template"],
        to=Recipient(**{**to, "role": Role(to["role"])}),
        ticket_id=one["ticket_id"],
        values=one["values"],
        attach=tuple(one["attach"]),
        in_reply_to=one["in_reply_to"],
        references=tuple(one["references"]),
        team=one["team"],
    )
    return Happening(at=datetime.fromisoformat(one["at"]), notice=notice)
