"""The envoy loses nothing and does nothing twice, whatever the organisation or the program does."""

import os
from contextlib import contextmanager
from datetime import timedelta

import pytest

from daemon.clock import SetClock
from daemon.organisations.ecosystem import Ecosystem
from daemon.organisations.envoy import Envoy, HandedOver, InDoubt, NotArrived, Refused
from daemon.organisations.folder import FolderTransport
from daemon.organisations.http import Site
from handlers.errands.errand import Answer
from handlers.errors import StoreUnavailable
from storage import errands, nodes

from .organisations import EcosystemHandler, organisation
from .stores import NOW, a_ticket, opened, store, store_url, write
from .test_errands import an_errand, answered, queue, states

__all__ = ["store", "store_url"]

MINUTE = timedelta(minutes=1)
SUBMIT = {"PurchaseOrderByCustomer": "QR-1", "RepairerId": "R1"}


class Plan:
    """A transport that does what it is told: the coming outcomes, an exception to die of."""

    def __init__(self, *outcomes, found=None):
        self.outcomes = list(outcomes)
        self.found = found
        self.carried = []
        self.asked = []
        self.ready = {}
        self.accepted = []

    def carry(self, errand, enclosure):
        self.carried.append((errand.key, enclosure))
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def find(self, errand):
        self.asked.append(errand.key)
        return self.found

    def answers(self, waiting):
        return {key: answer for key, answer in self.ready.items() if key in waiting}

    def accept(self, key):
        self.accepted.append(key)
        self.ready.pop(key)


@pytest.fixture
def clock():
    return SetClock(NOW)


def envoy(store, transport, clock):
    return Envoy(store, lambda: 1, transport, desk="bonus", organisation="ecosystem", clock=clock)


def test_an_answer_is_stored_and_the_errand_is_not_carried_again(store, clock):
    queue(store, an_errand())
    plan = Plan(Answer(result="ok", values={"id": "C1"}))
    mine = envoy(store, plan, clock)
    assert mine.step()
    assert not mine.step()
    (one,) = answered(store)
    assert (one.answer.values, len(plan.carried)) == ({"id": "C1"}, 1)


def test_an_organisation_that_is_down_is_tried_again_and_nothing_is_lost(store, clock):
    queue(store, an_errand())
    plan = Plan(NotArrived(why="refused"), NotArrived(why="refused"), Answer(result="ok"))
    mine = envoy(store, plan, clock)
    for minutes in (0, 1, 5):
        clock.set(clock.now() + minutes * MINUTE)
        mine.step()
    assert len(plan.carried) == 3
    assert plan.asked == []
    assert states(store) == {"answered": 1}


def test_after_a_lost_line_the_organisation_is_asked_before_anything_is_repeated(store, clock):
    queue(store, an_errand())
    found = Answer(result="ok", values={"id": "C9"})
    plan = Plan(InDoubt(why="cut"), found=found)
    mine = envoy(store, plan, clock)
    mine.step()
    clock.set(NOW + MINUTE)
    mine.step()
    assert (len(plan.carried), plan.asked) == (1, [an_errand().key])
    assert answered(store)[0].answer == found


def test_what_surely_did_not_arrive_is_repeated(store, clock):
    queue(store, an_errand())
    plan = Plan(InDoubt(why="cut"), Answer(result="ok"), found=NotArrived(why="not there"))
    mine = envoy(store, plan, clock)
    mine.step()
    clock.set(NOW + MINUTE)
    mine.step()
    assert len(plan.carried) == 2


def test_as_long_as_it_cannot_be_found_out_nothing_is_repeated(store, clock):
    queue(store, an_errand())
    plan = Plan(InDoubt(why="cut"), found=InDoubt(why="down"))
    mine = envoy(store, plan, clock)
    for minutes in (0, 1, 5, 15, 30):
        clock.set(clock.now() + minutes * MINUTE)
        mine.step()
    assert len(plan.carried) == 1
    assert len(plan.asked) == 4


def test_what_nobody_can_find_out_becomes_uncertain_and_a_person_is_asked(store, clock):
    queue(store, an_errand("m1.1000.upload.0"))
    plan = Plan(InDoubt(why="cut"), found=None)
    mine = envoy(store, plan, clock)
    mine.step()
    clock.set(NOW + MINUTE)
    mine.step()
    (one,) = answered(store)
    assert (one.answer.result, len(plan.carried)) == ("uncertain", 1)


def test_what_only_reads_is_simply_asked_again(store, clock):
    queue(store, an_errand("m1.1000.status.0"))
    plan = Plan(InDoubt(why="cut"), Answer(result="ok"))
    mine = envoy(store, plan, clock)
    mine.step()
    clock.set(NOW + MINUTE)
    mine.step()
    assert (len(plan.carried), plan.asked) == (2, [])


def test_a_program_that_dies_while_it_carries_leaves_the_errand_in_doubt(store, clock):
    queue(store, an_errand())
    with pytest.raises(KeyboardInterrupt):
        envoy(store, Plan(KeyboardInterrupt()), clock).step()
    with store.write() as tx:
        nodes.adopt_dead(tx, 2)
    plan = Plan(found=Answer(result="ok"))
    envoy(store, plan, clock).step()
    assert (plan.carried, plan.asked) == ([], [an_errand().key])


def test_a_refusal_is_told_to_a_person_at_once(store, clock):
    queue(store, an_errand())
    envoy(store, Plan(Refused(why="HTTP 403")), clock).step()
    (one,) = answered(store)
    assert (one.answer.result, one.answer.values["trouble"]) == ("failed", "HTTP 403")


