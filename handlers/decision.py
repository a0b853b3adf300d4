"""What was decided: a verdict, its reason, and everything that must change together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from handlers.desk import Contact
from handlers.errands.errand import Errand
from handlers.numbering import Numbers
from handlers.process.table_rules import TableRule
from handlers.ticket import Article, Document, Role, Step, Ticket, Timer, Visibility

Value: TypeAlias = "str | int | bool | list[Value] | dict[str, Value] | None"


class Verdict(StrEnum):
    """How a mail ends. Every journal row ends in exactly one."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    HELD = "held"
    REJECTED = "rejected"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """Who gets a notice, in which role and language. Comes from the ticket, never from a mail."""

    address: str
    role: Role
    language: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedFile:
    """A file of the reference book that a message brings along."""

    name: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A message to be written: which template, to whom, about which ticket.

    `ticket_id` is None for notices that belong to no ticket (unknown sender, lists). `values` go to the
    template, JSON only. `attach` are document numbers of the ticket; `papers` are those that
    we write for it, as PDF; `table` is attached as CSV (first row = header), under `table_name` when it is not the template's. `enclosed` are
    further files as (name, text), `handed` those of the reference book. `automatic` is False when the message relays a person's words
    (X-29). `team` is set on work items. `visibility` tells whose talk it belongs to; answers to an
    EXTERNAL one come back to the talk with the address `thread` (R-17). `recurring` ones come again and
    again by themselves, until their reader stops them. `charged` and `parked_for` are written when it meets the
    budgets of the desk (X-30).
    """

    template: str
    to: Recipient
    ticket_id: int | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    attach: tuple[int, ...] = ()
    papers: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    table_name: str = ""
    handed: tuple[HandedFile, ...] = ()
    enclosed: tuple[tuple[str, str], ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = True
    team: str = ""
    visibility: Visibility = Visibility.PUBLIC
    thread: str = ""
    recurring: bool = False
    charged: bool = False
    parked_for: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewDocument:
    """A document and the bytes that come with it; `copies` are further ones, by their SHA-256: the
    copy that may leave and the thumbnail."""

    document: Document
    data: bytes = field(repr=False)
    copies: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Resent:
    """A message of the outbox that is sent again: to `to`, called `name`, "" to whom it was for."""

    outbox_id: int
    to: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketChange:
    """One ticket after the decision. `opened` tells a new one. `stopped` names timers to drop.

    `errands` are asked of organisations, `settled_errands` are keys of those that a person settled.
    `resent` are messages that leave again.
    `parked` is what a person decided about its parked messages: "released", "discarded", "" nothing.
    """

    ticket: Ticket
    opened: bool = False
    articles: tuple[Article, ...] = ()
    steps: tuple[Step, ...] = ()
    documents: tuple[NewDocument, ...] = ()
    started: tuple[Timer, ...] = ()
    stopped: tuple[str, ...] = ()
    errands: tuple[Errand, ...] = ()
    settled_errands: tuple[str, ...] = ()
    resent: tuple[Resent, ...] = ()
    parked: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TableOrder:
    """A table to be imported: the octets of a CSV file, and of files that its rows name. What came of
    it is told by `done` (value `done`, the counts) or `refused` (value `errors`, every mistake)."""

    table: str
    rule: TableRule
    filename: str
    data: bytes = field(repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    replace: bool = False
    done: Notice
    refused: Notice


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Everything one event brings, applied in one transaction or not at all.

    `reason` is a short code, `evidence` the sentences `savd explain` prints. `about` is the ticket
    the mail was routed to, whatever came of it. `contacts` are added or replaced in the directory.
    `replay` are held journal rows to be decided again, `replay_for` the requester they are
    decided for ("" = whoever wrote them), `turned_away` held rows that end rejected. `settled`
    maps outbox Message-IDs to "bounced", "deferred" or "sent". `numbers` drawn move their series.
    `by_agent` is an act of an agent: no budget binds it (X-30). `unheard` are addresses of the desk that
    did not get a work item: alarms for the administrator (X-28).
    `tables` are imported with it. `postponed` is when a timer that could not fire is looked at again. `visibility` is INTERNAL when
    nobody of the desk may read the mail (R-8). `digest_readers` are addresses that want the digests of the
    desk again (True), or no more.
    """

    verdict: Verdict
    reason: str = ""
    evidence: tuple[str, ...] = ()
    about: int | None = None
    changes: tuple[TicketChange, ...] = ()
    notices: tuple[Notice, ...] = ()
    contacts: tuple[Contact, ...] = ()
    replay: tuple[int, ...] = ()
    replay_for: str = ""
    turned_away: tuple[int, ...] = ()
    settled: Mapping[str, str] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)
    by_agent: bool = False
    unheard: tuple[str, ...] = ()
    postponed: datetime | None = None
    tables: tuple[TableOrder, ...] = ()
    visibility: Visibility = Visibility.PUBLIC
    digest_readers: Mapping[str, bool] = field(default_factory=dict)
