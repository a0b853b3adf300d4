"""The outbox: messages that are to leave, and what became of them."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from handlers.message import Attempt, Message, OutboxState
from handlers.undelivered import AS_USUAL, Trouble, Waits
from storage import undelivered
from storage.columns import one_of
from storage.rows import message_of, message_row
from storage.schema import WAITING, outbox, outbox_raw
from storage.sent import ON_THE_WAY
from storage.statement import write

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
PATIENCE = timedelta(days=5)
ARRIVED = "arrived"  # what a report says of a message that a mail answers
_TURN = 0x6F757462  # "outb": claims of several nodes come one after the other


RETRIED = (OutboxState.DEFERRED.value, OutboxState.BOUNCED.value, OutboxState.UNCERTAIN.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """A message that did not get through: its row, whose it is, to whom."""

    id: int
    desk: str
    ticket_id: int | None
    recipient: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sendable:
    """A message that this node is to send now. `attempts` counts this attempt too."""

    id: int
    message: Message
    attempts: int


def back_off(message_id: str, attempts: int) -> timedelta:
    """Return how long to wait after this many attempts: 1 min, doubled up to 2 h.

    Up to a tenth is added, the same for the same message, so that many do not come at once.
    """
    wait = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 10)), LONGEST_WAIT)
    return wait * (1 + zlib.crc32(f"{message_id}{attempts}".encode()) % 100 / 1000)


_QUEUE = insert_or(outbox).on_conflict_do_nothing()
_QUEUE_RAW = insert_or(outbox_raw).on_conflict_do_nothing()


def queue(tx: Connection, desk: str, messages: Sequence[Message], now: datetime) -> None:
    """Queue messages. One that is there already (same cause, notice, recipient) is left as it is.
    What may not leave before an instant waits for it; what is over a budget is parked (X-30)."""
    if not messages:
        return
    fresh = {
        "state": OutboxState.QUEUED.value,
        "owner": 0,
        "attempts": 0,
        "queued_at": now,
        "next_try_at": now,
        "reply": "",
        "report": "",
    }
    rows = [{**message_row(desk, one), **fresh, **_otherwise(one)} for one in messages]
    write(tx, _QUEUE, *rows)
    write(tx, _QUEUE_RAW, *[{"message_id": m.message_id, "data": m.data} for m in messages])


def _otherwise(one: Message) -> dict[str, Any]:
    """Return what is otherwise for a message that is parked, or that must wait: only then its five days
    begin."""
    if one.parked_for:
        return {"state": OutboxState.PARKED.value}
    later = one.not_before
    return {"queued_at": later, "next_try_at": later} if later else {}


_earlier = outbox.alias("earlier")
_DUE = (
    select(outbox, outbox_raw.c.data)
    .join(outbox_raw, outbox_raw.c.message_id == outbox.c.message_id)
    .where(
        text(WAITING.replace("state", "outbox.state")),
        outbox.c.next_try_at <= bindparam("now"),
        # What another claim sends to the same person goes first.
        ~exists().where(
            text("earlier.state = 'sending'"),
            _earlier.c.recipient_key == outbox.c.recipient_key,
            _earlier.c.id < outbox.c.id,
        ),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
)
_CLAIM = (
    update(outbox)
    .where(one_of(outbox.c.id, "ids", int))
    .values(
        state=OutboxState.SENDING.value,
        owner=bindparam("node"),
        attempts=outbox.c.attempts + 1,
    )
)


def claim(tx: Connection, node: int, limit: int, now: datetime) -> tuple[Sendable, ...]:
    """Take up to `limit` messages to send, oldest first. Commit before sending.

    Send those to one recipient in the order given. The attempt is counted here, so that a crash
    in the middle counts too.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TURN})
    rows = tx.execute(_DUE, {"now": now, "limit": limit}).all()
    if rows:
        tx.execute(_CLAIM, {"ids": [row.id for row in rows], "node": node})
    return tuple(
        Sendable(id=row.id, message=message_of(row), attempts=row.attempts + 1) for row in rows
    )


def take_back(tx: Connection, node: int, in_hand: Collection[int]) -> int:
    """Queue again what counts as being sent by this node and is not in its hands.

    For a claim that was committed although its courier never heard so.
    """
    sending = select(outbox.c.id).where(text("state = 'sending'"), outbox.c.owner == node)
    lost = [i for i in tx.execute(sending).scalars() if i not in in_hand]
    queued = update(outbox).where(one_of(outbox.c.id, "ids", int))
    if lost:
        tx.execute(queued.values(state=OutboxState.QUEUED.value, owner=0), {"ids": lost})
    return len(lost)


_SENDING = select(
    outbox.c.id, outbox.c.message_id, outbox.c.attempts, outbox.c.queued_at, outbox.c.report
).where(one_of(outbox.c.id, "ids", int), outbox.c.state == "sending")
_RECORD = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.state == "sending")
    .values(
        owner=0,
        state=bindparam("state"),
        reply=bindparam("reply"),
        report=bindparam("report"),
        sent_at=bindparam("sent_at"),
        next_try_at=bindparam("next_try_at"),
    )
)


def record(
    tx: Connection, results: Sequence[tuple[int, Attempt]], now: datetime, waits: Waits = AS_USUAL
) -> None:
    """Write down what attempts came to. A message deferred for five days is given up: bounced.

    What did not get through waits to be decided (`storage.undelivered`).
    """
    attempts = dict(results)
    rows = tx.execute(_SENDING, {"ids": list(attempts)}).all() if attempts else ()
    values = [_fate(row, attempts[row.id], now, waits) for row in rows]
    if values:
        tx.execute(_RECORD, values)
    troubles = (_trouble(fate, attempts[fate["row"]], now, waits) for fate in values)
    undelivered.keep(tx, [one for one in troubles if one is not None])


