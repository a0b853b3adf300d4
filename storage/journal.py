"""The journal: one row per accepted mail, from the instant it is accepted to its verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, null, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_or  # the same words on SQLite

from handlers.decision import Verdict
from handlers.envelope import Envelope, RawMail
from storage.columns import one_of
from storage.fingerprint import fingerprint as fingerprint_of
from storage.schema import image_seen, journal, journal_fingerprint, journal_raw
from storage.statement import fetch_column, write

NOBODY = 0  # owner of rows that no node works on yet


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """A mail that waits for its verdict. `attempts` counts the failures so far."""

    id: int
    desk: str
    raw: RawMail
    attempts: int = 0
    requester: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What reading a mail told: shown in lists, searched for twins (X-7) and decor (X-21).

    `images` are the SHA-256 of its inline images, `visibility` "internal" keeps it from the desk (R-8)."""

    sender: str = ""
    subject: str = ""
    message_id: str = ""
    body_digest: str = ""
    images: tuple[str, ...] = ()
    visibility: str = "public"


_ADD = insert(journal).returning(journal.c.id, sort_by_parameter_order=True)
_ADD_RAW = insert(journal_raw)
_KNOWN = select(journal.c.path_key, journal.c.id).where(
    journal.c.desk == bindparam("desk"),
    journal.c.path == bindparam("path"),
    text("path_key <> ''"),  # not a parameter: lets the partial index serve
    one_of(journal.c.path_key, "keys"),
)


def append(tx: Connection, node: int, batch: Sequence[tuple[str, RawMail]]) -> tuple[int, ...]:
    """Write mails down, each for its desk, and return their journal ids in the same order.

    When the transaction is committed, they are *accepted*. A mail whose path key the desk knows
    (the same IMAP message fetched again) is not written twice: its first id is given.
    """
    known = _known_keys(tx, batch)
    fresh: dict[tuple[str, str, str] | int, tuple[str, RawMail]] = {}
    for position, (desk, raw) in enumerate(batch):
        key = _path_key(desk, raw)
        if key not in known:
            fresh.setdefault(key or position, (desk, raw))
    ids = dict(zip(fresh, _insert(tx, node, fresh.values()), strict=True))
    keys = ((position, _path_key(desk, raw)) for position, (desk, raw) in enumerate(batch))
    return tuple(known[key] if key in known else ids[key or position] for position, key in keys)


def _path_key(desk: str, raw: RawMail) -> tuple[str, str, str] | None:
    envelope = raw.envelope
    return (desk, envelope.path, envelope.path_key) if envelope.path_key else None


def _known_keys(
    tx: Connection, batch: Sequence[tuple[str, RawMail]]
) -> dict[tuple[str, str, str] | None, int]:
    asked: dict[tuple[str, str], list[str]] = {}
    for desk, raw in batch:
        if raw.envelope.path_key:
            asked.setdefault((desk, raw.envelope.path), []).append(raw.envelope.path_key)
    known: dict[tuple[str, str, str] | None, int] = {}
    for (desk, path), keys in asked.items():
        for row in tx.execute(_KNOWN, {"desk": desk, "path": path, "keys": keys}):
            known[desk, path, row.path_key] = row.id
    return known


def _insert(tx: Connection, node: int, mails: Iterable[tuple[str, RawMail]]) -> Sequence[int]:
    rows = [_row(node, desk, raw) for desk, raw in mails]
    if not rows:
        return ()
    ids = tx.execute(_ADD, rows).scalars().all()
    raws = zip(ids, mails, strict=True)
    tx.execute(_ADD_RAW, [{"journal_id": i, "data": raw.data} for i, (_, raw) in raws])
    return ids


def _row(node: int, desk: str, raw: RawMail) -> dict[str, Any]:
    envelope = raw.envelope
    return {
        "desk": desk,
        "owner": node,
        "path": envelope.path,
        "path_key": envelope.path_key,
        "received_at": envelope.received_at,
        "reverse_path": envelope.reverse_path,
        "recipients": envelope.recipients,
        "peer": envelope.peer,
        "mute": envelope.mute,
        "sha256": hashlib.sha256(raw.data).hexdigest(),
        "fingerprint": fingerprint_of(raw.data),
        "size": len(raw.data),
        "attempts": 0,
        "next_try_at": envelope.received_at,
        "evidence": (),
        **_UNREAD,
    }


_UNREAD = dict.fromkeys(
    ("reason", "sender", "subject", "message_id", "body_digest", "requester"), ""
)


def missing_uids(
    tx: Connection, desk: str, mailbox: str, uidvalidity: int, uids: Sequence[int]
) -> tuple[int, ...]:
    """Return those of `uids` that the journal misses, in the order given."""
    asked = {"desk": desk, "path": f"imap:{mailbox}", "keys": [f"{uidvalidity}:{u}" for u in uids]}
    known = {row.path_key for row in tx.execute(_KNOWN, asked)}
    return tuple(uid for uid in uids if f"{uidvalidity}:{uid}" not in known)


_PENDING = (
    select(journal.c.id, journal.c.size)
    .where(
        journal.c.verdict == null(),
        journal.c.owner == bindparam("node"),
        journal.c.next_try_at <= bindparam("now"),
    )
    .order_by(journal.c.id)
    .limit(bindparam("limit"))
)
_WITH_RAW = (
    select(journal, journal_raw.c.data)
    .join(journal_raw)
    .where(one_of(journal.c.id, "ids", int))
    .order_by(journal.c.id)
)


