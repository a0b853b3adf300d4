"""The relay of a rehearsal: it takes every message, unless the script says otherwise for somebody."""

from __future__ import annotations

from typing import Final

from handlers.errors import ConfigError
from handlers.message import Attempt, Message, OutboxState

HEARD: Final = (OutboxState.SENT, OutboxState.UNCERTAIN)
"""How attempts end after which the message may be there."""

LOST: Final = "lost"
AFTER_DATA: Final = "DATA "


class RehearsedRelay:
    """What it answers, by address: "550 5.1.1 unknown" to the recipient, "DATA 554 5.7.1 spam" to the
    message, "lost" hangs up after the final dot, "" takes it."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}

    def attempt(self, message: Message) -> Attempt:
        """Return what an attempt to send this message comes to."""
        said = self.answers.get(message.recipient, "")
        if not said:
            return Attempt(state=OutboxState.SENT, reply="250 rehearsed")
        if said == LOST:
            return Attempt(state=OutboxState.UNCERTAIN, reply="the line was lost")
        words = said.removeprefix(AFTER_DATA)
        states = {"4": OutboxState.DEFERRED, "5": OutboxState.BOUNCED}
        if words[:1] not in states:
            raise ConfigError(f"relay: {said!r}: begin with 4xx, 5xx, DATA 4xx, DATA 5xx, or lost.")
        state = states[words[:1]]
        refused = state is OutboxState.BOUNCED and words == said
        return Attempt(state=state, reply=words, of_recipient=refused)
