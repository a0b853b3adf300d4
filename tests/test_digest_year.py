"""The digest of any day of a year is what asking the tables directly says, in plain SQL."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from sqlalchemy import text

from benchmarks.year import fired, simulate
from benchmarks.year_desk import OFFICE as OFFICE_OF_YEAR
from daemon.digests import Reader, digest_of
from daemon.office import Office
from handlers.desk import Agent, Desk, Team
from handlers.digest.figures import figures_of
from handlers.digest.report import share_of
from handlers.token import KeyRing
from storage.book import StoredBook
from storage.store import Store

from .journeys import AGENTS, BEGIN, MONTH, RMA, travel
from .stores import store, store_url

__all__ = ["store", "store_url"]

DESK = Desk(
    name="rma",
    workflow="rma",
    addresses=("rma@desk.example",),
    agents=tuple(Agent(address=one, name=one) for one in AGENTS),
    teams=tuple(Team(name=one, addresses=(f"{one}@desk.example",)) for one in RMA.teams),
)
OFFICE = Office(desk=DESK, workflow=RMA, keys=KeyRing(current="", keys={}))
CLOCKS = ("T-etude", "T-devis", "T-verif")
STATES = """
    SELECT id, opened_at, (
        SELECT to_state FROM step WHERE ticket_id = ticket.id AND at <= :at
        ORDER BY id DESC LIMIT 1
    ) AS state, (
        SELECT max(at) FROM step
        WHERE ticket_id = ticket.id AND at <= :at AND from_state <> to_state
    ) AS since
    FROM ticket WHERE opened_at <= :at ORDER BY id
"""
ANSWERS = """
    SELECT outbox.ticket_id, min(outbox.queued_at) AS first, min(ticket.requested_at) AS asked
    FROM outbox JOIN journal ON outbox.cause = 'm' || journal.id
    JOIN ticket ON ticket.id = outbox.ticket_id
    WHERE journal.sender IN ('ana@desk.example', 'bob@desk.example')
    AND outbox.notice LIKE 'N%' AND outbox.visibility = 'public' GROUP BY outbox.ticket_id
    HAVING min(outbox.queued_at) > :since AND min(outbox.queued_at) <= :at
