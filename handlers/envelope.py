"""What arrives: the bytes of a mail and how they came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """How a mail came (RFC 5321 section 2.3.1).

    `reverse_path` is "" for the null path. `path` names the intake: "smtp", "lmtp", "pipe" or
    "imap:<mailbox>". `path_key` is what identifies the mail on that path ("<uidvalidity>:<uid>"
    for IMAP, "" elsewhere). `mute` marks mail older than the fence of a first connect: it is
    filed and never answered.
    """

    reverse_path: str
    recipients: tuple[str, ...]
    path: str
    received_at: datetime
    path_key: str = ""
    peer: str = ""
    mute: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RawMail:
    """The bytes of a mail, exactly as received, and its envelope."""

    data: bytes = field(repr=False)
    envelope: Envelope