def _fate(row: Any, attempt: Attempt, now: datetime, waits: Waits) -> dict[str, Any]:
    state, waited = attempt.state, now - row.queued_at
    if row.report == ARRIVED and state is not OutboxState.BOUNCED:
        state = OutboxState.SENT
    elif state is OutboxState.DEFERRED and waited >= PATIENCE:
        state = OutboxState.BOUNCED
    late = state is OutboxState.DEFERRED and waited >= waits.late
    return {
        "row": row.id,
        "state": state.value,
        "reply": attempt.reply,
        "report": OutboxState.DEFERRED.value if late else row.report,
        "sent_at": now if state is OutboxState.SENT else None,
        "next_try_at": now + back_off(row.message_id, row.attempts),
    }


def _trouble(
    fate: Mapping[str, Any], attempt: Attempt, now: datetime, waits: Waits
) -> tuple[int, Trouble, datetime] | None:
    """Return what is to be decided about a message, None while all is well or still tried."""
    if fate["state"] == OutboxState.UNCERTAIN.value:
        return fate["row"], Trouble.DOUBT, now + waits.doubt
    if fate["state"] != OutboxState.BOUNCED.value:
        return None
    if attempt.state is OutboxState.DEFERRED:
        return fate["row"], Trouble.GIVEN_UP, now
    return fate["row"], Trouble.RECIPIENT if attempt.of_recipient else Trouble.MESSAGE, now


def report(tx: Connection, settled: Mapping[str, str], now: datetime) -> None:
    """Note what mails say of our messages, by Message-ID or bounce key: "bounced", "deferred" or "sent".

    "deferred" is only noted: the relay has the message and goes on trying. What arrived is not sent
    again; while it is in the hands of a courier, that one records it.
    """
    for name, word in settled.items():
        known = or_(outbox.c.message_id == name, outbox.c.bounce_key == name)
        if word != OutboxState.SENT.value:
            failed = {"state": word} if word == OutboxState.BOUNCED.value else {}
            tx.execute(update(outbox).where(known).values(report=word, **failed))
        if word != OutboxState.BOUNCED.value:
            _arrive(tx, known, now)


def _arrive(tx: Connection, known: Any, now: datetime) -> int:
    """Note that a message reached at least the relay, which was not known. Return how many."""
    noted = update(outbox).where(known, outbox.c.state.in_(ON_THE_WAY), outbox.c.report == "")
    tx.execute(noted.values(report=ARRIVED))
    settled = update(outbox).where(known, outbox.c.state.in_(ON_THE_WAY), outbox.c.owner == 0)
    return tx.execute(settled.values(state=OutboxState.SENT.value, sent_at=now)).rowcount


def settle(tx: Connection, outbox_id: int, now: datetime) -> bool:
    """Take an uncertain message for sent: a person asked its recipient. Return whether it was one."""
    doubtful = and_(outbox.c.id == outbox_id, outbox.c.state == OutboxState.UNCERTAIN.value)
    return bool(_arrive(tx, doubtful, now))


def failed(tx: Connection, outbox_id: int) -> Message | None:
    """Return a message that did not get through, or of which nobody knows; None for any other, and when
    its bytes were erased."""
    states = (OutboxState.BOUNCED.value, OutboxState.UNCERTAIN.value)
    found = select(outbox, outbox_raw.c.data).join(
        outbox_raw, outbox_raw.c.message_id == outbox.c.message_id
    )
    row = tx.execute(found.where(outbox.c.id == outbox_id, outbox.c.state.in_(states))).first()
    return None if row is None else message_of(row)


def chosen(
    tx: Connection, ids: Collection[int], bounced_since: datetime | None = None
) -> tuple[Failed, ...]:
    """Return the messages with these ids that `retry` would queue again, and all that were written
    since an instant and bounced, in their order."""
    known = and_(one_of(outbox.c.id, "ids", int), outbox.c.state.in_(RETRIED))
    if bounced_since is not None:
        fresh = outbox.c.queued_at >= bounced_since
        known = or_(known, and_(outbox.c.state == OutboxState.BOUNCED.value, fresh))
    query = select(*(outbox.c[name] for name in Failed.__slots__)).where(known)
    rows = tx.execute(query.order_by(outbox.c.id), {"ids": sorted(ids)})
    return tuple(Failed(**row._asdict()) for row in rows)


def retry(tx: Connection, ids: Sequence[int], now: datetime) -> int:
    """Queue messages again that are deferred, bounced or uncertain. Return how many."""
    mine = and_(outbox.c.id.in_(ids), outbox.c.state.in_(RETRIED))
    fresh = {"state": OutboxState.QUEUED.value, "owner": 0, "attempts": 0, "report": ""}
    # The five days start again.
    again = update(outbox).where(mine).values(**fresh, next_try_at=now, queued_at=now)
    return tx.execute(again).rowcount


def next_try(tx: Connection) -> datetime | None:
    """Return when the next message is to be tried, None when none waits."""
    return tx.execute(select(func.min(outbox.c.next_try_at)).where(text(WAITING))).scalar()


def depth(tx: Connection) -> Mapping[str, int]:
    """Return how many messages are in each state."""
    found = tx.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    counted: dict[str, int] = {row[0]: row[1] for row in found}
    return {state.value: counted.get(state.value, 0) for state in OutboxState}
