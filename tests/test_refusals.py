"""A relay that refuses everybody: nobody's address is to blame, and all is sent when it is mended."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.refusals import FEW, MOST, Refusals
from handlers.message import Attempt, OutboxState
from storage import outbox, undelivered

from .test_courier import START, at_work, clock, message, queue, relay_that, states, store, until

__all__ = ["clock", "store"]

SENT = Attempt(state=OutboxState.SENT, reply="250 2.0.0 OK")


def refused(recipient, words="Recipient address rejected: User unknown in table"):
    return Attempt(
        state=OutboxState.BOUNCED, reply=f"550 5.1.1 <{recipient}>: {words}", of_recipient=True
    )


def person(number):
    return f"p{number}@customer{number}.example"


def weigh(refusals, number, attempt=None, *, now=START, notice="N3"):
    one = replace(message(number, person(number)), notice=notice)
    return refusals.weighed(one, attempt or refused(person(number)), now).state.value


def test_one_hour_of_550_to_everybody_costs_a_handful_of_addresses_and_heals_by_itself(
    store, clock, caplog
):
    sick = [True]

    def behave(command, argument):
        return f"550 5.1.1 {argument[3:]}: User unknown" if sick[0] and command == "RCPT" else ""

    async def story():
        queue(store, [message(n, person(n)) for n in range(30)])
        async with relay_that(behave) as relay, at_work(store, relay, clock) as courier:
            await until(lambda: not {"queued", "sending"} & set(states(store)))
            assert states(store) == ["bounced"] * FEW + ["deferred"] * (30 - FEW)
            sick[0] = False
            clock.set(START + timedelta(hours=1))
            courier.wake()
            await until(lambda: states(store) == ["bounced"] * FEW + ["sent"] * (30 - FEW))

    caplog.set_level("INFO", logger="savd")
    asyncio.run(story())
    assert [r.getMessage() for r in caplog.records if "refusing" in r.getMessage()] != []


def test_bad_addresses_among_good_ones_are_refused_for_good():
    refusals = Refusals()
    said = [weigh(refusals, n, SENT if n % 4 == 3 else None) for n in range(40)]
    assert said == ["bounced", "bounced", "bounced", "sent"] * 10


def test_a_work_item_that_gets_through_proves_nothing():
    refusals = Refusals()
    for number in range(FEW + 1):
        last = weigh(refusals, number)
        weigh(refusals, 99, SENT, notice="W_bounce")
    assert last == "deferred"


def test_one_person_refused_again_and_again_is_one_person():
    refusals = Refusals()
    assert {weigh(refusals, 1) for _ in range(20)} == {"bounced"}


@pytest.mark.parametrize("words", ["Host or domain not found", "Mailbox full", "Disabled"])
def test_what_is_refused_in_other_words_is_its_own_fault(words):
    refusals = Refusals()
    for number in range(FEW + 1):
        weigh(refusals, number)
    assert weigh(refusals, 50, refused(person(50), words)) == "bounced"
    assert weigh(refusals, 51) == "deferred"


def test_refusals_of_last_week_are_forgotten():
    refusals = Refusals()
    for number in range(FEW):
        weigh(refusals, number)
    assert weigh(refusals, 9, now=START + timedelta(days=7)) == "bounced"


@pytest.mark.parametrize("state", [OutboxState.DEFERRED, OutboxState.UNCERTAIN])
def test_what_is_no_refusal_stays_as_it_is(state):
    refusals, other = Refusals(), Attempt(state=state, reply="451 4.3.0 later")
    for number in range(FEW + 1):
        weigh(refusals, number)
    assert weigh(refusals, 50, other) == state.value
    assert weigh(refusals, 51) == "deferred"


def test_what_we_ourselves_do_not_send_counts_for_nothing():
    refusals = Refusals()
    odd = Attempt(state=OutboxState.BOUNCED, reply="not an address: x", of_recipient=True)
    assert {weigh(refusals, number, odd) for number in range(20)} == {"bounced"}


def test_the_memory_is_bounded():
    refusals = Refusals()
    for number in range(MOST * 3):
        weigh(refusals, number, now=START)
    assert len(refusals._seen) == MOST


def test_doctor_can_tell_how_many_wait_and_what_the_relay_says(store):
    queue(store, [message(n, person(n)) for n in range(3)])
    said = [replace(refused("x@y.example"), state=OutboxState.DEFERRED)] * 2
    later = Attempt(state=OutboxState.DEFERRED, reply="450 4.2.0 Greylisted")
    with store.write() as tx:
        outbox.claim(tx, 1, 10, START)
        outbox.record(tx, [(1, said[0]), (2, said[1]), (3, later)], START)
        assert undelivered.refused_like_all(tx) == (2, said[0].reply)
