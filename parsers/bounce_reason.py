"""Say why a message was not delivered: from the words of the mail system, then from its code."""

from __future__ import annotations

from parsers.bounce_words import REASONS, plain
from parsers.mail import BounceReason

LISTS = tuple((BounceReason(name), words) for name, words in REASONS.items())
CODES = {
    "1.0": BounceReason.USER_UNKNOWN,
    "1.1": BounceReason.USER_UNKNOWN,
    "1.2": BounceReason.HOST_UNKNOWN,
    "1.3": BounceReason.USER_UNKNOWN,
    "1.4": BounceReason.FILTERED,
    "1.6": BounceReason.HAS_MOVED,
    "1.7": BounceReason.REJECTED,
    "1.8": BounceReason.REJECTED,
    "1.10": BounceReason.NOT_ACCEPTED,
    "2.0": BounceReason.FILTERED,
    "2.1": BounceReason.SUSPENDED,
    "2.2": BounceReason.MAILBOX_FULL,
    "2.3": BounceReason.TOO_BIG,
    "2.4": BounceReason.MAILER_ERROR,
    "3.1": BounceReason.SYSTEM_FULL,
    "3.2": BounceReason.NOT_ACCEPTED,
    "3.4": BounceReason.TOO_BIG,
    "4.4": BounceReason.HOST_UNKNOWN,
    "4.7": BounceReason.EXPIRED,
    "5.3": BounceReason.RATE_LIMITED,
    "7.1": BounceReason.REJECTED,
    "7.20": BounceReason.AUTH_FAILURE,
    "7.21": BounceReason.AUTH_FAILURE,
    "7.22": BounceReason.AUTH_FAILURE,
    "7.23": BounceReason.AUTH_FAILURE,
    "7.24": BounceReason.AUTH_FAILURE,
    "7.25": BounceReason.BLOCKED,
    "7.26": BounceReason.AUTH_FAILURE,
    "7.28": BounceReason.RATE_LIMITED,
}
"""RFC 3463 and the IANA registry of enhanced status codes, without the class."""

SUBJECTS = {
    "2": BounceReason.FILTERED,
    "3": BounceReason.SYSTEM_ERROR,
    "4": BounceReason.NETWORK_ERROR,
    "6": BounceReason.CONTENT_ERROR,
    "7": BounceReason.POLICY_VIOLATION,
}
"""The second number of a status, when the third says nothing we know."""


def reason_of(status: str, diagnostic: str, action: str = "") -> BounceReason:
    """Name the reason: the diagnostic's words first, then the code, UNDEFINED when both are mute."""
    text = plain(diagnostic[:2_000])
    for reason, words in LISTS:
        if any(word in text for word in words):
            return reason
    detail = status[2:]
    if detail in CODES:
        return CODES[detail]
    if detail and not detail.endswith("0.0") and detail[:1] in SUBJECTS:
        return SUBJECTS[detail[:1]]
    return BounceReason.EXPIRED if action == "delayed" else BounceReason.UNDEFINED
