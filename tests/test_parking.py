"""Messages over a budget: kept to the last octet, told once a day, never sent by themselves (X-30)."""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, text

from daemon.applying import apply_decision
from daemon.knowing import facts_about
from daemon.office import Office
from daemon.releasing import end_parked
from handlers.decision import Decision, Notice, Recipient, TicketChange, Verdict
from handlers.desk import Team
from handlers.digest.report import Telling, share_of, values_of
from handlers.message import Attempt, OutboxState
from handlers.ticket import NEVER, PARKED, Role, Ticket, Timer
from handlers.timekeeping import decide_timer
from handlers.workflow_file import shipped
from storage import budget, listing, outbox, parked, past
from storage.book import StoredBook
from storage.migrations import migrate
from storage.statement import _prepare
from storage.store import Store
from storage.timers import pending

from .notice_desk import DESK as SAMPLE_DESK
from .notice_desk import KEYS
from .stores import ANNE, NOW, a_ticket, store, store_url

__all__ = ["store", "store_url"]

RMA = shipped("rma")
DESK = replace(
    SAMPLE_DESK,
    name="rma",
    budget_per_address=2,
    budget_per_ticket=20,
    budget_per_desk=0,
    teams=(Team(name="after_sales", addresses=("team@desk.example",)),),
)
OFFICE = Office(desk=DESK, workflow=RMA, keys=KEYS)
TICKET = replace(a_ticket(1000), state="quote_sent", key="RMA-2026-000001", flags=frozenset())
END = Timer(
    ticket_id=1000, name="T-validite", nth=1, due_at=NOW + timedelta(days=30), started_at=NOW
)
MINUTE = timedelta(minutes=1)


def to(address: str = ANNE, ticket: Ticket | None = TICKET) -> Notice:
    """An automatic message to a customer."""
    who = Recipient(address=address, role=Role.CONTACT, language="fr")
    return Notice(template="N_passed_on", to=who, ticket_id=ticket.id if ticket else None)


def opened(store: Store, office: Office = OFFICE) -> None:
    """The ticket, with the clock that ends it."""
    change = TicketChange(ticket=TICKET, opened=True, started=(END,))
    decision = Decision(verdict=Verdict.APPLIED, changes=(change,))
    with store.write() as tx:
        apply_decision(tx, decision, {}, office, cause="m1", now=NOW)


def happen(
    store: Store, number: int, *notices: Notice, at: datetime = NOW, office: Office = OFFICE
) -> Decision:
    """Apply a decision about the ticket as it is stored."""
    with store.write() as tx:
        known = facts_about(tx, "rma", TICKET.id, at).tickets
        decision = Decision(verdict=Verdict.APPLIED, notices=notices)
        return apply_decision(tx, decision, known, office, cause=f"m{number}", now=at)


def filled(store: Store) -> None:
    """The ticket, and one message more than its contact may get."""
    opened(store)
    for number in range(2, 5):
        happen(store, number, to(), at=NOW + number * MINUTE)


def rows(store: Store, state: str = "") -> list[tuple[str, str, str]]:
    with store.read() as tx:
        lines = listing.messages(tx, state=state, limit=1000)[::-1]
    return [(one["notice"], one["state"], one["parked_for"]) for one in lines]


def leave(store: Store, now: datetime = NOW + timedelta(hours=1)) -> list[tuple[str, bytes]]:
    """Send what is due, as the courier does."""
    with store.write() as tx:
        found = outbox.claim(tx, 1, 1000, now)
        sent = Attempt(state=OutboxState.SENT, reply="250 ok")
        outbox.record(tx, [(one.id, sent) for one in found], now)
    return [(one.message.recipient, one.message.data) for one in found]


def ticket_of(store: Store) -> Ticket:
    with store.write() as tx:
        return facts_about(tx, "rma", TICKET.id, NOW).tickets[TICKET.id]


def clock_of(store: Store) -> Timer:
    with store.read() as tx:
        return pending(tx, [TICKET.id])[TICKET.id][0]


def history(store: Store) -> list[str]:
    with store.read() as tx:
        return [step["why"] for step in (listing.show_ticket(tx, TICKET.id) or {})["steps"]]


def release(
    store: Store, *, at: datetime, fate: str = "released", office: Office = OFFICE, **which: object
) -> int:
    with store.write() as tx:
        found = parked.chosen(tx, **which)  # type: ignore[arg-type]
        return end_parked(tx, {"rma": office}, found, fate, at)


def test_over_the_budget_a_message_is_kept_whole_and_not_sent(store: Store) -> None:
    filled(store)
    assert rows(store) == [
        ("N_passed_on", "queued", ""),
        ("N_passed_on", "queued", ""),
        ("N_passed_on", "parked", "address"),
        ("W_parked", "queued", ""),
    ]
    assert [who for who, _ in leave(store)] == [ANNE, ANNE, "team@desk.example"]
    assert leave(store, NOW + timedelta(days=99)) == []
    with store.read() as tx:
        line = listing.messages(tx, state="parked")[0]
        _, data = listing.show_message(tx, line["id"]) or ({}, b"")
    assert b"RMA-2026-000001" in data and data.startswith(b"From:")


