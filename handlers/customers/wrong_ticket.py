"""Which ticket each file of a mail is for, when it cites another than the thread says (X-2, F-45, F-48)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from handlers.desk import Level
from handlers.papers.filing import Filed, amounts_agree
from handlers.papers.photo_codes import keys_of_our_page
from handlers.papers.quotes import ORDER_KINDS, currency_of, quotes_of
from handlers.papers.surroundings import FiledAs
from handlers.references import keys_on_form
from handlers.ticket import Ticket
from handlers.visit import Visit
from parsers.business import BusinessDocument, Confidence, DocumentKind, Source
from parsers.mail import Attachment

OF_OTHERS = "it cites a quote of a request that is not the sender's, or over"
ABOUT_QUOTES = (*ORDER_KINDS, "quote")


@dataclass(frozen=True, kw_only=True, slots=True)
class Destination:
    """Where one file of a mail belongs: it is `held` for an agent, `moved` to another ticket, or
    stays. `also` are further tickets that an order for several requests concerns. `cited` are the
    numbers it names, `named` the tickets these mean, whosever they are. `why` it is held, as a sentence
    for `savd explain`."""

    file: Attachment
    kind: str
    held: bool = False
    moved: Ticket | None = None
    also: tuple[Ticket, ...] = ()
    cited: tuple[str, ...] = ()
    named: tuple[Ticket, ...] = ()
    why: str = ""

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
    why = "it names nothing known, beside an order that names this request"
    return tuple(replace(d, held=True, why=why) if _is_stray(d) else d for d in judged)


def orders_of_others(visit: Visit, filed: Filed) -> tuple[Destination, ...]:
    """Return the orders of a new request that cite a known quote: none of the sender's open ones, or
    the mail had gone there. They wait for an agent."""
    orders = ((file, taken.kind) for file, taken in filed.promoted if taken.kind in ORDER_KINDS)
    found = (
        Destination(file=file, kind=kind, held=True, cited=cited, named=named, why=OF_OTHERS)
        for file, kind in orders
        if (cited := quotes_of(file.document or BusinessDocument(), kind))
        and (named := _tickets_citing(visit, cited))
    )
    return tuple(found)


def _destination_of(visit: Visit, ticket: Ticket, file: Attachment, taken: FiledAs) -> Destination:
    read, kind = file.document or BusinessDocument(), taken.kind
    quotes = _tickets_citing(visit, quotes_of(read, kind))
    keys = _tickets_citing(visit, (*read.rma_numbers, *keys_on_form(read)))
    devices = _tickets_citing(visit, read.serials) if kind in ABOUT_QUOTES else ()
    named = quotes or keys or devices
    numbers = (*quotes_of(read, kind), *read.rma_numbers) or read.serials
    whole = Destination(file=file, kind=kind, cited=numbers, named=named)
    if kind == DocumentKind.SIGNED_AGREEMENT and _is_page_of_another(file, ticket):
        return replace(whole, held=True, why="it shows the code of another request")
    if quotes and _disagree(quotes, keys):
        why = "the requests it names are not those of its quotes"
        return replace(whole, held=True, named=(*quotes, *keys), why=why)
    others = tuple(t for t in named if t.id != ticket.id)
    if not others:
        return whole
    if _names(whole, ticket):
        return replace(whole, also=_receptive(visit, others, kind) if quotes or keys else ())
    if len(others) > 1:
        return replace(whole, held=True, why="it names several other requests")
    doubt = next(_doubts(visit, others[0], taken, read), "")
    return replace(whole, held=True, why=doubt) if doubt else replace(whole, moved=others[0])


def _is_page_of_another(file: Attachment, ticket: Ticket) -> bool:
    """Tell whether a photo shows the codes of papers of ours, and none is of this ticket."""
    keys = keys_of_our_page(file.photo.barcodes) if file.photo is not None else ()
    return bool(keys) and not {ticket.key.upper(), ticket.draft_key.upper()} & set(keys)


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


def _doubts(visit: Visit, ticket: Ticket, taken: FiledAs, read: BusinessDocument) -> Iterator[str]:
    """Yield what speaks against a document being for `ticket`: sender, state, number and amount must
    all fit, and what it is must be certain."""
    key, quote = ticket.key, ticket.fields.get("quote_number", "").upper()
    if taken.kind not in ORDER_KINDS:
        yield f"it names {key} and is no order"
    if taken.confidence is Confidence.UNSURE or read.source is Source.GUESS:
        yield f"it names {key}, what it is is unsure"
    if not _receptive(visit, (ticket,), taken.kind):
        yield f"{key} does not wait for it, or not from this sender"
    if quote not in quotes_of(read, taken.kind) and key not in read.rma_numbers:
        yield f"it names neither {key} nor its current quote"
    if read.currency not in ("", currency_of(ticket)):
        yield f"its currency is not that of the quote of {key}"
    if not amounts_agree(ticket, read):
        yield f"its amount is not that of the quote of {key}"
