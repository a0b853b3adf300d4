"""Tell a team of a mail that could not be handled: it is held, nothing is lost (F-43, X-44)."""

from __future__ import annotations

from handlers.decision import Decision, Notice, Recipient, Value, Verdict
from handlers.desk import Desk
from handlers.ticket import Role
from handlers.words import Sentence


def tell_team(desk: Desk, journal_id: int, trouble: str) -> Decision:
    """Return a decision that only asks the after-sales team to look at a held mail."""
    team = desk.team("after_sales")
    addresses = team.addresses if team else ()
    language = team.language if team else desk.language
    found: list[Value] = [
        {"label": Sentence(code="held_mail").said(language), "value": str(journal_id)},
        {"label": Sentence(code="trouble").said(language), "value": trouble},
    ]
    notices = tuple(
        Notice(
            template="W_unreadable",
            to=Recipient(address=address, role=Role.AGENT, language=language),
            values={"said": "", "found": found, "commands": []},
        )
        for address in addresses
    )
    return Decision(verdict=Verdict.HELD, reason="failed", notices=notices)
