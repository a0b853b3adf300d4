"""A message of ours that did not get through, and whom that is to be blamed on (X-28, RFC 3463)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from handlers.facts import SentMessage
from handlers.message import OutboxState
from parsers.folding import plain
from parsers.machines.bounce_reason import reason_of
from parsers.mail import BounceReason

DOUBT: Final = timedelta(hours=1)
"""How long evidence is waited for before a person is asked whether a message arrived."""

DELAY: Final = timedelta(hours=4)
"""After how long a message that the relay puts off counts as late."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """How long evidence is waited for (`doubt`), and after how long a message counts as `late`."""

    doubt: timedelta = DOUBT
    late: timedelta = DELAY


AS_USUAL: Final = Waits()

_STATUS = re.compile(r"[245]\d\d[ -](?:[245]\d\d[ -])?([245]\.\d{1,3}\.\d{1,3})\b")
_OF_RECIPIENT = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")
_OF_SENDER = ("5.1.7", "5.1.8")
_PROTOCOL = re.compile("50[0-4]")  # what was said, not to whom (RFC 5321 section 4.2.3)
_ABOUT_US = frozenset(
    {
        *(BounceReason.NO_RELAYING, BounceReason.BLOCKED, BounceReason.AUTH_FAILURE),
        *(BounceReason.SPAM_DETECTED, BounceReason.VIRUS_DETECTED, BounceReason.RATE_LIMITED),
        *(BounceReason.POLICY_VIOLATION, BounceReason.SECURITY_ERROR, BounceReason.CONTENT_ERROR),
        *(BounceReason.TOO_BIG, BounceReason.SYSTEM_ERROR, BounceReason.SYSTEM_FULL),
        *(BounceReason.NETWORK_ERROR, BounceReason.EXPIRED),
    }
)
"""Why a relay refuses a recipient although nothing is wrong with the address."""

_NOBODY_THERE = frozenset(
    {
        *(BounceReason.USER_UNKNOWN, BounceReason.HOST_UNKNOWN, BounceReason.HAS_MOVED),
        *(BounceReason.SUSPENDED, BounceReason.MAILBOX_FULL, BounceReason.NOT_ACCEPTED),
    }
)
"""Why nobody can be reached at an address, under whatever code."""


class Trouble(StrEnum):
    """What kept a message from getting through: a report says it failed; the relay refused its
    recipient, or the message or us; we gave up after days; or nobody knows whether it arrived."""

    REPORTED = "reported"
    RECIPIENT = "recipient"
    MESSAGE = "message"
    GIVEN_UP = "given_up"
    DOUBT = "doubt"


PENDING: Final = {
    Trouble.RECIPIENT: OutboxState.BOUNCED,
    Trouble.MESSAGE: OutboxState.BOUNCED,
    Trouble.GIVEN_UP: OutboxState.BOUNCED,
    Trouble.DOUBT: OutboxState.UNCERTAIN,
}
"""The state in which a message stays as long as its trouble is true."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Undelivered:
    """A message of ours that did not get through. `words` are those of whoever refused it, `status` the
    enhanced code of RFC 3463, read from the words when it is ""."""

    message: SentMessage
    trouble: Trouble
    words: str = ""
    status: str = ""

    @property
    def code(self) -> str:
        """The enhanced status code, "" when nobody told one."""
        found = _STATUS.match(self.words)
        return self.status or (found[1] if found else "")

    @property
    def of_address(self) -> bool:
        """Whether the address is to blame: nobody can be reached there until it is another one."""
        if self.trouble in (Trouble.REPORTED, Trouble.DOUBT):
            return self.trouble is Trouble.REPORTED
        if self.code in _OF_RECIPIENT:
            return True
        if self.code in _OF_SENDER or "sender" in plain(self.words) or _PROTOCOL.match(self.words):
            return False
        reason = reason_of(self.code, self.words)
        if self.trouble is Trouble.RECIPIENT and reason in _NOBODY_THERE:
            return True
        named = self.trouble is Trouble.RECIPIENT and not self.code.startswith("5.7.")
        return (named or self.code.startswith("5.1.")) and reason not in _ABOUT_US
