"""From the journal row to the verdict: all or nothing, and one bad mail never stops the good ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.clock import SetClock
from daemon.clockwork import TIMERS_AT_ONCE, fire_due
from daemon.office import Office
from daemon.pipeline import Pipeline, Read
from handlers.desk import Contact
from handlers.envelope import RawMail
from handlers.workflow_file import shipped
from parsers.read import read
from storage import accounts, journal, listing, outbox, timers
from storage.directory import save_contacts
from storage.store import Conflict, Store

from .people import CLAIRE, DESK, KEYS, NOW, RMA, desk, envelope
from .stores import store, store_url  # noqa: F401


class Desk:
    """A pipeline on a real store, with a clock that is set by hand."""

    def __init__(self, opened: Store, workflow=RMA) -> None:
        self.store = opened
        self.clock = SetClock(NOW)
        office = Office(
            desk=desk(return_address=("SAV", "Paris"), budget_per_address=0),
            workflow=workflow,
            keys=KEYS,
        )
        self.pipeline = Pipeline(store=opened, offices={"rma": office}, clock=self.clock)
        with opened.write() as tx:
            save_contacts(tx, "rma", [Contact(address=CLAIRE, organisation="Dupont SA")])

    def accept(
        self, number: int = 1, *, words: str = "Mon lecteur est en panne", **changes
    ) -> Read:
        """Put a mail into the journal and read it."""
        data = (
            f"From: {CLAIRE}\r\nTo: {DESK}\r\nSubject: lecteur {number}\r\n"
            f"Message-ID: <m{number}@dupont.example>\r\n\r\n{words}, appareil {number}\r\n"
        ).encode()
        raw = RawMail(data=data, envelope=envelope(received_at=self.clock.now()))
        with self.store.write() as tx:
            (journal_id,) = journal.append(tx, 1, [("rma", raw)])
        made = Read(journal_id=journal_id, desk="rma", raw=raw, mail=read(data))
        return replace(made, **changes)

    def row(self, journal_id: int):
        with self.store.read() as tx:
            return listing.show_mail(tx, journal_id)

    def messages(self):
        with self.store.read() as tx:
            return listing.messages(tx, limit=10_000)


@pytest.fixture(name="at")
def desk_at_work(store):  # noqa: F811
    return Desk(store)


def test_a_mail_a_ticket_its_answer_and_the_verdict_are_there_together(at):
    mail = at.accept()
    at.pipeline.process([mail])
    row = at.row(mail.journal_id)
    assert (row["verdict"], row["reason"]) == ("applied", "opened")
    assert [(m["notice"], m["recipient"]) for m in at.messages()] == [("N0", CLAIRE)]


def test_processing_a_mail_twice_changes_nothing(at):
    mail = at.accept()
    at.pipeline.process([mail])
    at.pipeline.process([mail])
    assert len(at.messages()) == 1


def test_the_same_mail_by_another_path_is_a_duplicate(at):
    first = at.accept()
    at.pipeline.process([first])
    again = at.accept()
    at.pipeline.process([again])
    row = at.row(again.journal_id)
    assert (row["verdict"], row["reason"]) == ("duplicate", f"same_mail_as_{first.journal_id}")


def test_the_same_message_id_with_another_content_is_another_mail(at):
    one = at.accept(1, words="Mon lecteur est en panne")
    other = at.accept(1, words="Mon imprimante est en panne")
    at.pipeline.process([one, other])
    assert {at.row(m.journal_id)["verdict"] for m in (one, other)} == {"applied"}


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_poison_mail_is_retried_then_held_and_the_others_go_on(at, position):
    good = [at.accept(1), at.accept(2)]
    poison = at.accept(3, mail=None, trouble="the reader died (signal 9)")
    group = [*good[:position], poison, *good[position:]]
    at.pipeline.process(group)
    assert {at.row(m.journal_id)["verdict"] for m in good} == {"applied"}
    assert (at.row(poison.journal_id)["verdict"], at.row(poison.journal_id)["attempts"]) == (
        None,
        1,
    )
    at.pipeline.process([replace(poison, attempts=1)])
    assert at.row(poison.journal_id)["verdict"] is None
    at.pipeline.process([replace(poison, attempts=2)])
    row = at.row(poison.journal_id)
    assert (row["verdict"], row["reason"]) == ("held", "the reader died (signal 9)")
    assert "W_held" in {m["notice"] for m in at.messages()}


def test_a_mail_that_nobody_could_decide_is_shown_to_nobody_where_talks_are_internal(store):  # noqa: F811
    """It may be one that the desk must not read, and its trouble may repeat its words (R-8)."""
    at = Desk(store, shipped("dossier"))
    mail = at.accept(1, words="#interne zibeline")
    for attempts in range(3):
        failed = replace(mail, mail=None, trouble="KeyError: 'zibeline'", attempts=attempts)
        at.pipeline.process([failed])
        row = at.row(mail.journal_id)
        with store.read() as tx:
            assert not listing.may_read_mail(tx, mail.journal_id)
        assert (row["reason"], row["subject"]) == ("KeyError", "")


def test_a_flood_of_mails_without_sender_is_told_to_the_team_once(at):
    for number in range(3):
        mail = at.accept(number)
        data = mail.raw.data.replace(b"From: ", b"X-From: ")
        at.pipeline.process([replace(mail, mail=read(data))])
        assert at.row(mail.journal_id)["reason"] == "no_sender"
    assert [m["notice"] for m in at.messages()] == ["W_held"]


def test_a_mail_for_a_desk_that_is_gone_is_held_with_the_reason(at):
    lost = at.accept(1, desk="claims")
    at.pipeline.process([lost])
    assert at.row(lost.journal_id)["reason"] == "no desk is called 'claims'"


def test_explaining_a_mail_changes_nothing(at):
    mail = at.accept()
    decision = at.pipeline.explain(mail.raw, mail.mail, "rma")
    assert decision.reason == "opened"
    assert at.row(mail.journal_id)["verdict"] is None
    assert at.messages() == ()


@pytest.mark.proves("X-33")
def test_missed_firings_happen_once_however_late(at):
    at.pipeline.process([at.accept()])
    at.clock.advance(timedelta(days=11))
    assert at.pipeline.fire_timers() == 2
    assert at.pipeline.fire_timers() == 0
    assert "N0_reminder" not in {m["notice"] for m in at.messages()}
    at.clock.advance(timedelta(hours=2))  # what customers wrote meanwhile comes first
    assert at.pipeline.fire_timers() == 1
    assert at.pipeline.fire_timers() == 0
    assert [m["notice"] for m in at.messages()].count("N0_reminder") == 1
    at.clock.advance(timedelta(days=20))
    assert at.pipeline.fire_timers() == 1
    at.clock.advance(timedelta(hours=2))
    assert at.pipeline.fire_timers() == 1
    assert "N_expired" in {m["notice"] for m in at.messages()}


@pytest.mark.proves("X-31")
def test_no_timer_overtakes_a_mail_that_came_before_it_was_due(at):
    at.pipeline.process([at.accept()])
    with at.store.read() as tx:
        due = timers.next_due(tx)
    at.clock.set(due - timedelta(seconds=1))
    waiting = at.accept(2)
    at.clock.set(due)
    assert at.pipeline.fire_timers() == 0
    at.pipeline.process([waiting])
    assert at.pipeline.fire_timers() >= 1


@pytest.mark.proves("X-33")
def test_of_missed_firings_the_last_counts_however_many_are_looked_at_together(at):
    for number in range(TIMERS_AT_ONCE // 2 + 10):
        at.pipeline.process([at.accept(number)])
    at.clock.advance(timedelta(days=11))
    while at.pipeline.fire_timers():
        pass
    at.clock.advance(timedelta(hours=2))
    while at.pipeline.fire_timers():
        pass
    told = Counter(m["ticket_id"] for m in at.messages() if m["notice"] == "N0_reminder")
    assert len(told) == TIMERS_AT_ONCE // 2 + 10
    assert set(told.values()) == {1}


class Quicker(dict):
    """Offices that another node is always quicker with."""

    def get(self, key, default=None):
        raise Conflict("deadlock detected")


def test_a_timer_that_another_node_was_quicker_with_waits_a_minute_not_a_day(at):
    at.pipeline.process([at.accept()])
    with at.store.read() as tx:
        due = timers.next_due(tx)
    with at.store.write() as tx:
        assert fire_due(tx, Quicker(), due) == 1
    with at.store.read() as tx:
        assert timers.next_due(tx) == due + timedelta(minutes=1)


def test_every_mail_is_counted_under_exactly_one_verdict(at):
    at.pipeline.process([at.accept(1), at.accept(2), at.accept(1)])
    with at.store.read() as tx:
        counts = accounts.counts(tx)
    assert counts["received"] == 3
    assert counts["applied"] + counts["duplicate"] == 3


def test_a_message_is_claimed_with_the_bytes_that_were_committed(at):
    at.pipeline.process([at.accept()])
    with at.store.write() as tx:
        (sendable,) = outbox.claim(tx, 1, 10, at.clock.now())
    assert sendable.message.recipient == CLAIRE
    assert sendable.message.data.startswith(b"From: ")
