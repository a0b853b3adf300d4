"""Split a request off a ticket: what the customer wrote last is about another device (X-8)."""

from __future__ import annotations

from dataclasses import replace

from handlers.customers.opening import open_tickets
from handlers.papers.filing import Filed
from handlers.people.authority import actor_of
from handlers.ticket import Article, Ticket, Visibility
from handlers.together import every_turn
from handlers.turn import Turn
from handlers.visit import Visit
from handlers.words.line_sheets import read_requests
from parsers.mail import Address, ParsedMail


def split_off(visit: Visit, turn: Turn) -> Turn:
    """Return the agent's turn, and beside it those of the requests opened from the customer's last words."""
    said = _last_words(visit, turn.ticket)
    if said is None:
        return turn.with_error("nothing_to_split")
    theirs = _as_customer(visit, turn.ticket, said)
    sheets = read_requests(said.text, visit.workflow)
    turn = open_tickets(theirs, sheets, Filed(), beside=turn)
    opened = (other.ticket for other in every_turn((turn,)) if other.opened)
    keys = ", ".join(ticket.key for ticket in opened)
    return turn.with_step(f"split off: {keys}").with_done("split_off", word=keys)


def _last_words(visit: Visit, ticket: Ticket) -> Article | None:
    said = reversed(visit.facts.articles.get(ticket.id, ()))
    public = (a for a in said if a.visibility is Visibility.PUBLIC and a.direction == "in")
    return next(public, None)


def _as_customer(visit: Visit, ticket: Ticket, said: Article) -> Visit:
    """Return the visit as if the customer's mail had come by itself."""
    who = Address(address=said.author, name=said.author_name)
    mail = ParsedMail(
        sender=who,
        sender_count=1,
        subject=ticket.subject,
        message_id=ticket.thread[-1] if ticket.thread else "",
        text=said.text,
        language=said.language,
    )
    actor = actor_of(who, mail, visit.facts, visit.desk, ticket)
    return replace(visit, mail=mail, requester=who, words=said.text, actor=actor, forwarded=False)
