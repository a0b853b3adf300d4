"""A database of the test's own, on SQLite and on PostgreSQL, and things to put into it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.decision import Decision, TicketChange, Verdict
from handlers.envelope import Envelope, RawMail
from handlers.facts import Facts, Questions
from handlers.message import Message
from handlers.ticket import Article, Participant, Role, Step, Ticket, Timer
from storage import journal, lookup
from storage.apply import apply
from storage.migrations import migrate
from storage.store import Store

NOW = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
DESK = "rma"
ANNE = "anne@client.example"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'savd.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open database with every table. Not durable: tests that need fsync open their own."""
    opened = Store.open(store_url, durable=False)
    migrate(opened)
    yield opened
    opened.close()


def raw(
    text: str = "Bonjour",
    *,
    to_path: str = "lmtp",
    key: str = "",
    sender: str = ANNE,
    **changes: Any,
) -> RawMail:
    """A small mail as an intake hands it over. The same text gives the same content."""
    data = f"From: {sender}\r\nTo: rma@desk.example\r\nSubject: {text}\r\n\r\n{text}\r\n".encode()
    envelope = Envelope(
        reverse_path=sender,
        recipients=("rma@desk.example",),
        path=to_path,
        path_key=key,
        received_at=NOW,
    )
    return RawMail(data=data, envelope=replace(envelope, **changes))


def accept(store: Store, *mails: RawMail, node: int = 1) -> tuple[int, ...]:
    """Journal mails in one transaction."""
    with store.write() as tx:
        return journal.append(tx, node, [(DESK, mail) for mail in mails])


def a_ticket(number: int = 1000, **changes: Any) -> Ticket:
    """A ticket of Anne's."""
    ticket = Ticket(
        id=number,
        desk=DESK,
        workflow="rma",
        key=f"DEM-{number}",
        draft_key=f"DEM-{number}",
        state="incomplete",
        opened_at=NOW,
        requested_at=NOW,
        state_since=NOW,
        changed_at=NOW,
        contact=ANNE,
        language="fr",
        subject="Panne",
        thread=("<a@client.example>",),
        fields={"serial": "SN-é1"},
        flags=frozenset({"urgent", "chased"}),
        participants=(Participant(address=ANNE, role=Role.CONTACT, name="Anne"),),
        links={"follows": "DEM-1"},
    )
    return replace(ticket, **changes)


def an_article(text: str = "Bonjour", **changes: Any) -> Article:
    """Something Anne said."""
    return replace(Article(cause="m1", author=ANNE, at=NOW, text=text), **changes)


def a_step(**changes: Any) -> Step:
    """The opening of a ticket."""
    step = Step(
        cause="m1", at=NOW, actor=ANNE, transition="F-T1", from_state="", to_state="incomplete"
    )
    return replace(step, **changes)


def a_timer(ticket_id: int = 1000, name: str = "T-relance", **changes: Any) -> Timer:
    """A timer due in an hour."""
    timer = Timer(ticket_id=ticket_id, name=name, nth=1, due_at=NOW + HOUR, started_at=NOW)
    return replace(timer, **changes)


def a_message(number: int = 1, **changes: Any) -> Message:
    """A message to Anne."""
    message = Message(
        message_id=f"<t1000.m{number}.N1@desk.example>",
        bounce_key=f"key{number}",
        reverse_path=f"rma+b.key{number}@desk.example",
        recipient=ANNE,
        subject="Votre demande",
        notice="N1",
        cause=f"m{number}",
        data=b"Subject: Votre demande\r\n\r\nBonjour\r\n",
        ticket_id=1000,
    )
    return replace(message, **changes)


def opened(ticket: Ticket | None = None, **changes: Any) -> Decision:
    """A decision that opens a ticket."""
    change = TicketChange(ticket=ticket or a_ticket(), opened=True, **changes)
    return Decision(verdict=Verdict.APPLIED, changes=(change,))


def changed(ticket: Ticket, **changes: Any) -> Decision:
    """A decision that changes a ticket."""
    change = TicketChange(ticket=ticket, **changes)
    return Decision(verdict=Verdict.APPLIED, changes=(change,))


def write(store: Store, decision: Decision, *messages: Message, **arguments: Any) -> None:
    """Apply a decision in a transaction of its own."""
    given: dict[str, Any] = {"desk": DESK, "references": {}, "now": NOW}
    with store.write() as tx:
        apply(tx, decision, messages, **given | arguments)


def ask(store: Store, *, now: datetime = NOW, **questions: Any) -> Facts:
    """Ask what storage knows."""
    with store.write() as tx:
        return lookup.answer(tx, Questions(**{"desk": DESK} | questions), now=now)


SINCE_BUDGETS = (
    "DROP TABLE digest_leaver",
    "DROP TABLE undelivered",
    "DROP INDEX outbox_per_address",
    "DROP INDEX outbox_per_ticket",
    "DROP INDEX outbox_per_desk",
    "DROP INDEX outbox_parked",
    "ALTER TABLE outbox DROP COLUMN charged",
    "ALTER TABLE outbox DROP COLUMN parked_for",
)
"""Takes away what schema 12 and later added."""
