"""What happened before with the people and tickets of a mail: sent, held, seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    text,
)

from handlers.facts import HeldMail, Questions
from handlers.ticket import Ticket
from storage.book_layout import joined
from storage.book_schema import book_row, book_table
from storage.columns import one_of
from storage.schema import contact, image_seen, journal, outbox
from storage.statement import fetch, fetch_column

MOST_VALUES = 500  # of one question: a hostile mail may name thousands of keys
QUIET = timedelta(minutes=10)
DAY = timedelta(days=1)
_TODAY = (
    select(outbox.c.recipient_key, func.count())
    .where(
        # Spelt so that no index fits: SQLite shall start from the addresses, not from the desk's day.
        outbox.c.desk.concat(text("''")) == bindparam("desk"),
        one_of(outbox.c.recipient_key, "addresses"),
        outbox.c.queued_at > bindparam("since"),
        outbox.c.automatic,
    )
    .group_by(outbox.c.recipient_key)
)
_WRITTEN = (
    select(
        outbox.c.ticket_id,
        outbox.c.notice,
        outbox.c.recipient_key,
        outbox.c.automatic,
        func.max(outbox.c.queued_at).label("last"),
        func.max(case((outbox.c.cause.like("t%"), None), else_=outbox.c.queued_at)).label(
            "put"
        ),  # not by a clock, which only repeats
        func.sum(case((outbox.c.state == literal("parked"), 1), else_=0)).label("parked"),
    )
    .where(one_of(outbox.c.ticket_id, "ids", int), text("state <> 'discarded'"))
    .group_by(outbox.c.ticket_id, outbox.c.notice, outbox.c.recipient_key, outbox.c.automatic)
)


@dataclass(slots=True)
class Written:
    """What was sent: automatic messages to each address in a day, (ticket, address) of those just now, the
    notices of each ticket since it entered its state (X-18) with their last times, and how many of its
    messages are parked. Parked ones count as sent: what waits for a person need not be said again."""

    today: dict[str, int] = field(default_factory=dict)
    acknowledged: set[tuple[int, str]] = field(default_factory=set)
    told: dict[tuple[int, str], datetime] = field(default_factory=dict)
    parked: Counter[int] = field(default_factory=Counter)


def written(
    tx: Connection, questions: Questions, tickets: Mapping[int, Ticket], now: datetime
) -> Written:
    """Return what was sent to the people asked about, and about these tickets."""
    found = Written()
    if questions.addresses:
        asked = {
            "desk": questions.desk,
            "addresses": questions.addresses[:MOST_VALUES],
            "since": now - DAY,
        }
        found.today = {row[0]: row[1] for row in fetch(tx, _TODAY, asked)}
    for row in fetch(tx, _WRITTEN, {"ids": list(tickets)}) if tickets else ():
        if row.last >= tickets[row.ticket_id].state_since:
            named = (row.ticket_id, row.notice)
            at = row.put or row.last
            found.told[named] = max(at, found.told.get(named, at))
        if row.automatic and row.last > now - QUIET:
            found.acknowledged.add((row.ticket_id, row.recipient_key))
        if row.parked:
            found.parked[row.ticket_id] += row.parked
    return found


_WRITTEN_OUTSIDE = (
    select(func.count())
    .select_from(outbox)
    .join(journal, outbox.c.cause == literal("m") + cast(journal.c.id, String))
    .where(
        outbox.c.desk == bindparam("desk"),
        outbox.c.queued_at > bindparam("since"),
        text("outbox.visibility = 'external'"),
        journal.c.sender == bindparam("author"),
    )
)


def written_outside(tx: Connection, desk: str, author: str, since: datetime) -> int:
    """Return how many messages somebody had carried to people outside a ticket since then (R-48)."""
    asked = {"desk": desk, "author": author.lower(), "since": since}
    found: int = fetch_column(tx, _WRITTEN_OUTSIDE, asked)[0]
    return found


_TWIN = (
    select(func.min(journal.c.id))
    .where(
        journal.c.desk == bindparam("desk"),
        journal.c.body_digest == bindparam("digest"),
        text("body_digest <> ''"),  # lets the partial index serve
        one_of(journal.c.sender, "addresses"),
        journal.c.received_at > bindparam("since"),
        or_(bindparam("before") == 0, journal.c.id < bindparam("before")),
        text("verdict IN ('applied', 'held')"),
    )
)  # fmt: skip
_WAITS = select(
    journal.c.id, journal.c.sender, journal.c.reason, journal.c.ticket_id, journal.c.received_at
).where(
    text("verdict = 'held'")  # not a parameter: lets the partial index serve
)
_HELD_FROM = and_(journal.c.desk == bindparam("desk"), one_of(journal.c.sender, "addresses"))


def twin(tx: Connection, questions: Questions, now: datetime) -> int | None:
    """Return the earlier mail of a day with the same sender and body digest, or None."""
    if not (questions.body_digest and questions.addresses):
        return None
    asked = {
        "desk": questions.desk,
        "digest": questions.body_digest,
        "addresses": questions.addresses[:MOST_VALUES],
        "since": now - DAY,
        "before": questions.journal_id,
    }
    found: int | None = fetch_column(tx, _TWIN, asked)[0]
    return found


_HELD = _WAITS.where(_HELD_FROM).order_by(journal.c.id.desc()).limit(MOST_VALUES)
_HELD_ON = _WAITS.where(
    one_of(journal.c.ticket_id, "ids", int), journal.c.desk == bindparam("desk")
)


def held(tx: Connection, questions: Questions, tickets: Collection[int]) -> tuple[HeldMail, ...]:
    """Return the mails that wait on these tickets or come from the addresses asked, the 500 newest.

    No address stands for mails without a sender: what their flood was told the team, is known.
    """
    addresses = questions.addresses[:MOST_VALUES] or ("",)
    rows: list[Any] = fetch(tx, _HELD, {"desk": questions.desk, "addresses": addresses})
    if tickets:
        rows += fetch(tx, _HELD_ON, {"desk": questions.desk, "ids": list(tickets)})
    return held_mails(rows)


def held_mails(rows: Sequence[Any]) -> tuple[HeldMail, ...]:
    """Return held journal rows as values, each once, oldest first."""
    found = {
        row.id: HeldMail(
            journal_id=row.id,
            sender=row.sender,
            reason=row.reason,
            ticket_id=row.ticket_id,
            received_at=row.received_at,
        )
        for row in rows
    }
    return tuple(found[i] for i in sorted(found))


_IMAGES = select(image_seen.c.sha256).where(
    image_seen.c.desk == bindparam("desk"), one_of(image_seen.c.address_key, "addresses")
)


def known_images(tx: Connection, questions: Questions) -> frozenset[str]:
    """Return the images that earlier mails from these addresses carried (X-21)."""
    if not questions.addresses:
        return frozenset()
    asked = {"desk": questions.desk, "addresses": questions.addresses[:MOST_VALUES]}
    return frozenset(fetch_column(tx, _IMAGES, asked))


_SERIALS = (
    select(book_row.c.key)
    .join(book_table, book_table.c.id == book_row.c.table_id)
    .where(book_table.c.desk == bindparam("desk"), book_table.c.name == "serials")
)
_ANY_SERIAL = _SERIALS.limit(1)
_SERIALS_NAMED = _SERIALS.where(one_of(book_row.c.key, "values"))


def serials_listed(tx: Connection, questions: Questions) -> frozenset[str] | None:
    """Return which references are in the desk's table `serials`; None when it has no such table."""
    if not fetch_column(tx, _ANY_SERIAL, {"desk": questions.desk}):
        return None
    keys = {one: joined([one]) for one in questions.references[:MOST_VALUES]}
    asked = {"desk": questions.desk, "values": list(keys.values())}
    found = set(fetch_column(tx, _SERIALS_NAMED, asked))
    return frozenset(one for one, key in keys.items() if key in found)


_NEIGHBOURS = (
    select(contact.c.address_key)
    .where(contact.c.desk == bindparam("desk"), contact.c.address_key.like(bindparam("pattern")))
    .limit(MOST_VALUES)
)


def neighbours(tx: Connection, questions: Questions, known: Collection[str]) -> tuple[str, ...]:
    """Return known addresses of the sender's domain when the sender is not known (F-42)."""
    sender = questions.addresses[0] if questions.addresses else ""
    if not sender or sender in known:
        return ()
    domain = sender.rpartition("@")[2]
    return tuple(fetch_column(tx, _NEIGHBOURS, {"desk": questions.desk, "pattern": f"%@{domain}"}))
