"""The types a mail is read into.

Everything here is frozen, keyword-only and picklable, because a mail is read in a worker
process and used in another. Absent text is "", an absent list is (); None means unknown.
Times are aware and in UTC. Addresses are `local@domain` with the domain in lower case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from parsers.business import BusinessDocument, Photo


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """A mailbox (RFC 5322 section 3.4): display name, decoded, and addr-spec."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        """The part after the last @, lower case, "" when there is none."""
        return self.address.rpartition("@")[2].lower()


NOBODY = Address(address="")


class SegmentKind(StrEnum):
    """What a stretch of the text is. Only NEW is ever interpreted (X-9)."""

    NEW = "new"
    QUOTE_OF_OURS = "quote_of_ours"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    FORWARDED = "forwarded"
    SIGNATURE = "signature"
    FOOTER = "footer"
    DISCLAIMER = "disclaimer"


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A run of characters of one kind. All segments joined give the text back."""

    kind: SegmentKind
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Forward:
    """A mail inside the mail. `sender` is None when nobody can be named with certainty (X-40);
    `sender_name` is then the name that stands in the place of an address, "" when none does."""

    sender: Address | None
    sender_name: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""


class Machine(StrEnum):
    """Who wrote, when it was no person (X-26)."""

    NONE = ""
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    DISPOSITION = "disposition"
    LIST = "list"
    REPORT = "report"
    CHALLENGE = "challenge"
    CALENDAR = "calendar"
    OWN = "own"


class BounceReason(StrEnum):
    """Why a message was not delivered, as far as a desk can act on it."""

    UNDEFINED = "undefined"
    USER_UNKNOWN = "user_unknown"
    MAILBOX_FULL = "mailbox_full"
    SUSPENDED = "suspended"
    HAS_MOVED = "has_moved"
    FILTERED = "filtered"
    HOST_UNKNOWN = "host_unknown"
    NOT_ACCEPTED = "not_accepted"
    EXPIRED = "expired"
    NETWORK_ERROR = "network_error"
    TOO_BIG = "too_big"
    CONTENT_ERROR = "content_error"
    SPAM_DETECTED = "spam_detected"
    VIRUS_DETECTED = "virus_detected"
    BLOCKED = "blocked"
    AUTH_FAILURE = "auth_failure"
    POLICY_VIOLATION = "policy_violation"
    SECURITY_ERROR = "security_error"
    NO_RELAYING = "no_relaying"
    RATE_LIMITED = "rate_limited"
    REJECTED = "rejected"
    MAILER_ERROR = "mailer_error"
    SYSTEM_ERROR = "system_error"
    SYSTEM_FULL = "system_full"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """One failed or delayed recipient of a delivery report (RFC 3464, RFC 3463).

    `recipient` is the address we wrote to, `aliases` are the addresses it was turned into on the
    way. `diagnostic` is what the mail system said, `message_id` names our message. `action` is
    "failed", "delayed" or "" when the report does not say.
    """

    recipient: str
    status: str = ""
    reason: BounceReason = BounceReason.UNDEFINED
    message_id: str = ""
    diagnostic: str = ""
    aliases: tuple[str, ...] = ()
    action: str = ""

    @property
    def permanent(self) -> bool:
        """True when the mail system gave up (RFC 3464 section 2.3.3): the message is lost.

        A temporary failure that outlasted every attempt keeps its class 4 (RFC 3463 X.4.7).
        """
        if self.action:
            return self.action == "failed"
        return self.status.startswith("5")


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthenticationResult:
    """One Authentication-Results field (RFC 8601).

    `hop` counts the Received lines above the field: 0 stands above all of them. `dmarc` is the
    result word in lower case, "" when the method is absent or named twice; `from_domain` is the
    `header.from` of that result, lower case.
    """

    authserv_id: str
    hop: int
    dmarc: str = ""
    from_domain: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One Received line, topmost first: the host that wrote it, and when."""

    by: str
    at: datetime | None = None


class FileKind(StrEnum):
    """What a file is by its magic bytes (X-20)."""

    PDF = "pdf"
    IMAGE = "image"
    OFFICE = "office"
    MACRO = "macro"
    TEXT = "text"
    XML = "xml"
    CALENDAR = "calendar"
    MAIL = "mail"
    SIGNATURE = "signature"
    ARCHIVE = "archive"
    EXECUTABLE = "executable"
    EMPTY = "empty"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file of the mail. `content_type` is by magic bytes, `declared_type` what the mail said.

    `decor` marks logos and signature icons, which are never documents (X-21). `refusal` is a
    reason code ("" = fine, X-23). By its bytes: empty, encrypted, broken, macro, executable,
    archive; by opening it: too_heavy (it costs more than a file may), broken, encrypted; by the
    scanner: infected. `scan` is what the virus scanner says: "" nobody asked, "clean",
    "infected", "unscanned". `document` and `photo` are there once a file was opened and says something;
    `table` is a workbook as CSV, read when it is `tabular`: somebody asks for that.
    """

    filename: str
    content_type: str
    declared_type: str
    size: int
    sha256: str
    data: bytes = field(repr=False)
    kind: FileKind = FileKind.OTHER
    inline: bool = False
    content_id: str = ""
    decor: bool = False
    refusal: str = ""
    scan: str = ""
    document: BusinessDocument | None = None
    photo: Photo | None = None
    tabular: bool = False
    table: str = field(default="", repr=False)


