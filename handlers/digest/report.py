"""What a digest tells, as values for its notice: words for people are in `templates/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers.book import Book
from handlers.calendar import Calendar
from handlers.decision import Value
from handlers.desk import Desk
from handlers.digest.figures import Figures, Spread, figures_of, is_late
from handlers.digest.record import Counted
from handlers.digest.standing import Standing, standings
from handlers.process.workflow import Workflow, said

_DAY = timedelta(days=1)
_MOST_DAYS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What one desk has to tell in a digest, perhaps together with others: its tickets as they stood."""

    desk: Desk
    workflow: Workflow
    stood: tuple[Standing, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """A digest to one reader: the time it tells of, in which language, how many tickets it names.

    `team` is the team it is for, "" for one who sees the whole desk. Times are counted in the hours that
    the desk is open by its `calendar`.
    """

    since: datetime
    at: datetime
    language: str
    lines: int
    calendar: Calendar
    team: str = ""

    def figures(self, stood: Sequence[Standing]) -> Figures:
        """Return the figures of these tickets for the time it tells of."""
        return figures_of(stood, since=self.since, at=self.at, worked=self._worked)

    def _worked(self, start: datetime, end: datetime) -> timedelta:
        return self.calendar.left(start, end, "bh")


def share_of(book: Book, desk: Desk, workflow: Workflow, *, since: datetime, at: datetime) -> Share:
    """Return how the tickets of a desk stood at an instant, and what happened to them since another."""
    counted = Counted(
        since=since,
        until=at,
        closed=[name for name, state in workflow.states.items() if not state.open],
        agents=[one.address for one in desk.agents],
        notices=[name for name, rule in workflow.notices.items() if rule.audience != "agent"],
    )
    stood = standings(book.records(counted), workflow, desk, since=since, at=at)
    return Share(desk=desk, workflow=workflow, stood=stood)


def language_for(workflow: Workflow, notice: str, *wanted: str) -> str:
    """Return the first of these languages that a digest is written in, else the first it is written in:
    its labels and its sentences are of one language."""
    written = workflow.languages_for(notice)
    return next((one for one in wanted if one in written), written[0])


def of_team(share: Share, team: str) -> Share:
    """Return what a desk has to tell one of its teams: the team's own tickets."""
    return replace(share, stood=tuple(one for one in share.stood if one.team == team))


def values_of(telling: Telling, shares: Sequence[Share]) -> dict[str, Value]:
    """Return the values of a digest. The first share is that of the desk that sends it."""
    first, whole = shares[0], telling.figures([one for share in shares for one in share.stood])
    owners = {one.record.id: share for share in shares for one in share.stood}
    label = first.workflow.teams.get(telling.team, {})
    named = whole.waiting[: telling.lines]
    return {
        "team": (said(label, telling.language) or telling.team) if telling.team else "",
        "since": telling.since.isoformat(),
        "at": telling.at.isoformat(),
        **_counts(whole),
        "oldest": _oldest(whole.oldest, telling.at, first.desk),
        "answer": _spread(whole.answer),
        "close": _spread(whole.close),
        "steps": _states(telling, shares),
        "days": _days(telling, shares),
        "processes": [] if telling.team else _processes(telling, shares),
        "teams": [] if telling.team else _teams(telling, shares),
        "lines": [_line(one, owners[one.record.id], telling) for one in named],
        "more": len(whole.waiting) - len(named),
        "parked": _parked(telling, shares),
    }


def _counts(figures: Figures) -> dict[str, Value]:
    return {
        "new": figures.new,
        "closed": figures.closed,
        "ours": figures.ours,
        "theirs": figures.theirs,
        "resting": figures.resting,
        "late": figures.late,
    }


def _processes(telling: Telling, shares: Sequence[Share]) -> list[Value]:
    return [
        {"label": said(one.workflow.label, telling.language), **_counts(telling.figures(one.stood))}
        for one in shares
    ]


def _teams(telling: Telling, shares: Sequence[Share]) -> list[Value]:
    """Return the counts of every team that has any; with several processes its name tells which."""
    found: list[Value] = []
    for share in shares:
        whose = f"{said(share.workflow.label, telling.language)} – " if len(shares) > 1 else ""
        for team, label in share.workflow.teams.items():
            stood = of_team(share, team).stood
            name = whose + said(label, telling.language)
            if stood:
                found.append({"label": name, **_counts(telling.figures(stood))})
    return found


def _states(telling: Telling, shares: Sequence[Share]) -> list[Value]:
    """Return how many wait for us in each state, the fullest first."""
    found = [
        (count, said(share.workflow.states[state].label, telling.language))
        for share in shares
        for state, count in telling.figures(share.stood).states
    ]
    return [[label, count] for count, label in sorted(found, key=lambda one: -one[0])]


def _line(one: Standing, share: Share, telling: Telling) -> Value:
    record, label = one.record, share.workflow.states[one.state].label
    agent = share.desk.agent(record.assignee)
    return {
        "key": record.key,
        "who": record.who,
        "state": said(label, telling.language),
        "since": one.since.isoformat(),
        "due": one.due.isoformat() if one.due else "",
        "late": is_late(one, telling.at),
        "assignee": agent.name or agent.address if agent else record.assignee,
    }


def _parked(telling: Telling, shares: Sequence[Share]) -> list[Value]:
    """Return the tickets whose messages were over a budget and wait for a person (X-30)."""
    stood = (one.record for share in shares for one in share.stood if one.record.parked)
    rows = sorted(stood, key=lambda one: (-one.parked, one.id))
    return [{"key": one.key, "who": one.who, "count": one.parked} for one in rows[: telling.lines]]


def _oldest(one: Standing | None, at: datetime, desk: Desk) -> dict[str, Value]:
    if one is None:
        return {}
    days = (_day(at, desk) - _day(one.since, desk)).days
    return {"key": one.record.key, "since": one.since.isoformat(), "days": days}


def _spread(spread: Spread | None) -> dict[str, Value]:
    """Return a spread in whole seconds, nothing for none."""
    if spread is None:
        return {}
    middle, most = (int(one.total_seconds()) for one in (spread.middle, spread.most))
    return {"count": spread.count, "middle": middle, "most": most}


def _days(telling: Telling, shares: Sequence[Share]) -> list[Value]:
    """Return what came and went on each day of the period, [] for one that is too long to show."""
    desk = shares[0].desk
    first, last = _day(telling.since, desk), _day(telling.at, desk)
    stood = [one for share in shares for one in share.stood]
    opened = [_day(one.record.opened_at, desk) for one in stood if one.opened]
    closed = [_day(one.since, desk) for one in stood if one.closed]
    length = (last - first).days + 1
    if length > _MOST_DAYS:
        return []
    return [
        [day.isoformat(), opened.count(day), closed.count(day)]
        for day in (first + n * _DAY for n in range(length))
    ]


def _day(instant: datetime, desk: Desk) -> date:
    return desk.calendar.day_of(instant)
