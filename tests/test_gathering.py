"""Work items that wait for one another: one mail tells all, in order, whatever dies in between."""

from __future__ import annotations

import multiprocessing
import os
import signal
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.applying import apply_decision
from daemon.gathering import MOST
from daemon.office import Office
from handlers.decision import Decision, Notice, Recipient, Verdict
from handlers.desk import Team
from handlers.message import Attempt, OutboxState
from handlers.ticket import Role, Ticket
from handlers.work_items import Happening, gathers, kept, read_kept
from handlers.workflow_file import shipped
from storage import outbox
from storage.store import Store

from .notice_desk import DESK as SAMPLE_DESK
from .notice_desk import KEYS
from .stores import NOW, a_ticket, store, store_url

__all__ = ["store", "store_url"]

WINDOW = timedelta(minutes=5)
DESK = replace(
    SAMPLE_DESK,
    gathering=WINDOW,
    teams=(Team(name="sales", addresses=("sales@desk.example",)),),
)
OFFICE = Office(desk=DESK, workflow=shipped("rma"), keys=KEYS)
TICKET = replace(a_ticket(1000), state="quote_sent", key="RMA-2026-000001")
WORDS = ("premier mot", "deuxième mot", "troisième mot", "quatrième mot")


def item(said: str, template: str = "W_question", **changes: object) -> Notice:
    """A work item that tells these words to sales."""
    made = Notice(
        template=template,
        to=Recipient(address="sales@desk.example", role=Role.AGENT, language="fr"),
        ticket_id=TICKET.id,
        values={"said": said, "found": [], "commands": [], "compared": [], "tables": []},
        team="sales",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def happen(
    store: Store, number: int, *notices: Notice, after: timedelta, ticket: Ticket = TICKET
) -> None:
    """Apply a decision that tells these notices."""
    with store.write() as tx:
        decision = Decision(verdict=Verdict.APPLIED, notices=notices)
        now = NOW + after
        apply_decision(tx, decision, {ticket.id: ticket}, OFFICE, cause=f"m{number}", now=now)


def leave(store: Store, now: datetime) -> list[EmailMessage]:
    """Send what is due, as the courier does."""
    with store.write() as tx:
        found = outbox.claim(tx, 1, 100, now)
        sent = Attempt(state=OutboxState.SENT, reply="250 ok")
        outbox.record(tx, [(one.id, sent) for one in found], now)
    return [message_from_bytes(one.message.data, policy=policy.default) for one in found]


def words_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def test_several_events_in_the_window_are_one_mail_that_tells_all_in_order(store: Store) -> None:
    """Five minutes after the first, not after the last."""
    for number, words in enumerate(WORDS):
        happen(store, number, item(words), after=timedelta(minutes=number))
    assert leave(store, NOW + timedelta(minutes=4, seconds=59)) == []
    (only,) = leave(store, NOW + WINDOW)
    text = words_of(only)
    places = [text.index(words) for words in WORDS]
    assert places == sorted(places)
    assert "4 événements" in str(only["Subject"])
    assert all(f"\n{n}. " in text for n in range(1, 5))
    assert leave(store, NOW + timedelta(days=1)) == []


def test_one_mail_tells_so_many_events_and_the_next_begins_another(store: Store) -> None:
    """It would be no small mail any more; nothing is dropped."""
    for number in range(MOST + 2):
        happen(store, number, item(f"mot {number}."), after=timedelta(seconds=number))
    first, second = leave(store, NOW + 2 * WINDOW)
    assert all(f"mot {n}." in words_of(first) for n in range(MOST))
    assert [f"mot {n}." in words_of(second) for n in range(MOST + 2)] == [False] * MOST + [True] * 2


def test_what_comes_after_the_window_is_a_mail_of_its_own(store: Store) -> None:
    """Nothing waits for ever."""
    happen(store, 1, item(WORDS[0]), after=timedelta(0))
    first = leave(store, NOW + WINDOW)
    happen(store, 2, item(WORDS[1]), after=WINDOW)
    second = leave(store, NOW + 2 * WINDOW)
    assert [WORDS[0] in words_of(one) for one in (*first, *second)] == [True, False]
    assert [WORDS[1] in words_of(one) for one in (*first, *second)] == [False, True]


def test_customers_and_agents_who_command_wait_for_nothing(store: Store) -> None:
    """Only what a team is asked waits."""
    to = Recipient(address="anne@client.example", role=Role.CONTACT, language="fr")
    answer = Notice(template="N_passed_on", to=to, ticket_id=TICKET.id)
    happen(store, 1, item(WORDS[0]), answer, after=timedelta(0))
    (now,) = leave(store, NOW)
    assert str(now["To"]) == "anne@client.example"


def test_what_is_urgent_leaves_at_once_and_takes_along_what_waits(store: Store) -> None:
    """A ticket with a high priority, or a notice that says so."""
    happen(store, 1, item(WORDS[0]), after=timedelta(0))
    high = replace(TICKET, priority="high")
    happen(store, 2, item(WORDS[1]), after=timedelta(seconds=30), ticket=high)
    (only,) = leave(store, NOW + timedelta(seconds=30))
    assert words_of(only).index(WORDS[0]) < words_of(only).index(WORDS[1])
    assert leave(store, NOW + timedelta(days=1)) == []


def test_two_work_items_of_one_mail_are_one_mail_too(store: Store) -> None:
    """To the same person; another person gets their own."""
    other = Recipient(address="bob@desk.example", role=Role.AGENT, language="en")
    happen(store, 1, item(WORDS[0]), item(WORDS[1]), item(WORDS[2], to=other), after=timedelta(0))
    sent = {str(one["To"]): words_of(one) for one in leave(store, NOW + WINDOW)}
    assert all(words in sent["sales@desk.example"] for words in WORDS[:2])
    assert WORDS[2] in sent["bob@desk.example"]
    assert "event" not in sent["bob@desk.example"].partition("\n\n")[2][:40]


def test_a_transaction_that_fails_leaves_what_waited(store: Store) -> None:
    """Taking along and telling anew are one commit."""
    happen(store, 1, item(WORDS[0]), after=timedelta(0))
    with pytest.raises(RuntimeError), store.write() as tx:
        decision = Decision(verdict=Verdict.APPLIED, notices=(item(WORDS[1]),))
        apply_decision(tx, decision, {TICKET.id: TICKET}, OFFICE, cause="m2", now=NOW)
        raise RuntimeError
    (only,) = leave(store, NOW + WINDOW)
    assert WORDS[0] in words_of(only)
    assert WORDS[1] not in words_of(only)


def _die_before_the_commit(url: str) -> None:
    store = Store.open(url)
    with store.write() as tx:
        decision = Decision(verdict=Verdict.APPLIED, notices=(item(WORDS[1]),))
        apply_decision(tx, decision, {TICKET.id: TICKET}, OFFICE, cause="m2", now=NOW)
        os.kill(os.getpid(), signal.SIGKILL)


def test_kill_9_in_the_middle_loses_and_doubles_nothing(store: Store, store_url: str) -> None:
    """The mail is decided again after the restart; both events leave once."""
    happen(store, 1, item(WORDS[0]), after=timedelta(0))
    process = multiprocessing.get_context("spawn").Process(
        target=_die_before_the_commit, args=(store_url,)
    )
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    happen(store, 2, item(WORDS[1]), after=timedelta(minutes=1))
    (only,) = leave(store, NOW + WINDOW)
    assert words_of(only).count(WORDS[0]) == words_of(only).count(WORDS[1]) == 1
    assert leave(store, NOW + timedelta(days=9)) == []


def test_a_message_about_to_leave_is_left_alone(store: Store) -> None:
    """The clocks of two nodes differ: a courier may have it already."""
    happen(store, 1, item(WORDS[0]), after=timedelta(0))
    happen(store, 2, item(WORDS[1]), after=WINDOW - timedelta(seconds=1))
    assert [WORDS[0] in words_of(one) for one in leave(store, NOW + WINDOW)] == [True]
    assert [WORDS[1] in words_of(one) for one in leave(store, NOW + 2 * WINDOW)] == [True]


@given(st.text(max_size=80), st.lists(st.integers(1, 99), max_size=4))
def test_what_is_kept_is_read_back(said: str, numbers: list[int]) -> None:
    """Any words, any documents."""
    one = Happening(at=NOW, notice=item(said, attach=tuple(numbers), references=("<a@b>",)))
    assert read_kept(kept([one, one])) == (one, one)


def test_only_work_items_of_a_ticket_without_papers_of_their_own_gather() -> None:
    """The rest leaves as before."""
    assert gathers(item("x"))
    assert not gathers(item("x", team=""))
    assert not gathers(item("x", ticket_id=None))
    assert not gathers(item("x", table=(("a",),)))
