"""Which ticket each file of a mail is for, when it cites another than the thread says (X-2, F-45, F-48)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from handlers.desk import Level
from handlers.file_kind import FiledAs
from handlers.filing import Filed, amounts_agree
from handlers.order_check import ORDER_KINDS, currency_of, quotes_of
from handlers.ticket import Ticket
from handlers.visit import Visit
from parsers.business import BusinessDocument, Confidence
from parsers.mail import Attachment

ABOUT_QUOTES = (*ORDER_KINDS, "quote")


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """Where one file of a mail belongs: it is `held` for an agent, `moved` to another ticket, or
    stays. `also` are further tickets that an order for several requests concerns. `cited` are the
    numbers it names, `named` the tickets these mean, whosever they are."""

    file: Attachment
    kind: str
    held: bool = False
    moved: Ticket | None = None
    also: tuple[Ticket, ...] = ()
    cited: tuple[str, ...] = ()
    named: tuple[Ticket, ...] = ()

    @property
    def stays(self) -> bool:
        """Whether it counts on the ticket of the thread."""
        return not self.held and self.moved is None


def destinations_of(visit: Visit, ticket: Ticket, filed: Filed) -> tuple[Destination, ...]:
    """Return where each file of a mail belongs, every one judged by itself, in the order of the mail.

    One exception: beside an order that names this ticket, an order that names nothing known may be
    for anything, and waits.
    """
    judged = tuple(_destination_of(visit, ticket, file, taken) for file, taken in filed.promoted)
    if not any(_is_order(d) and _names(d, ticket) for d in judged):
        return judged
    return tuple(replace(d, held=True) if _is_stray(d) else d for d in judged)


def orders_of_others(visit: Visit, filed: Filed) -> tuple[Destination, ...]:
    """Return the orders of a new request that cite a known quote: none of the sender's open ones, or
    the mail had gone there. They wait for an agent."""
    orders = ((file, taken.kind) for file, taken in filed.promoted if taken.kind in ORDER_KINDS)
    found = (
        Destination(file=file, kind=kind, held=True, cited=cited, named=named)
        for file, kind in orders
        if (cited := quotes_of(file.document or BusinessDocument(), kind))
        and (named := _tickets_citing(visit, cited))
    )
    return tuple(found)


def _destination_of(visit: Visit, ticket: Ticket, file: Attachment, taken: FiledAs) -> Destination:
    read, kind = file.document or BusinessDocument(), taken.kind
    quotes = _tickets_citing(visit, quotes_of(read, kind))
    keys = _tickets_citing(visit, read.rma_numbers)
    devices = _tickets_citing(visit, read.serials) if kind in ABOUT_QUOTES else ()
    named = quotes or keys or devices
    numbers = (*quotes_of(read, kind), *read.rma_numbers) or read.serials
    whole = Destination(file=file, kind=kind, cited=numbers, named=named)
    if quotes and _disagree(quotes, keys):
        return replace(whole, held=True, named=(*quotes, *keys))
    others = tuple(t for t in named if t.id != ticket.id)
    if not others:
        return whole
    if _names(whole, ticket):
        return replace(whole, also=_receptive(visit, others, kind) if not devices else ())
    fits = len(others) == 1 and (quotes or keys) and _fits(visit, others[0], taken, read)
    return replace(whole, moved=others[0]) if fits else replace(whole, held=True)


def _tickets_citing(visit: Visit, cited: Iterable[str]) -> tuple[Ticket, ...]:
    facts = visit.facts
    ids = dict.fromkeys(i for number in cited for i in facts.by_reference.get(number.upper(), ()))
    return tuple(facts.tickets[i] for i in ids if i in facts.tickets)


def _disagree(quotes: tuple[Ticket, ...], keys: tuple[Ticket, ...]) -> bool:
    """Tell whether the requests a paper names are others than those of the quotes it names."""
    return not {t.id for t in keys} <= {t.id for t in quotes}


def _names(destination: Destination, ticket: Ticket) -> bool:
    return any(t.id == ticket.id for t in destination.named)


def _is_order(destination: Destination) -> bool:
    return destination.kind in ORDER_KINDS and destination.stays


def _is_stray(destination: Destination) -> bool:
    """Tell whether it is an order that can be read and names no ticket of anybody."""
    read = destination.file.document
    readable = read is not None and read.readable
    return _is_order(destination) and readable and not destination.named


def _receptive(visit: Visit, tickets: tuple[Ticket, ...], kind: str) -> tuple[Ticket, ...]:
    """Return those on which the sender is believed and whose state waits for such a document."""
    states = visit.workflow.states
    return tuple(
        t
        for t in tickets
        if visit.actor_on(t).level >= Level.ORGANISATION and kind in states[t.state].expects
    )


def _fits(visit: Visit, ticket: Ticket, taken: FiledAs, read: BusinessDocument) -> bool:
    """Tell whether sender, state, number and amount all say that the document is for `ticket`."""
    kind = taken.kind
    number = ticket.fields.get("quote_number", "").upper()
    cited = number in quotes_of(read, kind) or ticket.key in read.rma_numbers
    return (
        kind in ORDER_KINDS
        and taken.confidence is not Confidence.UNSURE
        and bool(_receptive(visit, (ticket,), kind))
        and cited
        and read.currency in ("", currency_of(ticket))
        and amounts_agree(ticket, read)
    )
