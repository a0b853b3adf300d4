"""The figures of a digest: how many tickets wait for whom, how long people waited, what comes first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from handlers.digest.standing import Standing

Worked: TypeAlias = Callable[[datetime, datetime], timedelta]
"""How much time passed between two instants, as the desk counts it."""

_PRIORITIES = ("high", "normal", "low")


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How long something took: how often it happened, the median, and what nine of ten did not exceed."""

    count: int
    middle: timedelta
    most: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How the tickets of a desk or team stood at an instant, and what happened in the period before it.

    `ours` wait for the desk, `theirs` for the customer, `resting` are open and nobody's turn, `late`
    are those of ours that waited longer than the process allows. `states` counts ours by state,
    the fullest first. `waiting` are ours, the worst first; `oldest` is the one that waits longest.
    """

    new: int = 0
    closed: int = 0
    ours: int = 0
    theirs: int = 0
    resting: int = 0
    late: int = 0
    states: tuple[tuple[str, int], ...] = ()
    waiting: tuple[Standing, ...] = ()
    oldest: Standing | None = None
    answer: Spread | None = None
    close: Spread | None = None


def figures_of(
    stood: Sequence[Standing], *, since: datetime, at: datetime, worked: Worked
) -> Figures:
    """Return the figures of tickets as they stood `at` an instant."""
    turns = Counter(one.turn for one in stood if one.open)
    ours = [one for one in stood if one.open and one.turn == "desk"]
    return Figures(
        new=sum(one.opened for one in stood),
        closed=sum(one.closed for one in stood),
        ours=len(ours),
        theirs=turns["customer"],
        resting=turns["nobody"],
        late=sum(is_late(one, at) for one in ours),
        states=tuple(Counter(one.state for one in ours).most_common()),
        waiting=tuple(sorted(ours, key=lambda one: _urgency(one, at))),
        oldest=min(ours, key=lambda one: (one.since, one.record.id), default=None),
        answer=spread_of(_answers(stood, since, at, worked)),
        close=spread_of(worked(one.record.requested_at, one.since) for one in stood if one.closed),
    )


def is_late(one: Standing, at: datetime) -> bool:
    """Tell whether a ticket waited longer than its process allows."""
    return one.due is not None and one.due <= at


def spread_of(times: Iterable[timedelta]) -> Spread | None:
    """Return median and 90th percentile (the nearest rank) of times, None without any."""
    ordered = sorted(times)
    if not ordered:
        return None
    count = len(ordered)
    middle = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    return Spread(count=count, middle=middle, most=ordered[math.ceil(0.9 * count) - 1])


def _answers(
    stood: Iterable[Standing], since: datetime, at: datetime, worked: Worked
) -> Iterable[timedelta]:
    """Yield how long those waited whose first answer was given in the period."""
    for one in stood:
        answered = one.record.answered_at
        if answered is not None and since < answered <= at:
            yield worked(one.record.requested_at, answered)


def _urgency(one: Standing, at: datetime) -> tuple[object, ...]:
    """Return what lists sort by: the late ones, those most urgent to their team, the next due, the oldest."""
    priority = one.record.priority
    rank = _PRIORITIES.index(priority) if priority in _PRIORITIES else 1
    return (not is_late(one, at), rank, one.due is None, one.due or one.since, one.record.id)