class IntentKind(StrEnum):
    """What the writer wants (X-15). `document` and `new_request` are concluded by the handlers."""

    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    CONDITIONAL = "conditional"
    QUESTION = "question"
    STATUS = "status"
    CANCELLATION = "cancellation"
    THANKS = "thanks"
    AMBIGUOUS = "ambiguous"
    REMINDER = "reminder"
    FORM = "form"
    LIST = "list"
    SHEET = "sheet"
    CONNECTION = "connection"
    RESEND = "resend"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """The intent of the new text and the words that show it. `only` is True when the text says
    nothing else (a pure status question, a pure thank-you)."""

    kind: IntentKind = IntentKind.UNKNOWN
    words: str = ""
    only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedMail:
    """A mail, read. Any bytes give one; what was odd is in `defects`.

    `text` is the whole body, `segments` cut it without losing a character. `recipients` are the
    addresses of To, Cc, Delivered-To, X-Original-To and Envelope-To. `links` are file-sharing
    links of the new text (never fetched, F-32). `back_on` is the return date of an absence.
    `language` is a two-letter code, "" when unsure.
    """

    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Address = NOBODY
    sender_count: int = 0
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    received: tuple[Received, ...] = ()
    authentication: tuple[AuthenticationResult, ...] = ()
    text: str = ""
    segments: tuple[Segment, ...] = ()
    forward: Forward | None = None
    machine: Machine = Machine.NONE
    bounces: tuple[Bounce, ...] = ()
    back_on: date | None = None
    attachments: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()
    language: str = ""
    intent: Intent = Intent()
    defects: tuple[str, ...] = ()

    def joined(self, *kinds: SegmentKind) -> str:
        """Return the text of all segments of these kinds, stripped."""
        return "".join(s.text for s in self.segments if s.kind in kinds).strip()

    @property
    def new_text(self) -> str:
        """What the writer wrote now: the only text that is interpreted (X-9)."""
        return self.joined(SegmentKind.NEW)

    @property
    def quoted(self) -> str:
        """History the mail carries along."""
        return self.joined(SegmentKind.QUOTE_OF_OURS, SegmentKind.QUOTE, SegmentKind.ATTRIBUTION)

    @property
    def signature(self) -> str:
        """The writer's signature, mobile footer and disclaimer."""
        return self.joined(SegmentKind.SIGNATURE, SegmentKind.FOOTER, SegmentKind.DISCLAIMER)