def test_what_was_handed_over_is_answered_later_and_only_then_accepted(store, clock):
    queue(store, an_errand())
    plan = Plan(HandedOver())
    mine = envoy(store, plan, clock)
    mine.step()
    assert states(store) == {"sent": 1}
    plan.ready = {an_errand().key: Answer(result="ok")}
    mine.step()
    assert (states(store), plan.accepted) == ({"answered": 1}, [an_errand().key])


def test_a_file_that_was_withdrawn_does_not_leave(store, clock):
    write(store, opened(a_ticket()))
    queue(store, an_errand("m1.1000.upload.1", document=1))
    plan = Plan()
    envoy(store, plan, clock).step()
    assert plan.carried == []
    assert answered(store)[0].answer.values["trouble"] == "document 1 may not leave any more"


def test_a_claim_is_created_once_although_every_answer_is_lost_once(store, clock):
    """The whole way, against a server that cuts the line after it did the work."""
    queue(store, an_errand(body=SUBMIT))
    with organisation(EcosystemHandler) as (url, played):
        carrier = Ecosystem(Site(url=url, seconds=0.3), 3 << 20, user="a", password="geheim")
        mine = envoy(store, carrier, clock)
        played.script = ["cut after", 503, "cut"]
        for minutes in (0, 1, 5, 15):
            clock.set(clock.now() + minutes * MINUTE)
            mine.step()
        assert len(played.claims) == 1
    (one,) = answered(store)
    assert one.answer.values["id"] == "C1"


def test_a_folder_gets_the_errand_whole_and_gives_its_answer(store, clock, tmp_path):
    queue(store, an_errand())
    mine = envoy(store, FolderTransport(tmp_path), clock)
    mine.step()
    told = (tmp_path / "out" / f"{an_errand().key}.json").read_text()
    assert '"SerialNumber": "SN1"' in told
    answer = f'{{"errand": "{an_errand().key}", "result": "ok", "id": 42}}'
    (tmp_path / "in" / "answer.json").write_text(answer)
    mine.step()
    (one,) = answered(store)
    assert one.answer == Answer(result="ok", values={"id": "42"})
    assert [file.name for file in (tmp_path / "done").iterdir()] == ["answer.json"]


def test_an_errand_that_lies_in_the_folder_already_is_not_written_again(store, clock, tmp_path):
    queue(store, an_errand())
    folder = FolderTransport(tmp_path)
    with store.write() as tx:
        carried = errands.claim(tx, 1, "bonus", "ecosystem", NOW)
    assert folder.carry(carried.errand, None) == HandedOver()
    with store.write() as tx:
        nodes.adopt_dead(tx, 2)
    file = tmp_path / "out" / f"{an_errand().key}.json"
    before = file.stat().st_ino
    envoy(store, folder, clock).step()
    assert file.stat().st_ino == before
    assert states(store) == {"sent": 1}


@pytest.mark.parametrize("rubbish", ["", "{", "[]", '{"result": "maybe"}', "\x00"])
def test_what_is_no_answer_is_put_aside_after_a_minute(store, clock, tmp_path, rubbish):
    queue(store, an_errand())
    mine = envoy(store, FolderTransport(tmp_path), clock)
    mine.step()
    (tmp_path / "in").mkdir(exist_ok=True)
    file = tmp_path / "in" / f"{an_errand().key}.json"
    file.write_text(rubbish)
    mine.step()
    assert file.exists()
    os.utime(file, (1, 1))
    mine.step()
    assert not file.exists()
    assert (tmp_path / "bad" / file.name).exists()
    assert states(store) == {"sent": 1}


def test_a_folder_that_cannot_be_written_is_tried_again(store, clock, tmp_path):
    (tmp_path / "out").write_text("no folder")
    queue(store, an_errand())
    envoy(store, FolderTransport(tmp_path), clock).step()
    assert states(store) == {"queued": 1}


def test_an_accident_of_our_own_leaves_the_errand_in_doubt_and_the_next_one_its_turn(store, clock):
    queue(store, an_errand(), an_errand("m2.2000.submit.0", ticket_id=2000))
    plan = Plan(ZeroDivisionError("bug"), Answer(result="ok"), found=None)
    mine = envoy(store, plan, clock)
    assert mine.step()
    assert mine.step()
    assert [one.errand.ticket_id for one in answered(store)] == [2000]
    clock.set(NOW + MINUTE)
    mine.step()
    assert {one.answer.result for one in answered(store)} == {"ok", "uncertain"}


class Flaky:
    """A store whose next write transactions fail as told: before or after they are committed."""

    def __init__(self, store, *troubles):
        self._store = store
        self.troubles = list(troubles)

    def read(self):
        return self._store.read()

    @contextmanager
    def write(self):
        trouble = self.troubles.pop(0) if self.troubles else ""
        if trouble == "before":
            raise StoreUnavailable("gone")
        with self._store.write() as tx:
            yield tx
        if trouble == "after":
            raise StoreUnavailable("gone")


def test_an_outcome_that_could_not_be_recorded_is_recorded_when_the_database_is_back(store, clock):
    queue(store, an_errand())
    plan = Plan(Answer(result="ok", values={"id": "C1"}))
    mine = envoy(Flaky(store, "", "before"), plan, clock)
    with pytest.raises(StoreUnavailable):
        mine.step()
    assert states(store) == {"sending": 1}
    mine.step()
    assert (len(plan.carried), answered(store)[0].answer.values) == (1, {"id": "C1"})


def test_a_claim_that_was_committed_although_nobody_heard_so_is_taken_back_in_doubt(store, clock):
    queue(store, an_errand())
    plan = Plan(found=Answer(result="ok"))
    mine = envoy(Flaky(store, "after"), plan, clock)
    with pytest.raises(StoreUnavailable):
        mine.step()
    assert states(store) == {"sending": 1}
    mine.step()
    assert (plan.carried, plan.asked) == ([], [an_errand().key])
