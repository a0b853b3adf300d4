"""What the rest of a mail tells about its text: subject, writer, HTML structure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.mail_words import any_of, phrases

FORWARD_SUBJECT = re.compile(
    rf"^\s*(?:\[[^\]]{{0,60}}\]\s*)?{any_of(phrases('forward_prefixes'))}\s*[:：]", re.IGNORECASE
)
REPLY_SUBJECT = re.compile(
    rf"^\s*(?:\[[^\]]{{0,60}}\]\s*)?{any_of(phrases('reply_prefixes'))}(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """What the rest of the mail says about its text.

    `attributions`, `signatures`, `older` (lines of an older mail without quote marks) and `history`
    (all from there on is older, -1: none) are line numbers known from HTML structure.
    """

    subject: str = ""
    writer: str = ""
    threaded: bool = False
    attributions: frozenset[int] = frozenset()
    signatures: frozenset[int] = frozenset()
    older: frozenset[int] = frozenset()
    history: int = -1

    @property
    def numbered(self) -> bool:
        """Tell whether line numbers are known from HTML."""
        return bool(self.attributions or self.signatures or self.older) or self.history >= 0

    @property
    def forwards(self) -> bool:
        """Tell whether an older mail in the text was forwarded rather than answered."""
        if FORWARD_SUBJECT.match(self.subject):
            return True
        return not self.answers

    @property
    def answers(self) -> bool:
        """Tell whether the mail says that it answers another."""
        return self.threaded or REPLY_SUBJECT.match(self.subject) is not None


def without_prefix(subject: str) -> str:
    """Take one forward prefix ("TR:") off a subject: what the forwarded mail was called."""
    found = FORWARD_SUBJECT.match(subject)
    return subject[found.end() :].strip() if found else ""
