"""Somebody merely asks how far things are: the ticket they mean (X-1 4b, A-41)."""

from __future__ import annotations

import re
from typing import TypeAlias

from handlers.desk import Desk, Level
from handlers.facts import Facts
from handlers.people.authority import level_of
from handlers.ticket import Ticket
from parsers.mail import Address, IntentKind, ParsedMail

Found: TypeAlias = "tuple[str, int, str]"  # the evidence, the ticket, the words that show it

CHASING = (IntentKind.STATUS, IntentKind.REMINDER)
MOST = 5
_LONGEST = 500  # characters of such a mail
_NUMBER = re.compile(r"\b([A-Z]{2,6}-\d{4,}(?:-\d{1,8})?|\d{6,20})\b")


def asked_about(mail: ParsedMail) -> tuple[str, ...]:
    """Return the ticket numbers in a mail that merely asks, upper case, at most five."""
    if not _merely_asks(mail):
        return ()
    return _numbers(f"{mail.subject}\n{mail.new_text}")


def by_number(mail: ParsedMail, facts: Facts, desk: Desk, who: Address) -> list[Found]:
    """Return the ticket, open or closed, whose number somebody asks about and may know."""
    agent = desk.agent(who.address) is not None
    for key in asked_about(mail):
        ticket = facts.tickets.get(facts.by_key.get(key, -1))
        if ticket is not None and (agent or _of_customer(ticket, facts, who)):
            return [("key", ticket.id, key)]
    return []


def by_chase(mail: ParsedMail, facts: Facts, who: Address) -> list[Found]:
    """Return the only open ticket of somebody who merely asks how far it is (X-1 4b); nothing for a
    number that is not theirs."""
    asked = mail.new_text.strip() or mail.subject
    if not _merely_asks(mail) or any("-" in number for number in _numbers(asked)):
        return []
    mine = open_tickets_of(facts, who)
    return [("chase", mine[0].id, "the only open request")] if len(mine) == 1 else []


def open_tickets_of(facts: Facts, who: Address) -> tuple[Ticket, ...]:
    """Return the open tickets somebody takes part in, oldest first."""
    address = who.address.lower()
    mine = [t for t in facts.tickets.values() if t.closed_at is None and t.admits(address)]
    return tuple(sorted(mine, key=lambda t: t.id))


def _numbers(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_NUMBER.findall(text[:_LONGEST].upper())))[:MOST]


def _merely_asks(mail: ParsedMail) -> bool:
    return mail.intent.kind in CHASING and mail.intent.only


def _of_customer(ticket: Ticket, facts: Facts, who: Address) -> bool:
    return level_of(who.address.lower(), facts, ticket) >= Level.ORGANISATION
