"""Which ticket a document is for, when it cites another than the thread says (X-2, F-45, F-48)."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.desk import Level
from handlers.filing import Filed, amounts_agree, cited_by
from handlers.order_check import ORDER_KINDS
from handlers.ticket import Ticket
from handlers.visit import Visit
from parsers.business import BusinessDocument
from parsers.mail import Attachment


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """What the citations of the files say. All empty: they are for the ticket of the thread.

    `held` wait for an agent; `moved` go to the tickets `elsewhere`; `also` are further tickets
    that an order for several requests concerns. `cited` are the numbers that differ.
    """

    held: tuple[Attachment, ...] = ()
    moved: tuple[Attachment, ...] = ()
    elsewhere: tuple[Ticket, ...] = ()
    also: tuple[Ticket, ...] = ()
    cited: tuple[str, ...] = ()


def destination_of(visit: Visit, ticket: Ticket, filed: Filed) -> Destination:
    """Return where the business documents of a mail belong."""
    for attachment, taken in filed.promoted:
        kind = taken.kind
        cited = [number.upper() for number in cited_by(attachment)]
        tickets = _tickets_citing(visit, cited)
        others = tuple(t for t in tickets if t.id != ticket.id)
        if not others:
            continue
        if any(t.id == ticket.id for t in tickets):
            return Destination(also=_receptive(visit, others, kind), cited=tuple(cited))
        fits = len(others) == 1 and _fits(visit, others[0], kind, attachment)
        if fits:
            return Destination(moved=(attachment,), elsewhere=others, cited=tuple(cited))
        return Destination(held=(attachment,), cited=tuple(cited))
    return Destination()


def _tickets_citing(visit: Visit, cited: list[str]) -> tuple[Ticket, ...]:
    facts = visit.facts
    ids = dict.fromkeys(i for number in cited for i in facts.by_reference.get(number, ()))
    return tuple(facts.tickets[i] for i in ids if i in facts.tickets)


def _receptive(visit: Visit, tickets: tuple[Ticket, ...], kind: str) -> tuple[Ticket, ...]:
    """Return those on which the sender is believed and whose state waits for such a document."""
    states = visit.workflow.states
    return tuple(
        t
        for t in tickets
        if visit.actor_on(t).level >= Level.ORGANISATION and kind in states[t.state].expects
    )


def _fits(visit: Visit, ticket: Ticket, kind: str, attachment: Attachment) -> bool:
    """Tell whether sender, state, number and amount all say that the document is for `ticket`."""
    read = attachment.document or BusinessDocument()
    number = ticket.fields.get("quote_number", "").upper()
    return (
        kind in ORDER_KINDS
        and bool(_receptive(visit, (ticket,), kind))
        and number in read.quotes
        and amounts_agree(ticket, read)
    )
