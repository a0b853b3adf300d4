"""The people of a desk: those of its configuration, and those its imported tables name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from daemon.office import Office
from handlers.book import Row
from handlers.desk import Agent, Desk, Level, Team
from storage.book import StoredBook

MOST_PEOPLE = 10_000


def office_of(tx: Connection, offices: Mapping[str, Office], desk: str) -> Office | None:
    """Return the office of a desk with everybody who works there as of this transaction, or None."""
    office = offices.get(desk)
    return replace(office, desk=staffed(tx, office.desk)) if office else None


def staffed(tx: Connection, desk: Desk) -> Desk:
    """Return the desk with the agents and teams of its tables `agents` and `teams` beside those of
    its configuration. The configuration has the last word on an agent; addresses of a team add up."""
    book = StoredBook(tx, desk.name)
    if not book.has_any("agents", "teams"):
        return desk
    agents = book.rows("agents", {}, limit=MOST_PEOPLE)
    teams = book.rows("teams", {}, limit=MOST_PEOPLE)
    more = tuple(_agent(row, desk) for row in agents if desk.agent(row["address"]) is None)
    return replace(desk, agents=(*desk.agents, *more), teams=_teams(desk, teams))


def _agent(row: Row, desk: Desk) -> Agent:
    return Agent(
        address=row["address"],
        name=row["name"],
        level=Level[row.get("level", "").upper() or "AGENT"],
        language=row.get("language") or desk.language,
    )


def _teams(desk: Desk, rows: Iterable[Row]) -> tuple[Team, ...]:
    found = {team.name: team for team in desk.teams}
    for row in rows:
        name, language = row["team"], row.get("language") or desk.language
        team = found.get(name) or Team(name=name, addresses=(), language=language)
        addresses = tuple(dict.fromkeys((*team.addresses, row["address"])))
        found[name] = replace(team, addresses=addresses)
    return tuple(found.values())
