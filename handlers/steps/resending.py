"""Messages that did not arrive, sent again by an agent's word (X-28)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from handlers.decision import Resent
from handlers.steps.effects import effect
from handlers.ticket import LOST, MISSED, UNREACHED, Role, Ticket
from handlers.turn import Turn

_THEIRS: Final = ":contact"


def with_lost(turn: Turn, outbox_id: int, recipient: str) -> Turn:
    """Return the turn with a message kept among those that can be sent again."""
    links, theirs = turn.ticket.links, is_contact(turn.ticket, recipient)
    number = f"{outbox_id}{_THEIRS if theirs else ''}"
    lost = dict.fromkeys((*links.get(LOST, "").split(), number))
    return turn.with_ticket(links={**links, LOST: " ".join(lost)})


def without_lost(turn: Turn, ids: Collection[int]) -> Turn:
    """Return the turn with messages no longer among those that can be sent again."""
    links = turn.ticket.links
    kept = [n for n in links.get(LOST, "").split() if int(n.removesuffix(_THEIRS)) not in ids]
    rest = {k: v for k, v in links.items() if k != LOST}
    if not kept:
        return turn.without_flags(MISSED).with_ticket(links=rest)
    return turn.with_ticket(links={**rest, LOST: " ".join(kept)})


def is_contact(ticket: Ticket, address: str) -> bool:
    """Tell whether an address is that of the contact."""
    return bool(address) and address.lower() == ticket.contact.lower()


@effect
def resend_lost(turn: Turn) -> Turn:
    """Send again what did not arrive: to whom it was for, what was for the contact to the contact of today,
    whose address counts as good until it is refused again."""
    lost = turn.ticket.links.get(LOST, "").split()
    if not lost:
        return turn.with_error("nothing_lost")
    people = [p for p in turn.ticket.participants if p.role is Role.CONTACT]
    name = next((p.name for p in people), "")
    resent = tuple(
        Resent(
            outbox_id=int(one.removesuffix(_THEIRS)),
            to=turn.ticket.contact if one.endswith(_THEIRS) else "",
            name=name,
        )
        for one in lost
    )
    turn = turn.with_ticket(links={k: v for k, v in turn.ticket.links.items() if k != LOST})
    believed = (UNREACHED,) if any(one.to for one in resent) else ()
    turn = turn.without_flags(MISSED, *believed)
    turn = replace(turn, resent=(*turn.resent, *resent))
    return turn.with_done("sent_again", number=str(len(resent)))
