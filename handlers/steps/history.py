"""What happened before, and how often (I-36)."""

from __future__ import annotations

from datetime import timedelta

from handlers.book import Search
from handlers.steps.guards import guard
from handlers.turn import Turn

DAYS_A_MONTH = 365.25 / 12


@guard
def seen_before(turn: Turn, months: int, same: list[str], not_in: list[str] | None = None) -> bool:
    """The contact opened another ticket with the same values in these fields in the last months.

    Tickets in a state of `not_in` do not count.
    """
    ticket = turn.ticket
    found = turn.book.tickets(
        Search(
            people=(ticket.contact,),
            fields={name: ticket.fields.get(name, "") for name in same},
            since=turn.event.at - timedelta(days=round(months * DAYS_A_MONTH)),
        )
    )
    left_out = not_in or []
    return any(one.id != ticket.id and one.state not in left_out for one in found)
