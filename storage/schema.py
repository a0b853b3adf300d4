"""The tables, in SQLAlchemy Core: the same on SQLite and PostgreSQL.

Times are UTC with microseconds and come back aware. Text that comes out of mails may hold what
a database refuses (NUL, lone surrogates): `Words` and the JSON columns replace it by U+FFFD.
Bytes of mails and messages have tables of their own: whoever changes or lists a row leaves them.
Addresses are compared in lower case, `address_key` beside `address`; keys, references in upper case.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    false,
    text,
)

from storage.columns import Id, Json, Moment, Words

metadata = MetaData()


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, Words, nullable=False, **options)


def _texts(*names: str, **options: Any) -> list[Column[str]]:
    return [_text(name, **options) for name in names]


def _time(name: str, *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=nullable)


def _times(*names: str) -> list[Column[datetime]]:
    return [_time(name) for name in names]


def _json(name: str) -> Column[Any]:
    return Column(name, Json, nullable=False)


def _only(where: str, postgresql: str = "") -> dict[str, Any]:
    """Return the options of an index that holds only these rows."""
    return {"sqlite_where": text(where), "postgresql_where": text(postgresql or where)}


def _number(name: str, default: int | None = None) -> Column[int]:
    return Column(name, BigInteger, nullable=False, default=default)


def _visibility() -> Column[str]:
    return _text("visibility", server_default="public")


node = Table(
    "node",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("host"),
    _number("pid"),
    _time("started_at"),
    sqlite_autoincrement=True,
)

journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True),
    _text("desk"),
    Column("owner", Integer, nullable=False),  # node that works on it, 0 = none yet
    *_texts("path", "path_key"),
    _time("received_at"),
    _text("reverse_path"),
    _json("recipients"),
    _text("peer"),
    Column("mute", Boolean, nullable=False),
    *_texts("sha256", "fingerprint"),
    _number("size"),
    _number("attempts"),
    _time("next_try_at"),
    Column("verdict", Words),  # NULL until settled
    _text("reason"),
    _json("evidence"),
    Column("ticket_id", BigInteger),
    _time("settled_at", nullable=True),
    *_texts("sender", "subject", "message_id", "body_digest", "requester"),
    _visibility(),
    sqlite_autoincrement=True,  # tickets take their ids from it: never given twice
)
Index("journal_pending", journal.c.owner, journal.c.id, **_only("verdict IS NULL"))
Index("journal_held", journal.c.desk, journal.c.sender, **_only("verdict = 'held'"))
_PATH = (journal.c.desk, journal.c.path, journal.c.path_key)
Index("journal_path", *_PATH, unique=True, **_only("path_key <> ''"))
Index("journal_twin", journal.c.desk, journal.c.body_digest, **_only("body_digest <> ''"))
Index("journal_message_id", journal.c.message_id)
Index("journal_ticket", journal.c.ticket_id)

journal_raw = Table(
    "journal_raw",
    metadata,
    Column("journal_id", Id, ForeignKey("journal.id"), primary_key=True, autoincrement=False),
    Column("data", LargeBinary, nullable=False),
)

journal_fingerprint = Table(
    "journal_fingerprint",
    metadata,
    *_texts("desk", "fingerprint", primary_key=True),
    Column("journal_id", Id, ForeignKey("journal.id"), nullable=False),
)

image_seen = Table(
    "image_seen", metadata, *_texts("desk", "address_key", "sha256", primary_key=True)
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    *_texts("desk", "workflow", "key", "draft_key", "state"),
    *_times("opened_at", "requested_at", "state_since", "changed_at"),
    _time("closed_at", nullable=True),
    _number("version"),
    *_texts("contact", "contact_key"),
    *_texts("language", "organisation", "subject", "assignee", "priority"),
    *map(_json, ("thread", "fields", "flags", "links")),
    *_texts("group", "former", server_default=""),
)
Index("ticket_group", ticket.c.desk, ticket.c.group, **_only("\"group\" <> ''"))
Index("ticket_contact", ticket.c.desk, ticket.c.contact_key, ticket.c.closed_at)
Index("ticket_organisation", ticket.c.desk, ticket.c.organisation, ticket.c.closed_at)
Index("ticket_state", ticket.c.desk, ticket.c.state)


def _ticket_id(**options: Any) -> Column[int]:
    return Column("ticket_id", Id, ForeignKey("ticket.id"), nullable=False, **options)


participant = Table(
    "participant",
    metadata,
    _ticket_id(primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    *_texts("address", "address_key", "role", "name"),
)
Index("participant_address", participant.c.address_key)

article = Table(
    "article",
    metadata,
    Column("id", Id, primary_key=True),
    _ticket_id(),
    *_texts("cause", "author"),
    _time("at"),
    *_texts("text", "visibility", "author_name", "direction", "language"),
)
Index("article_ticket", article.c.ticket_id, article.c.id)

document = Table(
    "document",
    metadata,
    _ticket_id(primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    *_texts("kind", "filename", "content_type"),
    _number("size"),
    *_texts("sha256", "author"),
    _time("at"),
    *_texts("cause", "visibility"),
    *map(_json, ("fields", "flags")),
    # What leaves in its place, a small picture of it, and what its pixels look like.
    *_texts("copy_sha256", "thumbnail_sha256", "fingerprint", server_default=""),
)
Index("document_sha256", document.c.sha256)
for _short in ("copy", "thumbnail"):
    Index(f"document_{_short}", document.c[f"{_short}_sha256"], **_only(f"{_short}_sha256 <> ''"))
UNSCANNED = ("flags LIKE '%\"unscanned\"%'", "flags @> '[\"unscanned\"]'")  # SQLite, PostgreSQL
Index("document_unscanned", document.c.ticket_id, document.c.number, **_only(*UNSCANNED))

picture_piece = Table(
    "picture_piece",
    metadata,
    *_texts("desk", "piece", primary_key=True),
    _ticket_id(primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
)
Index("picture_piece_ticket", picture_piece.c.ticket_id)

blob = Table(
    "blob",
    metadata,
    _text("sha256", primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

step = Table(
    "step",
    metadata,
    Column("id", Id, primary_key=True),
    _ticket_id(),
    _time("at"),
    *_texts("cause", "actor", "transition", "from_state", "to_state", "why"),
)
Index("step_ticket", step.c.ticket_id, step.c.id)

timer = Table(
    "timer",
    metadata,
    Column("id", Id, primary_key=True),
    _ticket_id(),
    *_texts("name", "held_by"),  # held by the flag that keeps it still, "" when it goes
    Column("nth", Integer, nullable=False),
    *_times("due_at", "started_at"),
    *(_time("held_at", nullable=True), Column("left_seconds", BigInteger)),
    sqlite_autoincrement=True,  # a firing is a cause ("t17"): never given twice
)
Index("timer_name", timer.c.ticket_id, timer.c.name, timer.c.nth, unique=True)
Index("timer_due", timer.c.due_at)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    _text("desk"),
    _text("message_id", unique=True),
    *_texts("bounce_key", "reverse_path", "recipient", "recipient_key"),
    *_texts("subject", "notice", "cause", "state"),
    Column("ticket_id", BigInteger),
    Column("automatic", Boolean, nullable=False),
    Column("owner", Integer, nullable=False),  # node that sends it, 0 = none
    _number("attempts"),
    *(*_times("queued_at", "next_try_at"), _time("sent_at", nullable=True)),
    *_texts("reply", "report"),  # what a delivery report said later: "", "deferred" or "bounced"
    _visibility(),
    _text("parked_for", server_default=""),  # the budget it was over
    Column("charged", Boolean, nullable=False, server_default=false()),
    sqlite_autoincrement=True,
)
WAITING = "state IN ('queued', 'deferred')"
Index("outbox_waiting", outbox.c.id, **_only(WAITING))
Index("outbox_sending", outbox.c.recipient_key, outbox.c.id, **_only("state = 'sending'"))
_CAUSE = (outbox.c.cause, outbox.c.notice, outbox.c.recipient_key)
Index("outbox_cause", *_CAUSE, text("coalesce(ticket_id, 0)"), unique=True)
Index("outbox_ticket", outbox.c.ticket_id)
Index("outbox_recipient", outbox.c.recipient_key, outbox.c.queued_at)
Index("outbox_bounce_key", outbox.c.bounce_key)

outbox_raw = Table(
    "outbox_raw",
    metadata,
    _text("message_id", primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

contact = Table(
    "contact",
    metadata,
    *_texts("desk", "address_key", primary_key=True),
    *_texts("address", "name", "organisation", "language"),
    Column("scope_organisation", Boolean, nullable=False),
    Column("verified", Boolean, nullable=False),
)

domain = Table(
    "domain", metadata, *_texts("desk", "domain", primary_key=True), _text("organisation")
)

ticket_key = Table(
    "ticket_key",
    metadata,
    *_texts("desk", "key", primary_key=True),
    _ticket_id(),
)
Index("ticket_key_ticket", ticket_key.c.ticket_id)

reference = Table(
    "reference",
    metadata,
    *_texts("desk", "reference", primary_key=True),
    _ticket_id(primary_key=True, autoincrement=False),
)
Index("reference_ticket", reference.c.ticket_id)

number_series = Table(
    "number_series", metadata, *_texts("desk", "series", primary_key=True), _number("next")
)

table_row = Table(
    "table_row", metadata, *_texts("desk", "table", "key", primary_key=True), _json("data")
)
