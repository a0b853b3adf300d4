"""Organisations are asked once a day what they paid, at their time, whenever savd runs (Q-46)."""

from datetime import UTC, datetime

import pytest

from daemon.clock import SetClock
from daemon.office import Office
from daemon.organisations.payment_rounds import PaymentRounds
from daemon.pipeline import Pipeline
from handlers.desk import Desk, Organisation
from handlers.errors import StoreUnavailable
from handlers.token import KeyRing
from handlers.workflow_file import shipped
from storage import errands
from storage.migrations import migrate
from storage.store import Store

NIGHT = datetime(2026, 11, 3, 1, 30, tzinfo=UTC)  # half past two in Paris


def offices(**changes):
    given = {"name": "ecosystem", "transport": "http", "payments_at": "02:30"} | changes
    desk = Desk(
        name="bonus",
        workflow="repair_bonus",
        addresses=("bonus@desk.example",),
        organisations=(Organisation(**given),),
    )
    office = Office(desk=desk, workflow=shipped("repair_bonus"), keys=KeyRing(current="", keys={}))
    return {"bonus": office}


def rounds(**changes):
    return PaymentRounds(offices(**changes))


def test_a_round_begins_at_its_time_and_once_a_day():
    mine = rounds()
    assert mine.due(NIGHT.replace(minute=29)) == ()
    (one,) = mine.due(NIGHT)
    assert (one.key, one.ticket_id) == ("d20261103-bonus-ecosystem.0.payments.0", None)
    mine.remember([one])
    assert mine.due(NIGHT.replace(hour=12)) == ()
    assert len(mine.due(NIGHT.replace(day=4))) == 1


def test_a_round_that_was_missed_is_made_up_for_and_has_the_same_key():
    (late,) = rounds().due(NIGHT.replace(hour=9))
    assert late.key == "d20261103-bonus-ecosystem.0.payments.0"


def test_nobody_is_asked_who_is_reached_by_a_person_or_never():
    for changes in ({"transport": "person"}, {"payments_at": ""}, {"name": "other"}):
        assert rounds(**changes).due(NIGHT) == ()


def test_a_round_is_asked_again_when_the_database_was_lost_before_it_was_kept(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path / 'savd.sqlite3'}", durable=False)
    migrate(store)
    pipeline = Pipeline(
        store=store, offices=offices(), clock=SetClock(NIGHT), ring=lost_once(StoreUnavailable("x"))
    )
    with pytest.raises(StoreUnavailable):
        pipeline.hear_answers()
    assert [pipeline.hear_answers(), pipeline.hear_answers()] == [1, 0]
    with store.read() as tx:
        assert [row.operation for row in errands.listed(tx)] == ["payments"]
    store.close()


def lost_once(error):
    """Return a bell that fails the first time."""
    troubles = [error]

    def ring(_tx):
        if troubles:
            raise troubles.pop()

    return ring
