"""Tell a team of a mail that could not be handled: it is held, nothing is lost (F-43, X-44)."""

from __future__ import annotations

from datetime import timedelta

from handlers.decision import Decision, Notice, Recipient, Value, Verdict
from handlers.desk import Desk, Team
from handlers.sentence import Sentence
from handlers.ticket import Role
from handlers.visit import Visit

NOTICE = "W_held"
QUIET = timedelta(days=1)


def hold(visit: Visit, reason: str) -> Decision:
    """Return the decision that holds a mail whose sender cannot be answered, and tells the team.

    Once a day for each sender and reason: a flood or a loop is not multiplied.
    """
    if _is_told(visit, reason):
        return visit.verdict(Verdict.HELD, reason)
    team = visit.desk.team(visit.workflow.team_of(NOTICE))
    sentence = Sentence(code=reason, values={"sender": visit.mail.sender.address})
    trouble = sentence.said(team.language if team else visit.desk.language)
    notices = tell_team(visit.desk, team, visit.journal_id, trouble).notices
    return visit.verdict(Verdict.HELD, reason, (), notices)


def tell_team(desk: Desk, team: Team | None, journal_id: int, trouble: str) -> Decision:
    """Return a decision that only asks a team to look at a held mail."""
    addresses = team.addresses if team else ()
    language = team.language if team else desk.language
    found: list[Value] = [
        {"label": Sentence(code="held_mail").said(language), "value": str(journal_id)},
        {"label": Sentence(code="trouble").said(language), "value": trouble},
    ]
    notices = tuple(
        Notice(
            template=NOTICE,
            to=Recipient(address=address, role=Role.AGENT, language=language),
            values={"said": "", "found": found, "commands": []},
        )
        for address in addresses
    )
    return Decision(verdict=Verdict.HELD, reason="failed", notices=notices)


def _is_told(visit: Visit, reason: str) -> bool:
    """Tell whether the team was told today of another mail held for the same reason."""
    sender = visit.mail.sender.address.lower()
    return any(
        held.reason == reason
        and held.sender.lower() == sender
        and held.received_at is not None
        and visit.now - held.received_at < QUIET
        for held in visit.facts.held
    )
