"""Who writes, and how far they are believed (X-3, X-5, X-41, RFC 8601)."""

from __future__ import annotations

from handlers.desk import Desk, Level
from handlers.facts import Facts
from handlers.ticket import Role, Ticket
from handlers.turn import Actor
from handlers.word_lists import read_words
from parsers.mail import Address, ParsedMail, Received

FREEMAIL: frozenset[str] = frozenset(read_words("freemail"))


def authenticated(mail: ParsedMail, desk: Desk) -> bool | None:
    """Tell whether our own border vouches for the sender; None when it says nothing.

    Only Authentication-Results of the configured authserv-id count, and only those above the
    Received line our border host wrote; below it everything was in the sender's hands. Two that
    disagree, two senders, or another domain than the sender's count as nothing at all.
    """
    if not desk.authserv_id or not desk.border_host or mail.sender_count != 1:
        return None
    border = border_line(mail, desk)
    if border is None:
        return None
    above = mail.received.index(border)
    said = {
        (result.dmarc, result.from_domain)
        for result in mail.authentication
        if result.authserv_id.lower() == desk.authserv_id.lower()
        and result.hop <= above
        and result.dmarc
    }
    if len(said) != 1:
        return None
    word, domain = said.pop()
    if domain and domain != mail.sender.domain:
        return None
    return {"pass": True, "fail": False}.get(word)


def why_unproven(mail: ParsedMail, desk: Desk) -> str:
    """Return a code for why nobody vouches for the sender: what an administrator has to mend."""
    if not desk.authserv_id or not desk.border_host:
        return "border_not_configured"
    if border_line(mail, desk) is None:
        return "border_line_missing"
    ours = [r for r in mail.authentication if r.authserv_id.lower() == desk.authserv_id.lower()]
    if not ours:
        return "border_says_nothing"
    return "border_does_not_vouch" if authenticated(mail, desk) is False else "result_not_trusted"


def is_agent(mail: ParsedMail, desk: Desk, pin: str) -> bool:
    """Tell whether an agent wrote: listed address, and DMARC pass or the agent's own pin (X-41)."""
    agent = desk.agent(mail.sender.address)
    if agent is None or mail.sender_count != 1:
        return False
    vouched = authenticated(mail, desk)
    if vouched is None and agent.pin:
        return pin == agent.pin
    return vouched is True


def actor_of(
    who: Address, mail: ParsedMail, facts: Facts, desk: Desk, ticket: Ticket | None
) -> Actor:
    """Return a customer as actor: level and role on the ticket. A failed DMARC makes anyone unknown."""
    address = who.address.lower()
    failed = address == mail.sender.address.lower() and authenticated(mail, desk) is False
    level = Level.UNKNOWN if failed or not address else level_of(address, facts, ticket)
    role = (ticket.role_of(address) if ticket else None) or Role.REQUESTER
    return Actor(address=address, name=who.name, level=level, role=role)


def level_of(address: str, facts: Facts, ticket: Ticket | None) -> Level:
    """Return how far an address is believed on a ticket, by the directory and the ticket alone."""
    if ticket is not None:
        role = ticket.role_of(address)
        if role in (Role.CONTACT, Role.REQUESTER, Role.PARTICIPANT):
            return Level.PARTICIPANT
        if role in (Role.OBSERVER, Role.LEFT):
            return Level.ORGANISATION
        if ticket.organisation and organisation_of(address, facts) == ticket.organisation:
            return Level.ORGANISATION
    contact = facts.contacts.get(address)
    return Level.KNOWN if contact is not None and contact.verified else Level.UNKNOWN


def organisation_of(address: str, facts: Facts) -> str:
    """Return the organisation an address belongs to: its directory entry, else its registered
    domain, never a freemail domain (X-5)."""
    contact = facts.contacts.get(address.lower())
    if contact is not None and contact.organisation:
        return contact.organisation if contact.verified else ""
    domain = address.rpartition("@")[2].lower()
    return "" if domain in FREEMAIL else facts.domains.get(domain, "")


def border_line(mail: ParsedMail, desk: Desk) -> Received | None:
    """Return the Received line our border wrote, None when it is absent. What stands below it was in
    the sender's hands."""
    host = desk.border_host.lower()
    return next((line for line in mail.received if host and line.by.lower() == host), None)
