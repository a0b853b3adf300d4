"""The pre-check of an order against the quote it answers (F-34, F-46, F-47, F-48, F-51).

It never decides: it lays the differences before the person who does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from handlers.calendar import end_of_day
from handlers.papers.company_names import names_company, same_company, same_registration
from handlers.papers.comparison import Agreement, Check, judged
from handlers.papers.device_numbers import plain
from handlers.papers.position_check import check_positions
from handlers.papers.quotes import (
    ORDER_KINDS,
    amount_of,
    cited_in,
    cites_replaced_quote,
    currencies_of,
    currency_of,
    is_guessed,
    quote_of,
)
from handlers.ticket import Document, Ticket

MOST_NUMBERS = 10


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
        *check_positions(ticket, order),
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


def _check_number(ticket: Ticket, order: Document) -> Check:
    quote = ticket.fields.get("quote_number", "").upper()
    cited = cited_in(order)
    verdict = judged(quote in cited if quote and cited else None)
    if cites_replaced_quote(ticket, order):
        verdict = Agreement.REPLACED
    elif verdict is Agreement.DIFFERS:
        verdict = Agreement.UNKNOWN
    told = ", ".join(cited[:MOST_NUMBERS]) or order.fields.get("rma_numbers", "")
    return Check(name="quote_number", quote=quote, order=told, verdict=verdict)


def _check_amount(ticket: Ticket, name: str, order: Document) -> Check:
    quoted, quotes = _quoted(ticket, name, order)
    ordered = order.fields.get(name, "")
    currencies = currencies_of(ticket, order)
    ours, theirs = amount_of(quoted), amount_of(ordered)
    same = None if ours is None or theirs is None else ours == theirs
    return Check(
        name=f"quote_{name}" if name != "tax" else "tax",
        quote=quoted,
        order=ordered,
        verdict=judged(same and currencies[0] == currencies[1]),
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
    verdict = judged(ours == theirs if theirs else None)
    return Check(name="quote_currency", quote=ours, order=theirs, verdict=verdict)


def _check_customer(ticket: Ticket, order: Document) -> Check:
    ours = ticket.fields.get("company", "") or ticket.organisation or ticket.contact
    theirs = order.fields.get("buyer", "")
    told = theirs or order.fields.get("buyer_siret", "") or order.fields.get("buyer_vat", "")
    quote = quote_of(ticket)
    by_number = same_registration(quote.fields if quote is not None else {}, order.fields)
    verdict = judged(by_number) if by_number is not None else _by_name(ticket, theirs)
    return Check(name="customer", quote=ours, order=told, verdict=verdict)


def _by_name(ticket: Ticket, buyer: str) -> Agreement:
    """Compare the buyer's name with all names the customer has here, and with the contact's domain. One that
    only our quote bears, while the request is of another company, is for a person to judge."""
    if not buyer:
        return Agreement.NOT_SAID
    if names_company(ticket.contact, buyer):
        return Agreement.AGREES
    alike = {same_company(buyer, known) for known in _names_of(ticket)}
    company = ticket.fields.get("company", "")
    other = bool(company) and same_company(buyer, company) is False
    if True in alike:
        return Agreement.DOUBTFUL if other else Agreement.AGREES
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
        verdict=judged(in_time),
        shown="date",
    )


def _check_device(ticket: Ticket, order: Document) -> Iterator[Check]:
    """Yield a line when the order names serial numbers: one of them is the ticket's, or none is."""
    ours, theirs = ticket.fields.get("serial", ""), order.fields.get("serials", "").split()
    if ours and theirs:
        verdict = judged(plain(ours) in map(plain, theirs))
        yield Check(
            name="serial", quote=ours, order=", ".join(theirs[:MOST_NUMBERS]), verdict=verdict
        )


def _doubts(order: Document) -> Iterator[Check]:
    """Yield what was odd when the order was read; one read from a picture only suggests."""
    doubts = order.fields.get("doubts", "").split()
    guessed = ["guess"] if is_guessed(order) else []
    for doubt in (*doubts, *guessed):
        yield Check(name="reading", quote="", order=doubt, verdict=Agreement.DOUBTFUL)
