"""A mail that is to be decided: what was read, how it came, and its row in the journal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers.envelope import Envelope
from handlers.words.sheet import Sheet
from parsers.mail import ParsedMail
from parsers.ours import recognise
from parsers.structure import split
from parsers.text.body import choose_body, every_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """One mail before its decision. `requester` names who an agent said it is from (X-40), `sheets`
    are those of its new text when a reading process has made them."""

    journal_id: int
    mail: ParsedMail
    envelope: Envelope
    requester: str = ""
    sheets: tuple[Sheet, ...] | None = None

    def knowing(self, answered: bytes) -> Incoming:
        """Return the mail read again in the light of our message that it answers (X-9).

        It is the same object when that changes nothing of what the sender wrote.
        """
        if not answered:
            return self
        parts = split(answered).parts
        mail = recognise(self.mail, choose_body(parts).text)
        if mail.new_text != self.mail.new_text:  # programs quote what they show: the HTML
            mail = recognise(self.mail, every_text(parts))
        same = mail.new_text == self.mail.new_text
        return self if same else replace(self, mail=mail, sheets=None)
