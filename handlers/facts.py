"""What storage knows of a mail before it is decided.

`Questions` is what `handlers.route.questions` asks; `Facts` is the answer of storage, read in
the transaction that applies the decision, with the tickets locked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handlers.book import Book, EmptyBook
from handlers.desk import Contact
from handlers.numbering import Numbers
from handlers.papers.device_numbers import plain
from handlers.ticket import Article, Ticket, Timer, Visibility

_KEY_WORD = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Questions:
    """What to look up. Addresses are lower case, keys and references upper case. `journal_id` is the
    mail's own row (0 = it has none): only earlier ones can be its twin. `fingerprints` are those of its
    photos."""

    desk: str
    journal_id: int = 0
    addresses: tuple[str, ...] = ()
    ticket_ids: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    bounce_keys: tuple[str, ...] = ()
    body_digest: str = ""
    fingerprints: tuple[str, ...] = ()
    wants_answered: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SentMessage:
    """A message of ours that a mail refers to, and when it was written. `Facts.sent` finds it by
    Message-ID and by bounce key. `on_the_way` tells that the outbox does not know yet that it arrived,
    `failed` that it is known that it did not.
    """

    message_id: str
    recipient: str
    ticket_id: int | None
    notice: str
    visibility: Visibility = Visibility.PUBLIC
    at: datetime | None = None
    subject: str = ""
    outbox_id: int = 0
    on_the_way: bool = False
    failed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldMail:
    """A journal row that waits for a person or for a confirmation."""

    journal_id: int
    sender: str
    reason: str
    ticket_id: int | None
    received_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The answer to `Questions`.

    `tickets` holds every ticket found by id, key, reference, sent message or as a ticket of one
    of the addresses (open ones, and those closed in the last 30 days), locked for this transaction. `by_reference` maps each
    reference found to ticket ids (quote numbers, RMA numbers, serials). `contacts` maps
    addresses to directory entries; `domains` maps a domain to the organisation registered for
    it; `neighbours` are known addresses of an unknown one's domain (F-42). `numbers` tells
    where its number series stand. `automatic_today` counts
    automatic messages to each address in 24 hours, `acknowledged` holds (ticket id, address)
    that got one in the last ten minutes, `told` holds (ticket id, template) of the notices sent since
    the ticket entered its state, `told_at` when each was said last, clocks left aside that only repeat it. `twin` is an earlier journal row with the same sender, text and files within 24
    hours (X-7). `held` are rows waiting on the tickets found or from the addresses asked.
    `serials_listed` are the references found in the desk's table of serial numbers, None when
    the desk keeps none (F-11). `answered` is the message of ours that the mail answers, as it was
    sent; b"" when it is not known or was not asked for. `same_pictures` maps the fingerprint of a
    photo to the keys of tickets that hold the same picture, or hardly another one. `timers` are the
    pending firings of the tickets, by their ids, `parked` counts their messages that were over a budget. `book` is the reference book of the desk.
    """

    tickets: Mapping[int, Ticket] = field(default_factory=dict)
    by_key: Mapping[str, int] = field(default_factory=dict)
    by_reference: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    sent: Mapping[str, SentMessage] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    domains: Mapping[str, str] = field(default_factory=dict)
    neighbours: tuple[str, ...] = ()
    numbers: Numbers = field(default_factory=Numbers)
    automatic_today: Mapping[str, int] = field(default_factory=dict)
    acknowledged: frozenset[tuple[int, str]] = frozenset()
    told: frozenset[tuple[int, str]] = frozenset()
    told_at: Mapping[tuple[int, str], datetime] = field(default_factory=dict)
    twin: int | None = None
    held: tuple[HeldMail, ...] = ()
    articles: Mapping[int, tuple[Article, ...]] = field(default_factory=dict)
    known_images: frozenset[str] = frozenset()
    serials_listed: frozenset[str] | None = None
    answered: bytes = b""
    same_pictures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    timers: Mapping[int, tuple[Timer, ...]] = field(default_factory=dict)
    parked: Mapping[int, int] = field(default_factory=dict)
    book: Book = field(default_factory=EmptyBook)

    def key_in(self, text: str) -> int:
        """Return the id of the first ticket whose number stands in a text, -1 for none: what an agent
        copies has signs around it."""
        words = _KEY_WORD.findall(text.upper())
        return next((self.by_key[one] for one in words if one in self.by_key), -1)

    def told_on(self, ticket: Ticket) -> frozenset[str]:
        """Return the notices sent about a ticket since it entered its state (X-18), and those sent about
        another one of its group: one notice may speak of all of them."""
        group = self._with_its_group(ticket)
        return frozenset(template for ticket_id, template in self.told if ticket_id in group)

    def last_told(self, ticket: Ticket) -> dict[str, datetime]:
        """Return when each notice was last sent about a ticket or its group, since it entered its state."""
        group = self._with_its_group(ticket)
        mine = ((name, at) for (one, name), at in self.told_at.items() if one in group)
        last: dict[str, datetime] = {}
        for name, at in mine:
            last[name] = max(at, last.get(name, at))
        return last

    def was_answered(self, ticket: Ticket, address: str) -> bool:
        """Tell whether somebody got an answer on a ticket or its group in the last ten minutes (X-30)."""
        group = self._with_its_group(ticket)
        return any((one, address.lower()) in self.acknowledged for one in group)

    def twins_of(self, ticket: Ticket) -> tuple[Ticket, ...]:
        """Return other open tickets for the same serial number, whosever they are (X-7, F-61)."""
        serial = plain(ticket.fields.get("serial", ""))
        others = (t for t in self.tickets.values() if t.id != ticket.id and t.closed_at is None)
        return tuple(t for t in others if serial and plain(t.fields.get("serial", "")) == serial)

    def is_listed(self, ticket: Ticket) -> bool | None:
        """Tell whether the serial number is on the desk's list; None when there is no list (F-11)."""
        serial = ticket.fields.get("serial", "")
        if self.serials_listed is None or not serial:
            return None
        return plain(serial) in {plain(one) for one in self.serials_listed}

    def _with_its_group(self, ticket: Ticket) -> frozenset[int]:
        group = ticket.group
        together = (one.id for one in self.tickets.values() if group and one.group == group)
        return frozenset((ticket.id, *together))
