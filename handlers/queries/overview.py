"""Answer an agent who asks how the tickets stand: the digest of a time, by mail (X-43)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from handlers.book import value_key
from handlers.customers.acknowledgement import agent_recipient
from handlers.decision import Decision, Verdict
from handlers.desk import Agent, Desk
from handlers.digest.report import Telling, language_for, of_team, share_of, values_of
from handlers.digest.rounds import DAILY, round_of
from handlers.process.workflow import Workflow
from handlers.queries.query import TEAM, Query
from handlers.visit import Visit

NOTICE = "W_digest_daily"


def answer_overview(visit: Visit, query: Query, agent: Agent) -> Decision:
    """Return the decision that sends a digest: of the days that are asked about, else of the time since
    the last open day; of a team when one is named."""
    desk, workflow = visit.desk, visit.workflow
    since, at = _span(query, desk, visit.now)
    share = share_of(visit.facts.book, desk, workflow, since=since, at=at)
    team = _team(query.values.get(TEAM, ""), workflow)
    telling = Telling(
        since=since,
        at=at,
        language=language_for(workflow, NOTICE, agent.language, desk.language),
        lines=desk.digest.lines,
        calendar=desk.calendar,
        team=team,
    )
    values = values_of(telling, [of_team(share, team) if team else share])
    notice = visit.agent_notice(NOTICE, agent_recipient(agent), **values)
    notice = replace(notice, ticket_id=None)  # whatever ticket the question came in on
    return visit.verdict(Verdict.APPLIED, f"asked_{query.name}", (), (notice,))


def _span(query: Query, desk: Desk, now: datetime) -> tuple[datetime, datetime]:
    """Return the time that is asked about: whole days on the wall of the desk, up to now at most."""
    today = desk.calendar.day_of(now)
    if not query.first and not query.last:
        return round_of(desk, DAILY, today).since, now
    last = min(query.last or today, today)
    first = min(query.first or last, last)
    return _begin(first, desk), min(desk.calendar.end_of_day(last), now)


def _begin(day: date, desk: Desk) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(desk.time_zone)).astimezone(UTC)


def _team(written: str, workflow: Workflow) -> str:
    """Return the team that a word names: by its name or a label, or by a part that only one label has;
    "" for none."""
    wanted = value_key(written)
    known = {
        team: [value_key(one) for one in (team, *labels.values())]
        for team, labels in workflow.teams.items()
    }
    whole = [team for team, names in known.items() if wanted in names]
    part = [team for team, names in known.items() if any(wanted in name for name in names)]
    found = whole or part
    return found[0] if wanted and len(found) == 1 else ""
