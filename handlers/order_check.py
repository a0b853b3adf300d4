"""The pre-check of an order against the quote it answers (F-34, F-46, F-47, F-48, F-51).

It never decides: it lays the differences before the person who does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.calendar import end_of_day
from handlers.company_names import names_company, same_company, same_registration
from handlers.device_numbers import plain
from handlers.paper_fields import positions_of
from handlers.position_check import Pair, pair_positions
from handlers.ticket import Document, Ticket
from parsers.business import BusinessDocument, Position, Source

ORDER_KINDS = ("order", "signed_quote")
QUOTE_KINDS = ("quote", "signed_quote")
CURRENCY = "EUR"
MOST_POSITIONS = 15
MOST_NUMBERS = 10


class Agreement(StrEnum):
    """How one line of the comparison ends, named as its sentence (`words/sentences.yaml`)."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_SAID = "not_said"
    REPLACED = "replaced_quote"
    UNKNOWN = "unknown_quote"
    MISSING = "position_missing"
    ADDED = "position_added"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One line of the comparison. `name` is a field of the workflow or a sentence, `about` what a
    position is called. `shown` says how people write both sides: text, amount, date, position.
    `quotes` counts the quotes that `quote` is the sum of (F-48)."""

    name: str
    quote: str
    order: str
    verdict: Agreement
    about: str = ""
    shown: str = "text"
    currencies: tuple[str, str] = (CURRENCY, CURRENCY)
    quotes: int = 1


def check_order(ticket: Ticket, time_zone: str) -> tuple[Check, ...]:
    """Compare the newest order of the ticket with its current quote, line by line. Days end in
    `time_zone`. Empty without an order."""
    order = ticket.latest(*ORDER_KINDS)
    if order is None:
        return ()
    dates = _check_dates(ticket, order, time_zone)
    if "unreadable" in order.flags and not is_guessed(order):
        unread = Check(name="reading", quote="", order="unreadable", verdict=Agreement.NOT_SAID)
        return (unread, dates)
    amounts = (_check_amount(ticket, name, order) for name in ("net", "tax", "gross"))
    return (
        _check_number(ticket, order),
        *(check for check in amounts if check.quote or check.order or check.name != "tax"),
        _check_currency(ticket, order),
        _check_customer(ticket, order),
        dates,
        *_check_device(ticket, order),
        *_check_positions(ticket, order),
        *_doubts(order),
    )


def early_order(ticket: Ticket) -> Document | None:
    """Return an order received before the quote whose amount is the quote's, or None (F-46)."""
    order = ticket.latest("order")
    if order is None or is_guessed(order):
        return None
    verdicts = {_check_amount(ticket, name, order).verdict for name in ("net", "gross")}
    fits = Agreement.AGREES in verdicts and Agreement.DIFFERS not in verdicts
    return order if fits else None


def quotes_of(read: BusinessDocument, kind: str) -> tuple[str, ...]:
    """Return the quotes a paper is about, upper case: those it cites, and itself when it is one."""
    own = (read.number,) if kind in QUOTE_KINDS and read.number else ()
    return tuple(dict.fromkeys(number.upper() for number in (*own, *read.quotes)))


def cites_replaced_quote(ticket: Ticket, order: Document) -> bool:
    """Tell whether an order names an older version of the quote and not the current one (F-51)."""
    cited = _cited(order)
    if is_guessed(order):
        return False
    current = ticket.fields.get("quote_number", "").upper()
    old = {d.fields.get("number", "").upper() for d in ticket.documents if "replaced" in d.flags}
    old.update(ticket.fields.get("quote_replaced", "").upper().split())
    return current not in cited and bool(old.intersection(cited) - {""})


def is_guessed(order: Document) -> bool:
    """Tell whether it was read from a picture: what it says is shown, and decides nothing."""
    return order.fields.get("source") == Source.GUESS.value


def quote_of(ticket: Ticket) -> Document | None:
    """Return the document of the current quote, None when there is none."""
    return ticket.latest("quote")


def currency_of(ticket: Ticket) -> str:
    """Return the currency of the ticket's quote: what its document says, else euros."""
    quote = quote_of(ticket)
    return quote.fields.get("currency", CURRENCY) if quote is not None else CURRENCY


