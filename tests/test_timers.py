"""A timer fires once, when it is due, unless it was stopped or suspended (X-33)."""

from dataclasses import replace
from datetime import timedelta

from handlers.ticket import NEVER
from storage import timers
from storage.lookup import tickets_by_id

from .stores import HOUR, NOW, a_ticket, a_timer, ask, changed, opened, store, store_url, write

__all__ = ["store", "store_url"]

LATER = NOW + 2 * HOUR


def due(store, now=LATER):
    with store.write() as tx:
        return timers.due(tx, now, 10)


def ticket(store):
    return ask(store, ticket_ids=(1000,)).tickets[1000]


def test_a_timer_is_due_at_its_instant_and_not_before(store):
    write(store, opened(started=(a_timer(),)))
    assert due(store, NOW + HOUR - timedelta(microseconds=1)) == ()
    ((row, found),) = due(store, NOW + HOUR)
    assert found == a_timer()
    with store.read() as tx:
        assert timers.next_due(tx) == NOW + HOUR
    assert row


def test_the_longest_due_comes_first(store):
    late = a_timer(name="late", due_at=NOW + HOUR)
    early = a_timer(name="early", due_at=NOW)
    write(store, opened(started=(late, early)))
    assert [one.name for _, one in due(store)] == ["early", "late"]


def test_a_firing_is_gone_when_it_is_done_and_the_next_one_has_its_own_id(store):
    write(store, opened(started=(a_timer(),)))
    ((first, fired),) = due(store)
    again = replace(fired, nth=2, due_at=LATER)
    with store.write() as tx:
        timers.due(tx, LATER, 10)
        from storage.apply import apply

        decision = changed(a_ticket(), started=(again,))
        apply(tx, decision, (), desk="rma", references={}, now=LATER)
        timers.done(tx, first)
    ((second, found),) = due(store)
    assert found == again
    assert second > first


def test_a_firing_that_is_not_committed_is_due_again(store):
    write(store, opened(started=(a_timer(),)))
    try:
        with store.write() as tx:
            ((row, _),) = timers.due(tx, LATER, 10)
            timers.done(tx, row)
            raise KeyError
    except KeyError:
        assert [one for one, _ in due(store)] == [row]


def test_a_stopped_timer_never_fires(store):
    write(store, opened(started=(a_timer(), a_timer(name="other"))))
    write(store, changed(ticket(store), stopped=("T-relance",)))
    assert [one.name for _, one in due(store)] == ["other"]


def test_a_timer_started_again_replaces_the_first(store):
    write(store, opened(started=(a_timer(),)))
    write(store, changed(ticket(store), started=(a_timer(due_at=LATER + HOUR),)))
    assert due(store) == ()
    assert len(due(store, LATER + HOUR)) == 1


def test_two_nodes_never_fire_the_same_timer(store):
    write(store, opened(started=(a_timer(),)))
    write(store, opened(a_ticket(2000), started=(a_timer(2000),)))
    with store.write() as tx:
        assert [one.ticket_id for _, one in timers.due(tx, LATER, 1)] == [1000]
        if store.dialect == "postgresql":
            assert [one.ticket_id for _, one in due(store)] == [2000]


def test_a_timer_waits_while_a_mail_of_its_ticket_is_decided(store):
    """Ticket first, then timers, in every transaction: no deadlock."""
    if store.dialect == "sqlite":
        return  # there is one writer
    write(store, opened(started=(a_timer(),)))
    with store.write() as tx:
        tickets_by_id(tx, {1000})
        assert due(store) == ()
    assert len(due(store)) == 1


def test_a_timer_whose_decision_failed_can_wait(store):
    write(store, opened(started=(a_timer(),)))
    ((row, _),) = due(store)
    with store.write() as tx:
        timers.postpone(tx, row, LATER + HOUR)
    assert due(store) == ()
    assert due(store, LATER + HOUR)[0][0] == row


def test_a_clock_that_stands_still_keeps_what_holds_it_and_what_is_left(store):
    held = a_timer(held_by="address_invalid", held_at=NOW, left=timedelta(days=3), due_at=NEVER)
    write(store, opened(started=(held,)))
    with store.read() as tx:
        assert timers.pending(tx, {1000}) == {1000: (held,)}
        assert timers.next_due(tx) is None
        assert timers.coming(tx, until=LATER) == ()
        assert timers.coming(tx, desk="rma", ticket_id=1000) == (held,)


def test_the_last_of_several_missed_firings_counts(store):
    first, second = a_timer(due_at=NOW), a_timer(nth=2, due_at=NOW + HOUR)
    write(store, opened(started=(first, second, a_timer(nth=3, due_at=LATER + HOUR))))
    with store.write() as tx:
        assert timers.latest_due(tx, {1000}, LATER) == {(1000, "T-relance"): 2}
        assert timers.latest_due(tx, {1000}, NOW) == {(1000, "T-relance"): 1}
