"""A mail that is to be decided: what was read, how it came, and its row in the journal."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.envelope import Envelope
from handlers.sheet import Sheet
from parsers.mail import ParsedMail


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """One mail before its decision. `requester` names who an agent said it is from (X-40), `sheets`
    are those of its new text when a reading process has made them."""

    journal_id: int
    mail: ParsedMail
    envelope: Envelope
    requester: str = ""
    sheets: tuple[Sheet, ...] | None = None
