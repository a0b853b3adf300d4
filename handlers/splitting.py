"""Split a request off a ticket: what the customer wrote last is about another device (X-8)."""

from __future__ import annotations

from dataclasses import replace

from handlers.authority import actor_of
from handlers.filing import Filed
from handlers.opening import open_tickets
from handlers.sheet import read_sheets
from handlers.ticket import Article, Ticket, Visibility
from handlers.turn import Turn
from handlers.visit import Visit
from parsers.mail import Address, ParsedMail


def split_off(visit: Visit, turn: Turn) -> tuple[Turn, ...]:
    """Return the agent's turn and those of the requests opened from the customer's last words."""
    said = _last_words(visit, turn.ticket)
    if said is None:
        return (turn.with_error("nothing_to_split"),)
    theirs = _as_customer(visit, turn.ticket, said)
    sheets = read_sheets(said.text, visit.workflow)
    opened = open_tickets(theirs, sheets, Filed(), numbers=turn.numbers)
    turn = replace(turn, numbers=opened[-1].numbers)
    keys = ", ".join(one.ticket.key for one in opened)
    turn = turn.with_step(f"split off: {keys}").with_done("split_off", word=keys)
    return (turn, *opened)


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
