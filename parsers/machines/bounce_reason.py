"""Say why a message was not delivered: from the words of the mail system, then from its code."""

from __future__ import annotations

from parsers.folding import plain, says
from parsers.machines.bounce_words import CLEAR, VAGUE
from parsers.mail import BounceReason

CLEAR_LISTS = tuple((BounceReason(name), words) for name, words in CLEAR.items())
VAGUE_LISTS = tuple((BounceReason(name), words) for name, words in VAGUE.items())
CODES = {
    "1.1": BounceReason.USER_UNKNOWN,
    "1.2": BounceReason.HOST_UNKNOWN,
    "1.3": BounceReason.USER_UNKNOWN,
    "1.4": BounceReason.FILTERED,
    "1.6": BounceReason.HAS_MOVED,
    "1.7": BounceReason.REJECTED,
    "1.8": BounceReason.REJECTED,
    "1.10": BounceReason.USER_UNKNOWN,
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
    "7.13": BounceReason.SUSPENDED,
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
    "5": BounceReason.SYSTEM_ERROR,
    "6": BounceReason.CONTENT_ERROR,
    "7": BounceReason.POLICY_VIOLATION,
}
"""The second number of a status, when the third says nothing we know."""


def reason_of(status: str, diagnostic: str, action: str = "") -> BounceReason:
    """Name the reason: clear words first, then the code, then vague words; UNDEFINED if all fail."""
    text = plain(diagnostic[:2_000])
    return (
        _by_words(text, CLEAR_LISTS)
        or CODES.get(status[2:])
        or _by_words(text, VAGUE_LISTS)
        or _by_subject(status[2:])
        or (BounceReason.EXPIRED if action == "delayed" else BounceReason.UNDEFINED)
    )


def _by_words(
    text: str, lists: tuple[tuple[BounceReason, tuple[str, ...]], ...]
) -> BounceReason | None:
    return next((reason for reason, words in lists if says(text, words)), None)


def _by_subject(detail: str) -> BounceReason | None:
    return SUBJECTS.get(detail.partition(".")[0]) if detail != "0.0" else None