def test_the_alarm_says_how_many_why_and_what_to_do(store: Store) -> None:
    filled(store)
    told = message_from_bytes(leave(store)[-1][1], policy=policy.default)
    body = " ".join(str(told.get_body(("plain",)).get_content()).split())  # type: ignore[union-attr]
    assert str(told["Subject"]).endswith("1 message retenu")
    for words in (ANNE, "2 en 24 heures", "#liberer", "#jeter", "suspendus"):
        assert words in body
    assert "#liberer" in body.partition("Commandes possibles")[2]


def test_the_team_is_told_once_a_day_whatever_goes_on(store: Store) -> None:
    """An alarm must not loop itself."""
    filled(store)
    for number in range(10, 40):
        happen(store, number, to(), at=NOW + number * MINUTE)
    assert [one for one in rows(store) if one[0] == "W_parked"] == [("W_parked", "queued", "")]
    assert len(rows(store, "parked")) == 31
    later = NOW + timedelta(days=1, hours=2)
    for number in range(50, 53):
        happen(store, number, to(), at=later + number * MINUTE)
    assert len([one for one in rows(store) if one[0] == "W_parked"]) == 2
    told = message_from_bytes(
        leave(store, later + timedelta(hours=2))[-1][1], policy=policy.default
    )
    assert "32 messages retenus" in str(told["Subject"])


def test_nobody_is_told_of_messages_of_no_ticket_twice_either(store: Store) -> None:
    for number in range(2, 8):
        happen(store, number, to("bob@client.example", None), at=NOW + number * MINUTE)
    assert [one[0] for one in rows(store)].count("W_parked") == 1
    told = leave(store)[-1][1]
    assert b"savd outbox release" in told


def test_the_customer_loses_nothing_while_a_message_of_theirs_is_parked(store: Store) -> None:
    """The end of the quote stands still, as for an address nobody reads, and then goes on."""
    filled(store)
    assert PARKED in ticket_of(store).flags
    held = clock_of(store)
    assert (held.held_by, held.due_at) == (PARKED, NEVER)
    assert "N_passed_on to anne@client.example parked: address budget used up" in history(store)
    later = NOW + timedelta(days=10)
    assert release(store, ids=[3], at=later) == 1
    going = clock_of(store)
    assert PARKED not in ticket_of(store).flags
    assert (going.held_by, going.due_at >= END.due_at + timedelta(days=9)) == ("", True)
    assert "N_passed_on to anne@client.example released" in history(store)
    assert [who for who, _ in leave(store, later)].count(ANNE) == 3


def test_a_clock_that_falls_due_does_not_end_a_ticket_whose_notice_is_parked(store: Store) -> None:
    """Even one whose row says nothing of it (X-28, X-30)."""
    filled(store)
    at = END.due_at + timedelta(days=1)
    with store.write() as tx:
        known = facts_about(tx, "rma", TICKET.id, at)
        decision = decide_timer(END, known, desk=DESK, workflow=RMA, timer_id=1, now=at)
    assert decision.reason == "timer_suspended"
    assert [change.ticket.state for change in decision.changes] == ["quote_sent"]


def test_what_a_person_released_leaves_in_order_and_is_no_charge(store: Store) -> None:
    filled(store)
    for number in range(10, 13):
        happen(store, number, to(), at=NOW + number * MINUTE)
    leave(store)
    later = NOW + timedelta(hours=2)
    assert release(store, address="ANNE@client.example", at=later) == 4
    with store.read() as tx:
        ids = [one["id"] for one in listing.messages(tx, state="queued")[::-1]]
        charged = tx.execute(text("SELECT count(*) FROM outbox WHERE charged")).scalar()
    with store.write() as tx:
        assert [one.id for one in outbox.claim(tx, 1, 10, later)] == ids == sorted(ids)
    assert charged == 2


def test_an_older_one_that_stays_is_told(store: Store) -> None:
    """Who releases only the last of them should know."""
    filled(store)
    happen(store, 10, to(), at=NOW + 10 * MINUTE)
    with store.write() as tx:
        both = parked.chosen(tx, address=ANNE)
        assert parked.left_behind(tx, both[1:]) == 1
        assert parked.left_behind(tx, both) == parked.left_behind(tx, both[:1]) == 0


def test_discarded_ones_never_leave_and_keep_their_bytes(store: Store) -> None:
    filled(store)
    assert release(store, ticket_id=TICKET.id, fate="discarded", at=NOW + timedelta(hours=2)) == 1
    assert rows(store, "discarded") == [("N_passed_on", "discarded", "address")]
    leave(store)
    assert leave(store, NOW + timedelta(days=9)) == []
    with store.read() as tx:
        line = listing.messages(tx, state="discarded")[0]
        assert (listing.show_message(tx, line["id"]) or ({}, b""))[1]
    assert history(store)[-1] == "N_passed_on to anne@client.example discarded"
    assert PARKED not in ticket_of(store).flags


