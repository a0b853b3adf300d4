"""Who gets a team's work items: its addresses, or the person that a table names for the ticket (R-14)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.book import Book, Row
from handlers.decision import Recipient
from handlers.desk import Desk, Team
from handlers.process.register_rule import ResponsibleRule
from handlers.process.workflow import Workflow
from handlers.ticket import Role, Ticket


def recipients_of(
    team: Team,
    ticket: Ticket | None,
    *,
    workflow: Workflow,
    desk: Desk,
    book: Book,
    now: datetime,
) -> tuple[Recipient, ...]:
    """Return the people that a work item for a team goes to. The first rule of the workflow that names
    somebody who is not away gives them; without any it is the team."""
    today = now.astimezone(ZoneInfo(desk.time_zone)).date().isoformat()
    for rule in workflow.responsible.get(team.name, ()) if ticket is not None else ():
        rows = [r for r in _rows(book, rule, ticket) if r.get(rule.away, "") < today]
        if rows:
            return tuple(_person(row, rule, team) for row in rows)
    return tuple(
        Recipient(address=address, role=Role.AGENT, language=team.language)
        for address in team.addresses
    )


def _rows(book: Book, rule: ResponsibleRule, ticket: Ticket | None) -> tuple[Row, ...]:
    known = {} if ticket is None else {"key": ticket.key, **ticket.fields}
    equal = {column: known.get(name, "") if name else "" for column, name in rule.by.items()}
    if not any(equal.values()):
        return ()
    return book.rows(rule.table, equal)


def _person(row: Row, rule: ResponsibleRule, team: Team) -> Recipient:
    return Recipient(
        address=row.get(rule.address, ""),
        role=Role.AGENT,
        language=row.get("language", "") or team.language,
        name=row.get(rule.name, ""),
    )
