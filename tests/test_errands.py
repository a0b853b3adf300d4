"""What is asked of an organisation is asked once, and its answer is kept until it is decided."""

from datetime import timedelta

import pytest

from handlers.errands.errand import Answer, Errand, ErrandState, Payment, Problem
from storage import errands, listing, nodes
from storage.erase import erase
from storage.errands import WAITS

from .stores import NOW, store, store_url

__all__ = ["store", "store_url"]

MINUTE = timedelta(minutes=1)


def an_errand(key="m1.1000.submit.0", **changes):
    given = {
        "key": key,
        "desk": "bonus",
        "organisation": "ecosystem",
        "operation": key.split(".")[2],
        "ticket_id": 1000,
        "body": {"Product": {"SerialNumber": "SN1"}},
    }
    return Errand(**{**given, **changes})


def queue(store, *asked):
    with store.write() as tx:
        return errands.queue(tx, asked, NOW)


def claim(store, now=NOW, organisation="ecosystem"):
    with store.write() as tx:
        return errands.claim(tx, 1, "bonus", organisation, now)


def answered(store):
    with store.write() as tx:
        return errands.answered(tx, 10)


def states(store):
    with store.read() as tx:
        return dict(errands.depth(tx))


def put_off(store, carried, now, *, doubtful=False):
    with store.write() as tx:
        return errands.put_off(tx, carried, "no answer", now, doubtful=doubtful)


def test_an_errand_is_kept_once_however_often_it_is_decided(store):
    assert queue(store, an_errand()) == 1
    assert queue(store, an_errand(body={"other": 1})) == 0
    carried = claim(store)
    assert carried.errand == an_errand()
    assert claim(store) is None


def test_the_errands_of_a_ticket_leave_in_their_order_those_of_another_ticket_meanwhile(store):
    queue(store, an_errand("m1.1000.upload.1"), an_errand("m1.1000.upload.2"))
    queue(store, an_errand("m2.2000.submit.0", ticket_id=2000))
    first = claim(store)
    assert first.errand.key == "m1.1000.upload.1"
    assert claim(store).errand.key == "m2.2000.submit.0"
    assert claim(store) is None
    with store.write() as tx:
        errands.record_answer(tx, first.errand.key, Answer(result="ok"))
    assert claim(store).errand.key == "m1.1000.upload.2"


def test_an_organisation_that_is_down_holds_up_no_other(store):
    queue(store, an_errand(), an_errand("m2.2000.check.0", ticket_id=2000, organisation="ecologic"))
    assert claim(store, organisation="ecologic").errand.organisation == "ecologic"


def test_an_attempt_that_failed_is_repeated_after_1_5_15_and_then_every_30_minutes(store):
    queue(store, an_errand())
    now = NOW
    for wait in (*WAITS, WAITS[-1]):
        carried = claim(store, now)
        assert put_off(store, carried, now)
        assert claim(store, now + wait - MINUTE) is None
        now += wait
    assert [wait // MINUTE for wait in WAITS] == [1, 5, 15, 30]


def test_after_a_day_a_person_is_told(store):
    queue(store, an_errand())
    carried = claim(store)
    assert not put_off(store, carried, NOW + timedelta(days=1))
    (one,) = answered(store)
    assert (one.answer.result, one.answer.values) == ("failed", {"trouble": "no answer"})


@pytest.mark.parametrize("operation,result", [("submit", "uncertain"), ("status", "failed")])
def test_what_may_have_arrived_and_is_given_up_is_uncertain_unless_it_only_reads(
    store, operation, result
):
    queue(store, an_errand(f"m1.1000.{operation}.0"))
    put_off(store, claim(store), NOW + timedelta(days=1), doubtful=True)
    (one,) = answered(store)
    assert one.answer.result == result


def test_an_attempt_under_way_when_the_program_dies_comes_again_in_doubt(store):
    queue(store, an_errand())
    assert not claim(store).doubtful
    with store.write() as tx:
        nodes.adopt_dead(tx, 2)
    assert claim(store).doubtful


def test_an_attempt_that_surely_did_not_arrive_leaves_no_doubt(store):
    queue(store, an_errand())
    put_off(store, claim(store), NOW)
    assert not claim(store, NOW + MINUTE).doubtful


def test_an_answer_is_kept_whole_until_it_is_settled(store):
    queue(store, an_errand())
    answer = Answer(
        result="invalid",
        values={"id": "42"},
        problems=(Problem(field="BRANDID", message="non valide"),),
        payments=(Payment(claim="42", reference="VIR-7", amount="50.00", paid_on="2026-11-21"),),
    )
    claim(store)
    with store.write() as tx:
        assert errands.record_answer(tx, an_errand().key, answer)
    (one,) = answered(store)
    assert (one.errand.key, one.answer) == (an_errand().key, answer)
    with store.write() as tx:
        errands.settle(tx, [one.errand.key])
    assert answered(store) == ()
    assert states(store) == {"done": 1}


def test_a_second_answer_to_the_same_errand_changes_nothing(store):
    queue(store, an_errand(state=ErrandState.SENT))
    for result, is_new in (("ok", True), ("invalid", False)):
        with store.write() as tx:
            assert errands.record_answer(tx, an_errand().key, Answer(result=result)) is is_new
    (one,) = answered(store)
    assert one.answer.result == "ok"


def test_what_a_person_settled_while_it_was_carried_stays_settled(store):
    queue(store, an_errand())
    carried = claim(store)
    with store.write() as tx:
        errands.settle(tx, [carried.errand.key])
    put_off(store, carried, NOW)
    assert states(store) == {"done": 1}
    assert claim(store, NOW + timedelta(hours=1)) is None


def test_what_was_handed_over_waits_for_its_answer_and_is_not_sent_again(store):
    queue(store, an_errand())
    carried = claim(store)
    with store.write() as tx:
        errands.hand_over(tx, carried.id, NOW)
        assert [one.key for one in errands.awaited(tx, "bonus", "ecosystem")] == [an_errand().key]
    assert claim(store, NOW + timedelta(days=1)) is None


def test_what_was_told_of_somebody_is_erased_with_them(store):
    queue(store, an_errand(body={"Customer": {"Email": "Anne.Noel@courriel.example"}}))
    queue(store, an_errand("m2.2000.submit.0", ticket_id=2000, body={"Serial": "SN1"}))
    with store.write() as tx:
        assert erase(tx, "anne.noel@courriel.example")["errands"] == 1
    assert claim(store).errand.ticket_id == 2000
    with store.read() as tx:
        told = {line["key"]: line["body"] for line in listing.errands(tx)}
    assert told == {"m1.1000.submit.0": {}, "m2.2000.submit.0": {"Serial": "SN1"}}


def test_errands_are_listed_newest_first_and_by_state(store):
    queue(store, an_errand(), an_errand("m2.2000.submit.0", ticket_id=2000))
    claim(store)
    with store.read() as tx:
        assert [line["ticket_id"] for line in listing.errands(tx)] == [2000, 1000]
        assert [line["state"] for line in listing.errands(tx, state="sending")] == ["sending"]
        assert listing.errands(tx, desk="other") == ()
