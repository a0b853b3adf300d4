"""Errands: what is asked of outside organisations, from the decision to the answer.

Whoever carries an errand commits its claim first, and records what came of it afterwards. An answer
is stored before anything follows from it, and settled in the transaction that decides it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, String, cast, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from handlers.errands.errand import READ_ONLY, Answer, Errand, ErrandState, Payment, Problem
from storage.errand_schema import errand

WAITS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 30))
"""Between the attempts (domain page, timers of A4); the last one goes on."""

PATIENCE = timedelta(days=1)
OPEN_STATES = tuple(
    state.value for state in ErrandState if state not in (ErrandState.DONE, ErrandState.FAILED)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """An errand in the hands of its carrier. `doubtful` says that an earlier attempt may have
    arrived; `attempts` counts this one too."""

    id: int
    errand: Errand
    attempts: int
    doubtful: bool = False
    sent: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """An answer that waits to be decided."""

    id: int
    errand: Errand
    answer: Answer


def queue(tx: Connection, errands: Sequence[Errand], now: datetime) -> int:
    """Keep errands; one whose key is there already is left as it is. Return how many are new."""
    new = insert_or(errand).on_conflict_do_nothing().returning(errand.c.id)
    return sum(len(tx.execute(new, _row(one, now)).all()) for one in errands)


def claim(tx: Connection, node: int, desk: str, organisation: str, now: datetime) -> Carried | None:
    """Take the next errand to an organisation, None when nothing is due. Commit before carrying it.

    The errands of one ticket leave in their order: one that waits holds back those behind it.
    """
    earlier = errand.alias("earlier")
    behind = exists().where(
        earlier.c.ticket_id == errand.c.ticket_id,
        earlier.c.organisation == errand.c.organisation,
        earlier.c.id < errand.c.id,
        earlier.c.state.in_(("queued", "sending")),
    )
    due = (
        select(errand)
        .where(errand.c.desk == desk, errand.c.organisation == organisation)
        .where(errand.c.state == "queued", errand.c.next_try_at <= now, ~behind)
        .order_by(errand.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = tx.execute(due).first()
    if row is None:
        return None
    taken = {"state": "sending", "owner": node, "attempts": row.attempts + 1}
    # Until something is recorded, this attempt may have arrived.
    tx.execute(update(errand).where(errand.c.id == row.id).values(**taken, doubtful=True))
    return Carried(
        id=row.id, errand=_errand_of(row), attempts=row.attempts + 1, doubtful=bool(row.doubtful)
    )


def next_attempt(tx: Connection) -> datetime | None:
    """Return when the next errand is due to be carried, None when none is queued."""
    queued = select(func.min(errand.c.next_try_at)).where(errand.c.state == "queued")
    found: datetime | None = tx.execute(queued).scalar()
    return found


def is_due(tx: Connection, desk: str, organisation: str, now: datetime) -> bool:
    """Tell, beside the writer, whether a claim is worth a transaction."""
    due = (
        select(errand.c.id)
        .where(errand.c.desk == desk, errand.c.organisation == organisation)
        .where(errand.c.state == "queued", errand.c.next_try_at <= now)
        .limit(1)
    )
    return tx.execute(due).first() is not None


def awaited(tx: Connection, desk: str, organisation: str) -> tuple[Errand, ...]:
    """Return the errands that were handed over to an organisation and are not answered yet."""
    mine = (errand.c.desk == desk, errand.c.organisation == organisation)
    found = select(errand).where(*mine, errand.c.state == "sent").order_by(errand.c.id)
    return tuple(_errand_of(row) for row in tx.execute(found))


def hand_over(tx: Connection, errand_id: int, now: datetime) -> None:
    """Record that an errand was handed over; its answer comes later."""
    _record(tx, errand_id, state="sent", sent_at=now, trouble="", doubtful=False)


def put_off(
    tx: Connection, carried: Carried, trouble: str, now: datetime, *, doubtful: bool
) -> bool:
    """Record an attempt that failed: another one follows after 1, 5, 15, then every 30 minutes.

    After a day it is given up, and the answer says so: uncertain when it may have arrived. Returns
    whether it goes on.
    """
    since = tx.execute(select(errand.c.queued_at).where(errand.c.id == carried.id)).scalar_one()
    if now - since >= PATIENCE:
        give_up(tx, carried, trouble, doubtful=doubtful)
        return False
    wait = WAITS[min(carried.attempts, len(WAITS)) - 1]
    _record(
        tx, carried.id, state="queued", next_try_at=now + wait, trouble=trouble, doubtful=doubtful
    )
    return True


def give_up(tx: Connection, carried: Carried, trouble: str, *, doubtful: bool) -> None:
    """Record that an errand is not tried again: a person is told by its answer."""
    told = "uncertain" if doubtful and carried.errand.operation not in READ_ONLY else "failed"
    answer = Answer(result=told, values={"trouble": trouble})
    _record(tx, carried.id, state="answered", answer=asdict(answer), trouble=trouble)


def record_answer(tx: Connection, key: str, answer: Answer) -> bool:
    """Store what an organisation answered. False when nothing waits for it: it was answered before."""
    waiting = (errand.c.key == key, errand.c.state.in_(("queued", "sending", "sent")))
    values = {"state": "answered", "answer": asdict(answer), "owner": 0, "trouble": ""}
    return bool(tx.execute(update(errand).where(*waiting).values(values)).rowcount)


def answered(tx: Connection, limit: int) -> tuple[Answered, ...]:
    """Return answers that wait to be decided, oldest first, locked. Call `settle` in the same
    transaction."""
    found = select(errand).where(errand.c.state == "answered").order_by(errand.c.id).limit(limit)
    rows = tx.execute(found.with_for_update(skip_locked=True))
    return tuple(
        Answered(id=row.id, errand=_errand_of(row), answer=answer_of(row.answer)) for row in rows
    )


def has_answers(tx: Connection) -> bool:
    """Tell whether any answer waits to be decided."""
    waiting = select(errand.c.id).where(errand.c.state == "answered").limit(1)
    return tx.execute(waiting).first() is not None


def settle(tx: Connection, keys: Collection[str], state: ErrandState = ErrandState.DONE) -> None:
    """End errands: their answer was decided, or a person said what came of them."""
    if keys:
        ended = update(errand).where(errand.c.key.in_(sorted(keys)))
        tx.execute(ended.values(state=state.value, owner=0))


def free_dead(tx: Connection, whose: Any) -> int:
    """Queue again what a node that is gone was carrying; what it did is in doubt. Return how many."""
    lost = update(errand).where(errand.c.state == "sending", whose)
    return tx.execute(lost.values(state="queued", owner=0)).rowcount


def take_back(tx: Connection, node: int, desk: str, organisation: str) -> int:
    """Queue again, in doubt, what counts as carried by this node although it has nothing in hand: its
    claim was committed, and it never heard so. Return how many."""
    mine = (errand.c.desk == desk, errand.c.organisation == organisation, errand.c.owner == node)
    lost = update(errand).where(errand.c.state == "sending", *mine)
    return tx.execute(lost.values(state="queued", owner=0)).rowcount


def of_ticket(tx: Connection, ticket_id: int) -> tuple[dict[str, Any], ...]:
    """Return everything that was asked about a ticket, oldest first, to be shown."""
    rows = tx.execute(select(errand).where(errand.c.ticket_id == ticket_id).order_by(errand.c.id))
    return tuple(dict(row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name


def listed(tx: Connection, *, state: str = "", desk: str = "", limit: int = 100) -> tuple[Any, ...]:
    """Return errands as rows, the newest first; "" narrows nothing."""
    found = select(errand).order_by(errand.c.id.desc()).limit(limit)
    if state:
        found = found.where(errand.c.state == state)
    if desk:
        found = found.where(errand.c.desk == desk)
    return tuple(tx.execute(found))


def erase_words(tx: Connection, tickets: Collection[int], address: str) -> int:
    """Blank what was told of these tickets, or of somebody with this address; what was not sent yet
    is not. Return how many errands."""
    named = func.lower(cast(errand.c.body, String)).contains(address.lower(), autoescape=True)
    theirs = or_(errand.c.ticket_id.in_(sorted(tickets)), named)
    waiting = errand.c.state.in_(("queued", "sent", "with_person"))
    tx.execute(update(errand).where(theirs, waiting).values(state=ErrandState.FAILED.value))
    return tx.execute(update(errand).where(theirs).values(body={}, answer={}, trouble="")).rowcount


def depth(tx: Connection) -> Mapping[str, int]:
    """Return how many errands are in each state."""
    counted = tx.execute(select(errand.c.state, func.count()).group_by(errand.c.state))
    return {row[0]: row[1] for row in counted}


def answer_of(kept: Mapping[str, Any]) -> Answer:
    """Return the answer that was stored as JSON."""
    return Answer(
        result=str(kept.get("result", "failed")),
        values={str(k): str(v) for k, v in kept.get("values", {}).items()},
        problems=tuple(Problem(**one) for one in kept.get("problems", ())),
        payments=tuple(Payment(**one) for one in kept.get("payments", ())),
    )


def _record(tx: Connection, errand_id: int, **values: Any) -> None:
    """Change an errand that is under way; one that was settled meanwhile stays settled."""
    under_way = (errand.c.id == errand_id, errand.c.state == "sending")
    tx.execute(update(errand).where(*under_way).values(owner=0, **values))


def _row(one: Errand, now: datetime) -> dict[str, Any]:
    return {
        **asdict(one),
        "state": one.state.value,
        "owner": 0,
        "attempts": 0,
        "doubtful": False,
        "queued_at": now,
        "next_try_at": now,
        "sent_at": now if one.state is ErrandState.SENT else None,
        "answer": {},
        "trouble": "",
    }


def _errand_of(row: Row[Any]) -> Errand:
    return Errand(
        key=row.key,
        desk=row.desk,
        organisation=row.organisation,
        operation=row.operation,
        ticket_id=row.ticket_id,
        body=row.body,
        document=row.document,
        state=ErrandState(row.state),
    )
