"""Whom a notice goes to: people of the ticket, never of a mail (P4)."""

from __future__ import annotations

from handlers.decision import Recipient
from handlers.ticket import Role
from handlers.turn import Turn


def recipient_of(turn: Turn, to: str) -> Recipient | None:
    """Return whom a notice goes to: "contact", "sender", or whom an address field names."""
    if to in turn.workflow.fields and to != "contact":
        return named_in(turn, to)
    sender = sender_of(turn) if to == "sender" else None
    return sender or (contact_of(turn) if turn.ticket.contact else None)


def named_in(turn: Turn, field: str) -> Recipient | None:
    """Return the person whose address a field holds, in the role they have on the ticket."""
    address = turn.ticket.fields.get(field, "")
    if not address:
        return None
    role = turn.ticket.role_of(address) or Role.OBSERVER
    return Recipient(address=address, role=role, language=turn.ticket.language)


def contact_of(turn: Turn) -> Recipient:
    """Return the contact as recipient: all exchanges go there (F-10)."""
    address = turn.ticket.contact
    name = next((p.name for p in turn.ticket.participants if p.address == address), "")
    language = turn.ticket.language or turn.desk.language
    return Recipient(address=address, role=Role.CONTACT, language=language, name=name)


def sender_of(turn: Turn) -> Recipient | None:
    """Return the sender as recipient, None for somebody who is not on the ticket."""
    sender = turn.event.actor.address
    if not turn.ticket.admits(sender):
        return None
    role = turn.ticket.role_of(sender) or Role.PARTICIPANT
    language = turn.ticket.language or turn.desk.language
    return Recipient(address=sender, role=role, language=language, name=turn.event.actor.name)