def amount_of(text: str) -> Decimal | None:
    """Return an amount as fields keep it ("412.80"), None for anything else."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _judged(agrees: bool | None) -> Agreement:
    if agrees is None:
        return Agreement.NOT_SAID
    return Agreement.AGREES if agrees else Agreement.DIFFERS


def _check_number(ticket: Ticket, order: Document) -> Check:
    quote = ticket.fields.get("quote_number", "").upper()
    cited = _cited(order)
    verdict = _judged(quote in cited if quote and cited else None)
    if cites_replaced_quote(ticket, order):
        verdict = Agreement.REPLACED
    elif verdict is Agreement.DIFFERS:
        verdict = Agreement.UNKNOWN
    told = ", ".join(cited[:MOST_NUMBERS]) or order.fields.get("rma_numbers", "")
    return Check(name="quote_number", quote=quote, order=told, verdict=verdict)


def _cited(order: Document) -> tuple[str, ...]:
    """Return the quotes an order is about; a signed quote is one itself."""
    own = (order.fields.get("number", ""),) if order.kind in QUOTE_KINDS else ()
    cited = (*own, *order.fields.get("quotes", "").split())
    return tuple(dict.fromkeys(number.upper() for number in cited if number))


def _check_amount(ticket: Ticket, name: str, order: Document) -> Check:
    quoted, quotes = _quoted(ticket, name, order)
    ordered = order.fields.get(name, "")
    currencies = (currency_of(ticket), order.fields.get("currency") or currency_of(ticket))
    ours, theirs = amount_of(quoted), amount_of(ordered)
    same = None if ours is None or theirs is None else ours == theirs
    return Check(
        name=f"quote_{name}" if name != "tax" else "tax",
        quote=quoted,
        order=ordered,
        verdict=_judged(same and currencies[0] == currencies[1]),
        shown="amount",
        currencies=currencies,
        quotes=quotes,
    )


def _quoted(ticket: Ticket, name: str, order: Document) -> tuple[str, int]:
    """Return what the quote amounts to, and how many quotes that is: an order for several is
    compared with the sum of them all (F-48)."""
    together = order.fields.get("together", "").split()
    if together:
        return order.fields.get(f"together_{name}", ""), len(together)
    quote = quote_of(ticket)
    read = quote.fields.get(name, "") if quote is not None else ""
    return ticket.fields.get(f"quote_{name}", "") or (read if name == "tax" else ""), 1


def _check_currency(ticket: Ticket, order: Document) -> Check:
    ours, theirs = currency_of(ticket), order.fields.get("currency", "")
    verdict = _judged(ours == theirs if theirs else None)
    return Check(name="currency", quote=ours, order=theirs, verdict=verdict)


def _check_customer(ticket: Ticket, order: Document) -> Check:
    ours = ticket.fields.get("company", "") or ticket.organisation or ticket.contact
    theirs = order.fields.get("buyer", "")
    told = theirs or order.fields.get("buyer_siret", "") or order.fields.get("buyer_vat", "")
    quote = quote_of(ticket)
    by_number = same_registration(quote.fields if quote is not None else {}, order.fields)
    verdict = _judged(by_number) if by_number is not None else _by_name(ticket, theirs)
    return Check(name="customer", quote=ours, order=told, verdict=verdict)


def _by_name(ticket: Ticket, buyer: str) -> Agreement:
    """Compare the buyer's name with all names the customer has here, and with the contact's domain."""
    if not buyer:
        return Agreement.NOT_SAID
    alike = {same_company(buyer, known) for known in _names_of(ticket)}
    if True in alike or names_company(ticket.contact, buyer):
        return Agreement.AGREES
    return Agreement.DOUBTFUL if None in alike else Agreement.DIFFERS


def _names_of(ticket: Ticket) -> Iterator[str]:
    quote = quote_of(ticket)
    yield ticket.fields.get("company", "")
    yield ticket.organisation
    if quote is not None:
        yield quote.fields.get("buyer", "")


def _check_dates(ticket: Ticket, order: Document, time_zone: str) -> Check:
    valid = ticket.fields.get("quote_valid_until", "")
    in_time = order.at <= end_of_day(date.fromisoformat(valid), time_zone) if valid else None
    return Check(
        name="quote_valid_until",
        quote=valid,
        order=order.at.astimezone(ZoneInfo(time_zone)).date().isoformat(),
        verdict=_judged(in_time),
        shown="date",
    )


def _check_device(ticket: Ticket, order: Document) -> Iterator[Check]:
    """Yield a line when the order names serial numbers: one of them is the ticket's, or none is."""
    ours, theirs = ticket.fields.get("serial", ""), order.fields.get("serials", "").split()
    if ours and theirs:
        verdict = _judged(plain(ours) in map(plain, theirs))
        yield Check(
            name="serial", quote=ours, order=", ".join(theirs[:MOST_NUMBERS]), verdict=verdict
        )


def _check_positions(ticket: Ticket, order: Document) -> tuple[Check, ...]:
    """Return one line when all positions agree or one side has none, else one for each that does
    not."""
    quote = quote_of(ticket)
    quoted = positions_of(quote.fields) if quote is not None else ()
    ordered = positions_of(order.fields)
    if not quoted and not ordered:
        return ()
    pairs = pair_positions(quoted, ordered, partly=bool(order.fields.get("together")))
    odd = [pair for pair in pairs if not pair.agrees]
    if not quoted or not ordered or not odd:
        verdict = _judged(True if quoted and ordered else None)
        sides = (str(len(side)) if side else "" for side in (quoted, ordered))
        ours, theirs = sides
        return (Check(name="positions", quote=ours, order=theirs, verdict=verdict),)
    return tuple(_of_pair(pair, ticket, order) for pair in odd[:MOST_POSITIONS])


def _of_pair(pair: Pair, ticket: Ticket, order: Document) -> Check:
    verdict = _judged(pair.agrees)
    if pair.ordered is None:
        verdict = Agreement.MISSING
    elif pair.quoted is None:
        verdict = Agreement.ADDED
    return Check(
        name="position",
        about=pair.name,
        quote=_written(pair.quoted),
        order=_written(pair.ordered),
        verdict=verdict,
        shown="position",
        currencies=(currency_of(ticket), order.fields.get("currency") or currency_of(ticket)),
    )


def _written(position: Position | None) -> str:
    """Return quantity and price as "2 172.00", what is not known as "?"."""
    if position is None:
        return ""
    price = position.unit_price
    if price is None and position.net_cents is not None and position.quantity:
        price = round(Decimal(position.net_cents) / 100 / position.quantity, 2)
    told = ("?" if one is None else format(one, "f") for one in (position.quantity, price))
    return " ".join(told)


def _doubts(order: Document) -> Iterator[Check]:
    """Yield what was odd when the order was read; one read from a picture only suggests."""
    doubts = order.fields.get("doubts", "").split()
    guessed = ["guess"] if is_guessed(order) else []
    for doubt in (*doubts, *guessed):
        yield Check(name="reading", quote="", order=doubt, verdict=Agreement.DOUBTFUL)
