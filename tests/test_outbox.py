"""One cause, one message; what became of it is known."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.decision import Decision, Verdict
from handlers.message import Attempt, OutboxState
from storage import outbox
from storage.outbox import back_off
from storage.schema import outbox as table

from .stores import ANNE, HOUR, NOW, a_message, opened, store, store_url, write

__all__ = ["store", "store_url"]


def claim(store, now=NOW, limit=10, node=1):
    with store.write() as tx:
        return outbox.claim(tx, node, limit, now)


def record(store, row, state, reply="", now=NOW):
    with store.write() as tx:
        outbox.record(tx, [(row, Attempt(state=state, reply=reply))], now)


def depth(store):
    with store.read() as tx:
        return {state: n for state, n in outbox.depth(tx).items() if n}


def row_of(store, row=1):
    with store.read() as tx:
        return tx.execute(select(table).where(table.c.id == row)).one()


def test_a_message_is_claimed_with_its_bytes_and_only_once(store):
    write(store, opened(), a_message())
    (claimed,) = claim(store)
    assert (claimed.message, claimed.attempts) == (a_message(), 1)
    assert claim(store) == ()
    assert depth(store) == {"sending": 1}


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.BOUNCED, OutboxState.UNCERTAIN])
def test_a_final_state_is_recorded_and_the_message_never_leaves_again(store, state):
    write(store, opened(), a_message())
    (claimed,) = claim(store)
    record(store, claimed.id, state, "250 ok")
    assert depth(store) == {state.value: 1}
    assert row_of(store).reply == "250 ok"
    assert row_of(store).sent_at == (NOW if state is OutboxState.SENT else None)
    assert claim(store, NOW + 100 * HOUR) == ()


def test_a_deferred_message_comes_again_with_the_same_message_id(store):
    write(store, opened(), a_message())
    (first,) = claim(store)
    record(store, first.id, OutboxState.DEFERRED, "451 later")
    assert claim(store, NOW + timedelta(seconds=59)) == ()
    (again,) = claim(store, NOW + timedelta(seconds=67))
    assert again.message == first.message
    assert again.attempts == 2


def test_waits_double_from_a_minute_to_two_hours():
    waits = [back_off("<a@b>", n) / timedelta(minutes=1) for n in range(1, 12)]
    for wait, least in zip(waits, [1, 2, 4, 8, 16, 32, 64, 120, 120, 120, 120], strict=True):
        assert least <= wait <= least * 1.1
    assert back_off("<a@b>", 10**9) <= timedelta(hours=2.2)
    assert back_off("<a@b>", 3) == back_off("<a@b>", 3)


def test_after_five_days_a_deferred_message_is_given_up(store):
    write(store, opened(), a_message())
    (claimed,) = claim(store)
    record(store, claimed.id, OutboxState.DEFERRED, "451 later", NOW + timedelta(days=5))
    assert depth(store) == {"bounced": 1}
    assert row_of(store).reply == "451 later"


def test_one_cause_gives_one_message_to_each_recipient(store):
    other = a_message(message_id="<other@desk.example>")
    write(store, opened(), a_message(), other)
    write(store, Decision(verdict=Verdict.APPLIED), a_message(), other)
    assert depth(store) == {"queued": 1}
    write(store, Decision(verdict=Verdict.APPLIED),
          a_message(message_id="<bob@desk.example>", recipient="bob@client.example"))  # fmt: skip
    assert depth(store) == {"queued": 2}


def test_a_message_about_no_ticket_is_unique_too(store):
    for name in ("<x@d>", "<y@d>"):
        write(store, Decision(verdict=Verdict.APPLIED), a_message(ticket_id=None, message_id=name))
    assert depth(store) == {"queued": 1}


def test_messages_to_one_recipient_leave_in_order(store):
    """While an older one is on its way, a younger one waits."""
    write(store, opened(), a_message(1), a_message(2), a_message(3, recipient="bob@c.example"))
    (first,) = claim(store, limit=1)
    assert [one.message.recipient for one in claim(store)] == ["bob@c.example"]
    record(store, first.id, OutboxState.SENT)
    assert [one.message for one in claim(store)] == [a_message(2)]


def test_nodes_that_claim_at_once_share_without_doubling(store):
    write(store, opened(), *(a_message(n, recipient=f"a{n}@c.example") for n in range(40)))
    start, got = threading.Barrier(2), {}

    def take(node):
        start.wait()
        got[node] = [one.id for _ in range(4) for one in claim(store, limit=5, node=node)]

    threads = [threading.Thread(target=take, args=(node,)) for node in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got[1] + got[2]) == list(range(1, 41))


@pytest.mark.parametrize("name", ["message_id", "bounce_key"])
def test_a_delivery_report_finds_its_message(store, name):
    write(store, opened(), a_message(1), a_message(2))
    for claimed in claim(store):
        record(store, claimed.id, OutboxState.SENT)
    write(
        store, Decision(verdict=Verdict.APPLIED, settled={getattr(a_message(1), name): "bounced"})
    )
    assert depth(store) == {"sent": 1, "bounced": 1}


def test_a_delay_report_does_not_send_the_message_again(store):
    """The relay has it and goes on trying."""
    write(store, opened(), a_message())
    record(store, claim(store)[0].id, OutboxState.SENT)
    write(store, Decision(verdict=Verdict.APPLIED, settled={a_message().message_id: "deferred"}))
    assert depth(store) == {"sent": 1}
    assert row_of(store).report == "deferred"


def test_an_operator_may_try_again(store):
    write(store, opened(), a_message(1), a_message(2))
    first, second = claim(store)
    record(store, first.id, OutboxState.BOUNCED)
    record(store, second.id, OutboxState.SENT)
    with store.write() as tx:
        assert outbox.retry(tx, [first.id, second.id], NOW) == 1
    assert [one.message for one in claim(store)] == [a_message(1)]


def test_the_next_try_is_known(store):
    with store.read() as tx:
        assert outbox.next_try(tx) is None
    write(store, opened(), a_message())
    with store.read() as tx:
        assert outbox.next_try(tx) == NOW


def test_a_recipient_is_compared_without_case(store):
    write(store, opened(), a_message(1), a_message(2, recipient=ANNE.upper()))
    claim(store, limit=1)
    assert claim(store) == ()


def test_what_must_wait_leaves_when_quiet_hours_are_over_and_its_five_days_begin_then(store):
    morning = NOW + 100 * HOUR
    write(store, opened(), a_message(not_before=morning))
    assert claim(store) == ()
    with store.read() as tx:
        assert outbox.next_try(tx) == morning
    (claimed,) = claim(store, morning)
    record(store, claimed.id, OutboxState.DEFERRED, now=morning + 30 * HOUR)
    assert depth(store) == {"deferred": 1}