def pending(
    tx: Connection,
    node: int,
    limit: int,
    now: datetime,
    *,
    busy: Collection[int] = (),
    octets: int = 64 << 20,
) -> tuple[Pending, ...]:
    """Return up to `limit` mails of this node that wait for a verdict, oldest first.

    `busy` are ids in work in this process: left out. Once mails make `octets` together, no more
    are returned: a backlog of large ones must not fill the memory.
    """
    asked = {"node": node, "now": now, "limit": limit + len(busy)}
    waiting = [row for row in tx.execute(_PENDING, asked) if row.id not in busy][:limit]
    before = accumulate((row.size for row in waiting), initial=0)
    ids = [row.id for row, size in zip(waiting, before, strict=False) if size < octets]
    return tuple(_pending(row) for row in tx.execute(_WITH_RAW, {"ids": ids})) if ids else ()


def read(tx: Connection, journal_id: int) -> Pending | None:
    """Return one mail as it came, whatever its verdict, or None when there is no such row."""
    row = tx.execute(_WITH_RAW, {"ids": [journal_id]}).first()
    return _pending(row) if row else None


def _pending(row: Row[Any]) -> Pending:
    envelope = Envelope(
        reverse_path=row.reverse_path,
        recipients=tuple(row.recipients),
        path=row.path,
        path_key=row.path_key,
        received_at=row.received_at,
        peer=row.peer,
        mute=row.mute,
    )
    raw = RawMail(data=row.data, envelope=envelope)
    same = {name: getattr(row, name) for name in ("attempts", "requester")}
    return Pending(id=row.id, desk=row.desk, raw=raw, **same)


_CLAIM = (
    select(journal.c.id)
    .where(one_of(journal.c.id, "ids", int), journal.c.verdict == null())
    .order_by(journal.c.id)
    .with_for_update(skip_locked=True)  # nothing on SQLite: there is one writer
)


def claim(tx: Connection, ids: Sequence[int]) -> set[int]:
    """Return those of `ids` that are still unsettled, locked until the transaction ends."""
    return set(fetch_column(tx, _CLAIM, {"ids": ids})) if ids else set()


_CONTENT = select(journal.c.fingerprint).where(journal.c.id == bindparam("row")).scalar_subquery()
_OWNER = {"desk": bindparam("desk"), "fingerprint": _CONTENT, "journal_id": bindparam("row")}
_OWN = insert_or(journal_fingerprint).values(_OWNER).on_conflict_do_nothing()
_FIRST = select(journal_fingerprint.c.journal_id).where(
    journal_fingerprint.c.desk == bindparam("desk"), journal_fingerprint.c.fingerprint == _CONTENT
)


def first_of(tx: Connection, desk: str, journal_id: int) -> int:
    """Return the journal id that owns this content on the desk: another id means a duplicate.

    The content is claimed in this transaction; a second node that asks waits for its end. A
    row keeps its claim when it is held and released.
    """
    asked = {"desk": desk, "row": journal_id}
    if write(tx, _OWN, asked):
        return journal_id
    return int(fetch_column(tx, _FIRST, asked)[0])


_SETTLE = update(journal).where(journal.c.id == bindparam("row"), journal.c.verdict == null())
_SEEN = insert_or(image_seen).on_conflict_do_nothing()


def settle(
    tx: Connection,
    journal_id: int,
    *,
    verdict: Verdict,
    reason: str = "",
    evidence: Sequence[str] = (),
    ticket_id: int | None = None,
    now: datetime,
    summary: Summary | None = None,
) -> bool:
    """Give a pending row its one verdict. Return False when it already had one: nothing is done."""
    values: dict[str, Any] = {
        "verdict": verdict.value,
        "reason": reason,
        "evidence": tuple(evidence),
        "ticket_id": ticket_id,
        "settled_at": now,
    }
    values |= _described(summary) if summary else {}
    if not write(tx, _SETTLE, values | {"row": journal_id}):
        return False
    if summary and summary.images and verdict is Verdict.APPLIED:
        _remember_images(tx, journal_id, summary)
    return True


def _described(summary: Summary) -> dict[str, Any]:
    return {
        "sender": summary.sender.lower(),
        "subject": summary.subject,
        "message_id": summary.message_id,
        "body_digest": summary.body_digest,
        "visibility": summary.visibility,
    }


def _remember_images(tx: Connection, journal_id: int, summary: Summary) -> None:
    desk = tx.execute(select(journal.c.desk).where(journal.c.id == journal_id)).scalar_one()
    key = {"desk": desk, "address_key": summary.sender.lower()}
    tx.execute(_SEEN, [key | {"sha256": sha256} for sha256 in sorted(set(summary.images))])


_FAIL = (
    update(journal)
    .where(journal.c.id == bindparam("row"), journal.c.verdict == null())
    .values(attempts=journal.c.attempts + 1)
)


def fail(  # noqa: PLR0917 - the row's new values
    tx: Connection, row: int, reason: str, retry_at: datetime | None, now: datetime, seen: str = ""
) -> None:
    """Count a failed attempt: try again at `retry_at`, or hold the mail for a person when None. Until it is
    decided who may read it, those of the visibility `seen` may."""
    values: dict[str, Any] = {"row": row, "reason": reason, "visibility": seen or "public"}
    if retry_at is None:
        values |= {"verdict": Verdict.HELD.value, "settled_at": now}
    else:
        values["next_try_at"] = retry_at
    tx.execute(_FAIL, values)
