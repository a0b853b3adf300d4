"""Digests: tell teams and managers how the tickets of their desks stand, once a day or week (X-33).

What is due is asked of the clock, what was sent is a row: whoever is first to write it sends, in the same
transaction; a digest that nobody could send at its time is made up for once, and covers what the
last one did not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from daemon import log
from daemon.office import Office
from handlers.decision import Notice, Recipient
from handlers.desk import Desk
from handlers.digest.report import Share, Telling, language_for, of_team, share_of, values_of
from handlers.digest.rounds import DAILY, KINDS, WEEKLY, Round, round_due, round_of
from handlers.errors import StoreUnavailable
from handlers.ticket import Role
from storage import digest_rounds, outbox
from storage.book import StoredBook
from storage.digest_leavers import leavers
from storage.store import savepoint
from templates.message import compose

_TELLING = ("new", "closed", "ours", "parked")
"""What a daily digest must have some of to be sent."""

NOTICES = {DAILY: "W_digest_daily", WEEKLY: "W_digest_weekly"}
LONGEST = timedelta(days=31)
"""What a digest looks back to when earlier ones were missed."""

LATE = timedelta(hours=1)
"""How late the first digest of a desk may be; later ones are made up for."""

SETTLING = timedelta(minutes=15)
"""How long what waited elsewhere for us may take to come in, after a start."""

_trouble = logging.getLogger("savd.trouble")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Who gets a digest: an address, its language, and its team, "" for a manager, who is told of all
    `desks` that name them."""

    address: str
    language: str
    desks: tuple[str, ...]
    team: str = ""


class Digests:
    """The digests of every desk; remembers which are done, so that a look costs nothing."""

    def __init__(self, offices: Mapping[str, Office]) -> None:
        self._offices = offices
        self._done: set[Round] = set()
        self._began: datetime | None = None

    def due(self, now: datetime) -> tuple[Round, ...]:
        """Return the digests whose time has come and that are not remembered, the weekly ones first. After
        an outage those that are late wait a while: what came in meanwhile is decided before."""
        self._began = self._began or now
        starting = now - self._began < SETTLING
        found = (
            round_due(office.desk, kind, now)
            for kind in reversed(KINDS)
            for office in self._offices.values()
        )
        coming = (one for one in found if one is not None and one not in self._done)
        return tuple(one for one in coming if not (starting and now - one.at > SETTLING))

    def remember(self, rounds: Iterable[Round]) -> None:
        """Learn that these are kept durably."""
        self._done |= set(rounds)

    def send(self, tx: Connection, rounds: Iterable[Round], now: datetime) -> int:
        """Queue the digests that nobody sent yet. Return how many messages."""
        return sum(self._try(tx, one, now) for one in rounds)

    def _try(self, tx: Connection, one: Round, now: datetime) -> int:
        """Send one digest; one that fails is told and left out, the others go."""
        try:
            with savepoint(tx):
                return self._send(tx, one, now)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - whatever it was, nobody's mail waits for it
            _trouble.exception("the %s digest of %s could not be sent", one.kind, one.desk)
            return 0

    def _send(self, tx: Connection, one: Round, now: datetime) -> int:
        since, late = since_of(tx, one), now - one.at > LATE
        if late and digest_rounds.last_before(tx, one.desk, one.kind, one.day) is None:
            digest_rounds.take(tx, one.desk, one.kind, one.day, since=since, at=one.at)
            return 0  # nobody missed it: the desk has only just begun to have digests
        if not digest_rounds.take(tx, one.desk, one.kind, one.day, since=since, at=now):
            return 0
        office = self._offices[one.desk]
        if one.kind == WEEKLY:  # it says all that the daily one of the same morning would
            today = round_due(office.desk, DAILY, now)
            if today is not None:
                day = {"since": since_of(tx, today), "at": now}
                digest_rounds.take(tx, one.desk, DAILY, today.day, **day)
        told = [
            compose(
                notice,
                ticket=None,
                desk=office.desk,
                workflow=office.workflow,
                keys=office.keys,
                cause=one.cause,
                now=now,
                files={},
                site=office.templates_dir,
                signing=office.signing,
            )
            for notice in notices_of(tx, self._offices, one.desk, one.kind, since=since, at=now)
        ]
        outbox.queue(tx, one.desk, told, now)
        log.digest(desk=one.desk, kind=one.kind, day=one.day.isoformat(), messages=len(told))
        return len(told)


