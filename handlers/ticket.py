"""A ticket and what hangs on it: participants, articles, documents, steps and timers.

Ids are chosen by whoever decides, never by the database: a ticket opened by the n-th item of
journal row J has the id `J * 1000 + n`. So a decision is a value, and applying it twice collides
instead of doubling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

ITEMS_PER_MAIL = 1000
FIRST_CHILD = ITEMS_PER_MAIL // 2
"""Tickets a mail opens are counted from 0, those that the rules open beside them from here."""

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When a timer is due that waits for an event, not for a moment."""

QUESTION = "question_open"
"""Flag of a ticket whose customer was asked something and has not answered yet."""

LOST = "lost"
"""Link of a ticket: the outbox ids of messages that can be sent again, those to its contact marked."""

UNREACHED = "address_invalid"
"""Flag of a ticket whose contact's address takes no mail (X-28)."""

MISSED = "message_lost"
"""Flag of a ticket whose contact did not get a message, for another reason than the address: clocks
stand still until it is sent again or somebody takes care of the ticket (X-28)."""

PARKED = "message_parked"
"""Flag of a ticket with a message that was over a budget and waits for a person (X-30)."""

UNUSABLE = frozenset({"replaced", "to_attach", "unsure", "disabled", "infected", "returned"})
"""Flags of documents that move no ticket: no longer, or not before a person has looked."""


class Role(StrEnum):
    """What a participant is to the ticket. Signed into every reply address (X-3). Contact, requester
    and participant decide; an observer is believed like anyone of the organisation. EXTERNAL ones were written to by
    people of the ticket and see nothing of it but that (R-17); INTERNAL stands in the reply addresses
    of a talk that the desk may not read (R-8). Who LEFT is sent nothing until they write again."""

    CONTACT = "contact"
    REQUESTER = "requester"
    PARTICIPANT = "participant"
    OBSERVER = "observer"
    PENDING = "pending"
    LEFT = "left"
    AGENT = "agent"
    EXTERNAL = "external"
    INTERNAL = "internal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Participant:
    """An address on the ticket. PENDING ones were in Cc and see nothing yet (X-6)."""

    address: str
    role: Role
    name: str = ""


class Visibility(StrEnum):
    """Who may see an article or a document. INTERNAL is read by people of the customer alone: storage
    never hands it out (R-8). EXTERNAL is a talk with somebody outside, that the customer and the
    desk may follow (R-17)."""

    PUBLIC = "public"
    NOTE = "note"
    QUARANTINE = "quarantine"
    INTERNAL = "internal"
    EXTERNAL = "external"


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """Something said on the ticket. `cause` is what brought it ("m412" a mail, "t17" a timer,
    "s7000.3" a scan of its files)."""

    cause: str
    author: str
    at: datetime
    text: str
    visibility: Visibility = Visibility.PUBLIC
    author_name: str = ""
    direction: str = "in"
    language: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file promoted to a document of the ticket. `number` counts from 1 on each ticket.

    `fields` is what was read in it (number, quotes, gross, barcodes, ...), `flags` what is odd:
    "to_attach" waits for an agent to say whose it is, "to_share" belongs to one of several items,
    "unsure" waits for an agent to say what it is, "unreadable" says nothing by itself, "suggested"
    was read by OCR, "seen_elsewhere" is the same picture as on another ticket, "unscanned" was not
    seen by the virus scanner, "infected" it found something in later, "replaced" no longer counts, "returned" is
    a quote that a customer sent: never again taken for ours, "disabled" was withdrawn by its author
    (R-12): nobody is shown or sent it again. `copy_sha256` is what leaves in its place ("" = the
    file itself), `thumbnail_sha256` a small picture of it, `fingerprint` that of its pixels.
    """

    number: int
    kind: str
    filename: str
    content_type: str
    size: int
    sha256: str
    author: str
    at: datetime
    cause: str
    visibility: Visibility = Visibility.PUBLIC
    fields: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    copy_sha256: str = ""
    thumbnail_sha256: str = ""
    fingerprint: str = ""

    @property
    def usable(self) -> bool:
        """Whether it may move its ticket: it still counts, and waits for nobody (X-2)."""
        return not self.flags & UNUSABLE

    def counts_as(self, *kinds: str) -> bool:
        """Tell whether it is of one of these kinds; a photo of anything is also a photo (X-25)."""
        return self.kind in kinds or ("photo" in kinds and self.kind.startswith("photo_"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Withheld:
    """All that may be known of a document which only people of the customer see (R-8): that its number
    is taken, and whose it is, so that its author can withdraw it (R-12)."""

    number: int
    author: str
    disabled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """One request for one device. Values in `fields` are text; choices hold their code,
    amounts "412.80", dates ISO, `key` is what people see: DEM-... first, RMA-... once submitted. `group` is the same on tickets
    that were opened together: the draft key of the first; "" for one that stands alone. `former` is
    what it was before the last commands of an agent, as JSON (`handlers.agents.undoing`)."""

    id: int
    desk: str
    workflow: str
    key: str
    draft_key: str
    state: str
    opened_at: datetime
    requested_at: datetime
    state_since: datetime
    changed_at: datetime
    closed_at: datetime | None = None
    version: int = 0
    contact: str = ""
    language: str = ""
    organisation: str = ""
    subject: str = ""
    assignee: str = ""
    priority: str = "normal"
    thread: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    participants: tuple[Participant, ...] = ()
    documents: tuple[Document, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    group: str = ""
    former: str = ""

    def role_of(self, address: str) -> Role | None:
        """Return the role this address has on the ticket, or None."""
        low = address.lower()
        return next((p.role for p in self.participants if p.address.lower() == low), None)

    def admits(self, address: str) -> bool:
        """Tell whether an address may see the ticket: pending people may not yet (X-6), who left no
        more, people outside never (R-17)."""
        away = (None, Role.PENDING, Role.LEFT, Role.AGENT, Role.EXTERNAL)
        return self.role_of(address) not in away

    @property
    def next_document(self) -> int:
        """The number that its next document gets, from 1."""
        taken = [one.number for one in self.documents] + [one.number for one in self.withheld]
        return max(taken, default=0) + 1

    def latest(self, *kinds: str) -> Document | None:
        """Return the newest usable document of one of these kinds, or None."""
        fit = (d for d in reversed(self.documents) if d.usable and d.counts_as(*kinds))
        return next(fit, None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the ticket's history: a transition, or something noted ("" = no transition)."""

    cause: str
    at: datetime
    actor: str
    transition: str
    from_state: str
    to_state: str
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timer:
    """Something that will happen to a ticket. `nth` counts the firings of one start, from 1.

    One that stands still is `held_by` a flag since `held_at`, with so much `left` of it; then `due_at`
    is when it is looked at by itself, NEVER when only an event lets it go on.
    """

    ticket_id: int
    name: str
    nth: int
    due_at: datetime
    started_at: datetime
    held_by: str = ""
    held_at: datetime | None = None
    left: timedelta | None = None
