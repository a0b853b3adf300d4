"""Does the relay refuse somebody, or everybody? Then it is the relay's trouble and nobody's address."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from daemon import log
from handlers.message import Attempt, Message, OutboxState

FEW: Final = 4
"""So many people refused alike may be bad luck; one more, and none reached meanwhile, is the relay."""

MEMORY: Final = timedelta(days=1)
MOST: Final = 100
"""Refusals that are remembered; more tell nothing more."""

_WORD = re.compile(r"[A-Za-z]+")


class Refusals:
    """What the relay refused since it last took a message for somebody outside, the oldest first.

    A configuration gone wrong there says 550 to all of them. Were each an answer for good, every ticket
    written to meanwhile would lose its contact, and a person would get as many work items.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    def weighed(self, message: Message, attempt: Attempt, now: datetime) -> Attempt:
        """Return what an attempt came to, once it is compared with those before: a refusal that
        everybody meets is DEFERRED. The log has an alarm when it begins."""
        if attempt.state is OutboxState.SENT and not message.notice.startswith("W_"):
            self._seen.clear()  # a work item proves nothing: our own people are near the relay
        if attempt.state is not OutboxState.BOUNCED or not attempt.reply.startswith("5"):
            return attempt
        words = _bare(attempt.reply)
        alike = self._alike(words, now)
        self._remember(message.recipient.lower(), words, now)
        after = self._alike(words, now)
        if after > FEW >= alike:
            log.refusing(people=after, reply=attempt.reply)
        return replace(attempt, state=OutboxState.DEFERRED) if after > FEW else attempt

    def _alike(self, words: str, now: datetime) -> int:
        return sum(said == words and now - at < MEMORY for said, at in self._seen.values())

    def _remember(self, recipient: str, words: str, now: datetime) -> None:
        self._seen.pop(recipient, None)
        self._seen[recipient] = (words, now)
        while len(self._seen) > MOST:
            self._seen.popitem(last=False)


def _bare(reply: str) -> str:
    """Return the words of a refusal without addresses, hosts, numbers and ids: what it says to anybody."""
    code, _, said = reply.partition(" ")
    words = (one.strip("<>()[]{}:;,.!?\"'") for one in said.split())
    return " ".join((code, *(one.lower() for one in words if _WORD.fullmatch(one))))
