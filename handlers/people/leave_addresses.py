"""The leave address that a mail came to, and what it stands for (`handlers.token`)."""

from __future__ import annotations

from handlers import token
from handlers.desk import Desk
from handlers.envelope import Envelope
from handlers.token import KeyRing, Wish
from parsers.mail import ParsedMail


def wish_of(mail: ParsedMail, envelope: Envelope, desk: Desk, keys: KeyRing) -> Wish | None:
    """Return what the verified leave address says that the mail came to, None without one."""
    read = (
        token.read_leave_address(keys, ours, address)
        for address in (*envelope.recipients, *mail.recipients)
        for ours in desk.addresses
    )
    return next((one for one in read if one is not None), None)


def tickets_left(
    mail: ParsedMail, envelope: Envelope, desk: Desk, keys: KeyRing
) -> tuple[int, ...]:
    """Return the ticket that the mail is to leave, () for none."""
    wish = wish_of(mail, envelope, desk, keys)
    return (wish.token.ticket_id,) if wish is not None and wish.token.ticket_id else ()