def since_of(tx: Connection, one: Round) -> datetime:
    """Return since when a digest counts: where the last one ended, else as the calendar says."""
    last = digest_rounds.last_before(tx, one.desk, one.kind, one.day)
    return max(last, one.at - LONGEST) if last is not None else one.since


def notices_of(
    tx: Connection,
    offices: Mapping[str, Office],
    desk: str,
    kind: str,
    *,
    since: datetime,
    at: datetime,
) -> Iterator[Notice]:
    """Yield the digest of a desk for each of its readers. Nobody gets a daily one that has nothing to
    say; the weekly one comes always, so that its absence means something."""
    shares: dict[str, Share] = {}
    gone = leavers(tx, desk)
    for reader in (
        one for one in readers_of(offices, desk, kind) if one.address.lower() not in gone
    ):
        for name in reader.desks:
            if name not in shares:
                shares[name] = _share(tx, offices[name], since, at)
        mine = [shares[name] for name in reader.desks]
        notice = _notice(offices[desk].desk, reader, kind, mine, since=since, at=at)
        if kind == WEEKLY or any(notice.values[name] for name in _TELLING):
            yield notice


def digest_of(
    tx: Connection,
    offices: Mapping[str, Office],
    reader: Reader,
    kind: str,
    *,
    day: date,
    now: datetime,
) -> Notice:
    """Return the digest of any day for a reader, sent or not: what was sent tells of the same time again,
    another of the time up to the hour of that day's, or up to now."""
    first = offices[reader.desks[0]]
    one = round_of(first.desk, kind, day)
    sent = digest_rounds.span_of(tx, one.desk, kind, day)
    since, at = sent or (since_of(tx, one), min(one.at, now))
    shares = [_share(tx, offices[name], since, at) for name in reader.desks]
    return _notice(first.desk, reader, kind, shares, since=since, at=at)


def readers_of(offices: Mapping[str, Office], desk: str, kind: str) -> Iterator[Reader]:
    """Yield who gets the digests of a desk. A manager whom several desks name gets one mail, from the
    first of them, about all."""
    mine = offices[desk].desk
    for team in (one for one in mine.teams if one.name in mine.digest.teams):
        for address in team.addresses:
            yield Reader(address=address, language=team.language, desks=(desk,), team=team.name)
    for address in mine.digest.managers:
        desks = tuple(n for n, o in offices.items() if _manages(o.desk, address, kind))
        if desks[:1] == (desk,):
            agent = mine.agent(address)
            language = agent.language if agent else mine.language
            yield Reader(address=address, language=language, desks=desks)


def _manages(desk: Desk, address: str, kind: str) -> bool:
    wanted = desk.digest.daily if kind == DAILY else desk.digest.weekly
    return bool(wanted) and address.lower() in (one.lower() for one in desk.digest.managers)


def _share(tx: Connection, office: Office, since: datetime, at: datetime) -> Share:
    book = StoredBook(tx, office.desk.name)
    return share_of(book, office.desk, office.workflow, since=since, at=at)


def _notice(
    desk: Desk,
    reader: Reader,
    kind: str,
    shares: list[Share],
    *,
    since: datetime,
    at: datetime,
) -> Notice:
    name, workflow = NOTICES[kind], shares[0].workflow
    language = language_for(workflow, name, reader.language, desk.language)
    telling = Telling(
        since=since,
        at=at,
        language=language,
        lines=desk.digest.lines,
        calendar=desk.calendar,
        team=reader.team,
    )
    mine = [of_team(one, reader.team) for one in shares] if reader.team else shares
    to = Recipient(address=reader.address, role=Role.AGENT, language=language)
    values = values_of(telling, mine)
    return Notice(template=name, to=to, values=values, team=reader.team, recurring=True)
