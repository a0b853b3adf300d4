"""What the clocks of the simulated year must do, computed from what people did and from nothing of savd:
its own list of holidays, its own table of timers, its own arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

Firing: TypeAlias = tuple[int, str, int, datetime]

PARIS: Final = ZoneInfo("Europe/Paris")
OFF: Final = frozenset(
    date.fromisoformat(day)
    for day in (
        *("2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25"),
        *("2026-07-14", "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25", "2027-01-01"),
        *("2027-03-29", "2027-05-01", "2027-05-06", "2027-05-08", "2027-05-17"),
    )
)
DAY: Final = timedelta(days=1)
REMINDS, ENDS, NUDGES = "reminds", "ends", "nudges"
CLOCKS: Final = {
    "T-incomplet": (("to_complete",), ((2, "bd"), (7, "bd")), REMINDS),
    "T-incomplet-fin": (("to_complete",), ((21, "d"),), ENDS),
    "T-etude": (("submitted", "in_study"), ((2, "bd"),), NUDGES),
    "T-devis": (("quote_due",), ((3, "bd"),), NUDGES),
    "T-relance-devis": (("quote_sent",), ((7, "d"), (14, "d")), REMINDS),
    "T-validite": (("quote_sent",), ((30, "d"),), ENDS),
    "T-verif": (("order_to_check",), ((1, "bd"),), NUDGES),
    "T-retour": (("awaiting_material",), ((10, "d"), (20, "d")), REMINDS),
    "T-retour-fin": (("awaiting_material",), ((30, "d"),), ENDS),
}
DATED: Final = "T-validite"
HOLDS: Final = {"absent": (REMINDS, ENDS), "bounced": (REMINDS, ENDS), "info": (NUDGES,)}
RELEASES: Final = {"mended": "bounced", "answer": "info"}


@dataclass(kw_only=True, slots=True)
class Life:
    """What people did on a ticket: when, what, and the state after it; the day an absence ends."""

    acts: list[tuple[datetime, str, str, str]] = field(default_factory=list)

    def note(self, at: datetime, what: str, state: str, until: str) -> None:
        """Add an act."""
        self.acts.append((at, what, state, until))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hold:
    kind: str
    begin: datetime
    end: datetime | None


def expected(lives: Mapping[int, Life], end: datetime) -> Iterator[Firing]:
    """Yield every firing that the year must have had before its end."""
    for ticket_id, life in lives.items():
        for name, nth, at in _of_life(life, end):
            yield ticket_id, name, nth, at


def difference(found: Iterable[Firing], wanted: Iterable[Firing]) -> list[str]:
    """Return a line for each firing that is missing, too many or at another moment."""
    have, must = Counter(found), Counter(wanted)
    missing = [f"missing {one}" for one in (must - have).elements()]
    return missing + [f"too many {one}" for one in (have - must).elements()]


def _of_life(life: Life, end: datetime) -> Iterator[tuple[str, int, datetime]]:
    for name, (states, delays, kind) in CLOCKS.items():
        for begin, leaves in _stays(life, states, end):
            ends = [_ending(life, one, begin, leaves) for one in ("absent", "bounced", "info")]
            holds = [one for one in ends if one is not None]
            limit = _limit(life, states, begin, holds) if kind != NUDGES else None
            last = min(leaves, limit) if limit is not None else leaves
            plans = [_planned(life, name, begin, one, kind) for one in delays]
            due = [
                (_due(plan, unit, kind, holds, name == DATED), nth)
                for nth, (plan, (_, unit)) in enumerate(zip(plans, delays, strict=True), 1)
            ]
            at_once = {at: nth for at, nth in due if at is not None}
            for at, nth in at_once.items():
                if at < last or (kind == ENDS and at == last and at < leaves):
                    yield name, nth, at


def _limit(
    life: Life, states: tuple[str, ...], begin: datetime, holds: list[_Hold]
) -> datetime | None:
    """Return when the stay in these states ends by itself."""
    for name, (other, delays, kind) in CLOCKS.items():
        if kind == ENDS and other == states:
            planned = _planned(life, name, begin, delays[0], kind)
            return _due(planned, "d", kind, holds, name == DATED)
    return None


def _planned(life: Life, name: str, begin: datetime, delay: tuple[int, str], kind: str) -> datetime:
    """Return when a clock fires that nothing holds; a quote is valid for thirty days from its own."""
    planned = _plus(begin, *delay)
    if kind != ENDS:
        return _loud(planned)
    quoted = [at for at, what, _, _ in life.acts if what == "quote" and at <= begin]
    valid = _end_of(_plus(quoted[-1], 30, "d")) if name == DATED else begin
    return valid if valid > begin else _end_of(planned)


def _stays(
    life: Life, states: tuple[str, ...], end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield when a ticket came into some states and when a person moved it out of them."""
    begin, before = None, ""
    for at, _, state, _ in life.acts:
        if begin is None and state in states and before not in states:
            begin = at
        elif begin is not None and state not in states:
            yield begin, at
            begin = None
        before = state
    if begin is not None:
        yield begin, end


