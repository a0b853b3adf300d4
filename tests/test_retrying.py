"""savd outbox retry: one command brings back what a relay refused by mistake (X-28)."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from daemon.retrying import retry_failed
from handlers.message import OutboxState
from handlers.ticket import Timer
from storage import outbox, timers
from storage.lookup import tickets_by_id

from .people import ticket
from .stores import NOW, a_message, opened, store, store_url, write
from .test_undelivered import BOUNCED, at_work, offices, outcome, row_of, written

__all__ = ["store", "store_url"]

HOUR = timedelta(hours=1)


def refused(store):
    """A ticket whose contact a message could not be given to, and the clock of its expiry."""
    it = ticket(state="awaiting_material")
    message = replace(a_message(), recipient=it.contact, ticket_id=it.id, notice="N3")
    clock = Timer(
        ticket_id=it.id, name="T-retour-fin", nth=1, started_at=NOW, due_at=NOW + timedelta(days=30)
    )
    write(store, opened(it, started=(clock,)), message)
    outcome(store, BOUNCED)
    at_work(store, NOW).hear_relay()
    return it


def again(store, *ids, since=None, now=NOW + HOUR):
    with store.write() as tx:
        return retry_failed(tx, offices(), outbox.chosen(tx, ids, since), now)


def ticket_in(store, it):
    with store.read() as tx:
        return tickets_by_id(tx, {it.id}, lock=False)[it.id]


def held(store, it):
    with store.read() as tx:
        return [one.held_by for one in timers.pending(tx, [it.id])[it.id]]


def test_what_bounced_since_is_queued_and_its_address_believed_again(store):
    it = refused(store)
    assert ticket_in(store, it).flags == {"address_invalid"}
    assert held(store, it) == ["address_invalid"]
    assert again(store, since=NOW - HOUR) == 1
    assert row_of(store).state == "queued"
    assert (ticket_in(store, it).flags, held(store, it)) == (frozenset(), [""])
    assert "lost" not in ticket_in(store, it).links


def test_an_address_that_is_refused_again_is_marked_again(store):
    it = refused(store)
    again(store, 1)
    outcome(store, BOUNCED, now=NOW + HOUR)
    at_work(store, NOW + HOUR).hear_relay()
    assert ticket_in(store, it).flags == {"address_invalid"}
    assert written(store).count("W_bounce") == 2


def test_older_ones_and_those_that_arrived_stay(store):
    refused(store)
    assert again(store, since=NOW + timedelta(seconds=1)) == 0
    with store.write() as tx:
        outbox.retry(tx, [1], NOW)
        outbox.report(tx, {a_message().message_id: "sent"}, NOW)
    assert again(store, 1, since=NOW - HOUR) == 0
    assert row_of(store).state == "sent"


def test_a_message_to_somebody_else_tells_nothing_of_the_contacts_address(store):
    it = refused(store)
    with store.write() as tx:
        other = replace(
            a_message(), message_id="<2@x>", recipient="marc@dupont.example", cause="m9"
        )
        outbox.queue(tx, "rma", [replace(other, ticket_id=it.id, notice="N3")], NOW)
        found = tx.execute(select(outbox.outbox.c.id).where(outbox.outbox.c.message_id == "<2@x>"))
        number = found.scalar_one()
    outcome(store, BOUNCED, row=number)
    assert again(store, number) == 1
    assert ticket_in(store, it).flags == {"address_invalid"}
    assert row_of(store).state == OutboxState.BOUNCED.value
