"""Whom we may write to at all (RFC 3834 section 2, X-26, X-36)."""

from __future__ import annotations

import re

from handlers.people.authority import authenticated
from handlers.visit import Visit
from handlers.word_lists import read_words
from parsers.mail import Machine

ROBOTS: frozenset[str] = frozenset(read_words("robots"))

_PLAIN = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+"
)


def may_write_to(address: str) -> bool:
    """Tell whether a message can go to an address: one that every relay takes, and no robot's."""
    return bool(_PLAIN.fullmatch(address)) and address.partition("@")[0].lower() not in ROBOTS


def is_machine(visit: Visit) -> bool:
    """Tell whether no person wrote: a machine says so, or nobody may answer (RFC 3834 section 2)."""
    null_path = visit.envelope.path in ("smtp", "lmtp") and not visit.envelope.reverse_path
    return visit.mail.machine is not Machine.NONE or null_path


def may_answer_stranger(visit: Visit) -> bool:
    """Tell whether somebody we do not know may be answered: From must be who the mail came from.

    Our border vouches for it, or the envelope names the same address; otherwise the answer would
    go to whomever a forger wrote there. A mailbox read by IMAP has no envelope: its provider has
    looked at the sender already, and only a failed authentication silences us.
    """
    vouched = authenticated(visit.mail, visit.desk)
    if vouched is not None:
        return vouched
    if visit.envelope.path.startswith("imap:"):
        return True
    return visit.envelope.reverse_path.lower() == visit.requester.address.lower()