"""
NUDGED = {  # after how many business days somebody of the desk is told, see rma.yaml
    "submitted": 2, "in_study": 2, "quote_due": 3, "order_to_check": 1,
}  # fmt: skip
PARIS = ZoneInfo("Europe/Paris")
FREE = holidays.country_holidays("FR", years=range(2025, 2029))


@pytest.fixture
def year(store):
    travel(store, 100)
    return store


def days():
    """Some evenings of the year, the first and last days among them."""
    chance = random.Random(7)
    some = [BEGIN + timedelta(hours=chance.randrange(1, 24 * 370)) for _ in range(6)]
    return [BEGIN + timedelta(hours=1), *sorted(some), BEGIN + 12 * MONTH + timedelta(days=9)]


def instant(told):
    """SQLite keeps moments as words."""
    if isinstance(told, str):
        told = datetime.fromisoformat(told)
    return told.astimezone(UTC) if told.tzinfo else told.replace(tzinfo=UTC)


def asked(tx, query, at, since):
    """Ask in plain SQL; the parameters are moments as the database keeps them."""
    keep = (lambda one: one) if tx.dialect.name == "postgresql" else _as_words
    given = {name: keep(one) for name, one in (("at", at), ("since", since)) if f":{name}" in query}
    return tx.execute(text(query), given).all()


def _as_words(at):
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def turn(state):
    rule = RMA.states[state]
    return rule.waits_for if rule.open else "closed"


def due(since, days_left):
    """The same wall-clock time so many business days later, counted one by one."""
    wall = since.astimezone(PARIS)
    while days_left:
        wall += timedelta(days=1)
        days_left -= wall.weekday() < 5 and wall.date() not in FREE
    return wall


def expected(tx, at, since):
    rows = [
        (row.id, instant(row.opened_at), row.state, instant(row.since))
        for row in asked(tx, STATES, at, since)
    ]
    ours = [row for row in rows if turn(row[2]) == "desk"]
    answers = asked(tx, ANSWERS, at, since)
    took = sorted(instant(row.first) - instant(row.asked) for row in answers)
    return {
        "new": sum(opened > since for _, opened, _, _ in rows),
        "closed": sum(turn(state) == "closed" and entered > since for _, _, state, entered in rows),
        "ours": {row[0] for row in ours},
        "theirs": sum(turn(row[2]) == "customer" for row in rows),
        "answers": took,
    }


def test_the_figures_of_any_day_are_those_of_a_direct_query(year):
    with year.read() as tx:
        for at in days():
            since = at - timedelta(days=5)
            share = share_of(StoredBook(tx, "rma"), DESK, RMA, since=since, at=at)
            told = figures_of(share.stood, since=since, at=at, worked=lambda a, b: b - a)
            want = expected(tx, at, since)
            assert (told.new, told.closed, told.theirs) == (
                want["new"], want["closed"], want["theirs"],
            )  # fmt: skip
            assert {one.record.id for one in told.waiting} == want["ours"]
            assert (told.answer.count if told.answer else 0) == len(want["answers"])
            if told.answer:
                assert told.answer.most in want["answers"]
                assert (
                    sum(one <= told.answer.most for one in want["answers"])
                    >= 0.9 * told.answer.count
                )


def test_what_is_overdue_on_any_day_is_what_counting_the_days_says(year):
    """T-etude runs on from the submission into the study: two states share it."""
    with year.read() as tx:
        for at in days():
            stood = share_of(
                StoredBook(tx, "rma"), DESK, RMA, since=at - timedelta(days=1), at=at
            ).stood
            for one in stood:
                if one.state in ("quote_due", "order_to_check"):
                    assert one.due == due(one.since, NUDGED[one.state]).astimezone(UTC)


def test_the_teams_of_a_desk_share_its_tickets(year):
    at = BEGIN + 5 * MONTH
    with year.read() as tx:
        whole = told(tx, at)
        parts = [told(tx, at, team) for team in RMA.teams]
    for name in ("new", "closed", "ours", "theirs", "late"):
        assert sum(part[name] for part in parts) == whole[name]


def told(tx, at, team=""):
    reader = Reader(address="nobody", language="en", desks=("rma",), team=team)
    notice = digest_of(tx, {"rma": OFFICE}, reader, "weekly", day=at.date(), now=at)
    return notice.values


def test_what_is_told_of_a_day_stays_the_same_when_time_goes_on(store):
    """A digest of the past knows nothing of what came after it."""
    travel(store, 60, seed=3, length=2 * MONTH)
    at = BEGIN + MONTH
    with store.read() as tx:
        before = told(tx, at)
    with store.write() as tx:
        tx.execute(
            text("DELETE FROM step WHERE at > :at"),
            {"at": at if tx.dialect.name == "postgresql" else _as_words(at)},
        )
        after = told(tx, at)
    assert {k: v for k, v in before.items() if k != "lines"} == {
        k: v for k, v in after.items() if k != "lines"
    }


def test_who_is_overdue_in_a_simulated_year_is_who_the_clocks_fired_for(tmp_path):
    """Questions to customers stop the clocks, moves between states that share one do not (`benchmarks.year`)."""
    year = Store.open(f"sqlite:///{tmp_path / 'year.sqlite3'}", durable=False)
    simulate(year, tickets=60, seed=5)
    fired_at = {(one, at) for one, name, nth, at in fired(year) if name in CLOCKS and nth == 1}
    chance, late = random.Random(1), 0
    for _ in range(40):
        at = BEGIN + timedelta(hours=chance.randrange(24 * 360))
        with year.read() as tx:
            stood = share_of(StoredBook(tx, "rma"), OFFICE_OF_YEAR.desk, RMA, since=at, at=at).stood
        for one in stood:
            assert (one.due is None or one.due > at) or (one.record.id, one.due) in fired_at
            late += one.due is not None and one.due <= at
            wrongly = [t for i, t in fired_at if i == one.record.id and one.since < t <= at]
            assert not (wrongly and one.turn == "desk" and one.due is None)
    year.close()
    assert late