def test_a_message_of_a_state_that_is_left_counts_as_outdated(store: Store) -> None:
    filled(store)
    with store.read() as tx:
        assert not listing.messages(tx, state="parked")[0]["outdated"]
    moved = replace(ticket_of(store), state="order_to_check", state_since=NOW + timedelta(hours=1))
    decision = Decision(verdict=Verdict.APPLIED, changes=(TicketChange(ticket=moved),))
    with store.write() as tx:
        apply_decision(tx, decision, {}, OFFICE, cause="m9", now=NOW + timedelta(hours=1))
    with store.read() as tx:
        assert listing.messages(tx, state="parked")[0]["outdated"]


def test_the_digest_names_the_tickets_whose_messages_wait(store: Store) -> None:
    """Until somebody decides: then it is silent."""
    filled(store)

    def told() -> object:
        since, at = NOW - timedelta(days=1), NOW + timedelta(hours=3)
        telling = Telling(since=since, at=at, language="fr", lines=9, calendar=DESK.calendar)
        with store.read() as tx:
            share = share_of(StoredBook(tx, "rma"), DESK, RMA, since=since, at=at)
            return values_of(telling, [share])["parked"]

    assert told() == [{"key": "RMA-2026-000001", "who": ANNE, "count": 1}]
    release(store, ids=[3], at=NOW + timedelta(hours=2))
    assert told() == []


def test_the_desk_has_an_hour_whoever_writes(store: Store) -> None:
    """Senders that change with each mail are bounded, too (F26)."""
    office = replace(OFFICE, desk=replace(DESK, budget_per_desk=5))
    for number in range(30):
        who = f"p{number}@client.example"
        happen(store, number, to(who, None), at=NOW + number * MINUTE, office=office)
    assert len(rows(store, "parked")) == 25
    assert [one[0] for one in rows(store)].count("W_parked") == 1
    happen(store, 99, to("q@client.example", None), at=NOW + 66 * MINUTE, office=office)
    assert rows(store)[-1] == ("N_passed_on", "queued", "")


def test_a_ticket_has_a_day_whoever_is_told(store: Store) -> None:
    office = replace(OFFICE, desk=replace(DESK, budget_per_ticket=3))
    opened(store, office)
    for number in range(6):
        happen(store, number, to(f"p{number}@client.example"), at=NOW, office=office)
    assert rows(store, "parked") == [("N_passed_on", "parked", "ticket")] * 3


@pytest.mark.parametrize(("statement", "index"), [
    (budget._ADDRESSES, "outbox_per_address"), (budget._TICKETS, "outbox_per_ticket"),
    (budget._DESK, "outbox_per_desk"), (past._TODAY, "outbox_recipient"),
])  # fmt: skip
def test_counting_starts_where_the_fewest_rows_are(
    tmp_path: Path, statement: Select[Any], index: str
) -> None:
    """Not with everything that the desk sent in a day."""
    mine = Store.open(f"sqlite:///{tmp_path}/savd.sqlite3")
    migrate(mine)
    known = {"desk": "rma", "since": NOW, "most": 10}
    with mine.read() as tx:
        asked = {**known, "names": [], "ids": [], "addresses": []}
        cursor = tx.connection.driver_connection.cursor()  # type: ignore[union-attr]
        told = _prepare(tx, statement, ())
        cursor.execute(f"EXPLAIN QUERY PLAN {told.text}", told.arguments(asked))
        plan = " ".join(str(row) for row in cursor.fetchall())
    mine.close()
    assert f"INDEX {index} " in plan


def _die_before_the_commit(url: str) -> None:
    """A child: it parks a message, then dies with the transaction open."""
    mine = Store.open(url, durable=False)
    migrate(mine)
    with mine.write() as tx:
        known = facts_about(tx, "rma", TICKET.id, NOW).tickets
        decision = Decision(verdict=Verdict.APPLIED, notices=(to(),))
        apply_decision(tx, decision, known, OFFICE, cause="m4", now=NOW)
        os.kill(os.getpid(), signal.SIGKILL)


def test_kill_9_while_parking_leaves_nothing_half_done(store: Store, store_url: str) -> None:
    """No flag without its message, no alarm, no charge: the mail is decided again (INV-14)."""
    opened(store)
    for number in (2, 3):
        happen(store, number, to(), at=NOW)
    process = multiprocessing.get_context("spawn").Process(
        target=_die_before_the_commit, args=(store_url,)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert rows(store, "parked") == []
    assert PARKED not in ticket_of(store).flags
    happen(store, 4, to(), at=NOW)
    happen(store, 4, to(), at=NOW)
    assert len(rows(store, "parked")) == 1
    assert [one[0] for one in rows(store)].count("W_parked") == 1