def _ending(life: Life, kind: str, begin: datetime, leaves: datetime) -> _Hold | None:
    """Return the hold of a kind that began in a stay: at most one does."""
    here = [one for one in life.acts if begin <= one[0] < leaves]
    start = next(((at, until) for at, what, _, until in here if what == kind), None)
    if start is None:
        return None
    at, until = start
    released = next((when for when, what, _, _ in here if RELEASES.get(what) == kind), None)
    if kind == "absent":
        released = _opens(date.fromisoformat(until))
    if kind == "info":
        patience = _plus(at, 5, "bd")
        released = min(released, patience) if released else patience
    return _Hold(kind=kind, begin=at, end=None if released is None else max(released, at))


def _due(
    planned: datetime, unit: str, kind: str, holds: list[_Hold], dated: bool
) -> datetime | None:
    """Return when a clock fires, None when it stands still for good. A dated one keeps its day."""
    for hold in holds:
        if kind not in HOLDS[hold.kind] or hold.begin >= planned:
            continue
        if hold.end is None:
            return None
        if not dated or planned <= hold.end:
            planned = _resumed(planned, unit, kind, hold, hold.end)
    return planned


def _resumed(planned: datetime, unit: str, kind: str, hold: _Hold, end: datetime) -> datetime:
    if kind == REMINDS and hold.kind == "absent":
        return _loud(max(planned, end))
    left = _between(hold.begin, planned, unit)
    due = _spend(end, left, unit)
    return _end_of(due) if kind == ENDS else _loud(due)


def _wall(at: datetime) -> datetime:
    return at.astimezone(PARIS).replace(tzinfo=None)


def _utc(wall: datetime) -> datetime:
    return wall.replace(tzinfo=PARIS).astimezone(UTC)


def _works(day: date) -> bool:
    return day.isoweekday() < 6 and day not in OFF


def _plus(at: datetime, count: int, unit: str) -> datetime:
    wall = _wall(at)
    if unit == "d":
        return _utc(wall + count * DAY)
    while count:
        wall += DAY
        count -= _works(wall.date())
    return _utc(wall)


def _end_of(at: datetime) -> datetime:
    return _utc(_wall(at).replace(hour=23, minute=59, second=59, microsecond=0))


def _loud(at: datetime) -> datetime:
    wall = _wall(at)
    minutes = wall.hour * 60 + wall.minute
    if _works(wall.date()) and 450 <= minutes < 1200:
        return at
    if minutes >= 450 or not _works(wall.date()):
        wall += DAY
        while not _works(wall.date()):
            wall += DAY
    return _utc(wall.replace(hour=7, minute=30, second=0, microsecond=0))


def _opens(day: date) -> datetime:
    while not _works(day):
        day += DAY
    return _utc(datetime(day.year, day.month, day.day, 8))  # noqa: DTZ001 - the clock on the wall


def _between(start: datetime, end: datetime, unit: str) -> timedelta:
    first, last = _wall(start), _wall(end)
    if unit == "d":
        return last - first
    total, midnight = timedelta(), first.replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight < last:
        if _works(midnight.date()):
            total += min(midnight + DAY, last) - max(midnight, first)
        midnight += DAY
    return total


def _spend(start: datetime, left: timedelta, unit: str) -> datetime:
    wall = _wall(start)
    if unit == "d":
        return _utc(wall + left)
    while True:
        tomorrow = wall.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
        if not _works(wall.date()):
            wall = tomorrow
        elif tomorrow - wall >= left:
            return _utc(wall + left)
        else:
            left -= tomorrow - wall
            wall = tomorrow
