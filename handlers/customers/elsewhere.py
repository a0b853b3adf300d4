"""What follows when files of a mail do not belong, or not only, to the ticket of its thread (X-2, F-48)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from handlers.advance import advance
from handlers.customers.arrival import start
from handlers.customers.held_document import ask_whose
from handlers.customers.wrong_ticket import Destination
from handlers.decision import Notice, Value
from handlers.papers.filing import Filed, file_documents
from handlers.papers.paper_fields import amount_text
from handlers.papers.quotes import amount_of, currency_of
from handlers.people.recipients import contact_of
from handlers.steps.effects import replace_document
from handlers.steps.pictures import look_at_pictures
from handlers.ticket import Ticket, Visibility
from handlers.turn import Turn
from handlers.visit import Visit
from parsers.mail import Attachment

CHECKED = "N_to_check"


@dataclass(frozen=True, kw_only=True, slots=True)
class Aside:
    """What a mail brings beside its own ticket: turns of others, and what people are told of them.
    `turn` is that of its own ticket, with all that stays filed."""

    turn: Turn
    turns: tuple[Turn, ...] = ()
    notices: tuple[Notice, ...] = ()


def file_each(
    visit: Visit, turn: Turn, filed: Filed, destinations: tuple[Destination, ...]
) -> Aside:
    """File each document where it belongs: on its own ticket, waiting there, or elsewhere."""
    held = {d.file.sha256: "to_attach" for d in destinations if d.held}
    awaited = "quote" in visit.workflow.states[turn.ticket.state].expects  # a quote of theirs
    quotes = () if awaited else (d for d in destinations if d.kind == "quote")
    returned = {d.file.sha256: "returned" for d in quotes}
    here = only(filed, (d.file for d in destinations if d.moved is None))
    turn = file_documents(turn, here, Visibility.PUBLIC, returned | held)
    turn = look_at_pictures(turn, visit.facts)
    together = [d for d in destinations if d.also]
    for one in together:
        turn = _with_sums(turn, one, (turn.ticket, *one.also))
    turns = tuple(
        _on_other(visit, other, turn, filed, destinations) for other in _others(destinations)
    )
    notices: list[Notice] = []
    for destination in destinations:
        if destination.moved is not None:
            turn, notice = _moved(turn, destination)
            notices.append(notice)
    if held:
        turn = ask_whose(visit, turn, [d for d in destinations if d.held])
        if CHECKED not in turn.told or not turn.was_answered(turn.ticket.contact):
            notices.append(to_contact(turn, CHECKED))
    return Aside(turn=turn, turns=turns, notices=tuple(notices))


def only(filed: Filed, files: Iterable[Attachment]) -> Filed:
    """Return the sorted files without those not among `files`."""
    kept = {file.sha256 for file in files}
    return replace(filed, promoted=tuple(p for p in filed.promoted if p[0].sha256 in kept))


def to_contact(turn: Turn, template: str, **values: Value) -> Notice:
    """Return a notice about the turn's ticket to its contact, in the thread of the mail."""
    mail = turn.event.mail
    return Notice(
        template=template,
        to=contact_of(turn),
        ticket_id=turn.ticket.id,
        values=values,
        in_reply_to=mail.message_id if mail else "",
        references=turn.ticket.thread,
    )


def _others(destinations: tuple[Destination, ...]) -> tuple[Ticket, ...]:
    """Return the other tickets that get a document, each once."""
    named = [t for d in destinations for t in (*((d.moved,) if d.moved else ()), *d.also)]
    return tuple({ticket.id: ticket for ticket in named}.values())


def _on_other(
    visit: Visit, ticket: Ticket, turn: Turn, filed: Filed, destinations: tuple[Destination, ...]
) -> Turn:
    """Return the turn of another ticket with the documents of this mail that concern it."""
    mine = [
        d
        for d in destinations
        if (d.moved and d.moved.id == ticket.id) or ticket.id in {t.id for t in d.also}
    ]
    other = start(visit, ticket, visit.actor_on(ticket))
    other = file_documents(other, only(filed, (d.file for d in mine)), Visibility.PUBLIC)
    for one in mine:
        if one.also:
            other = _with_sums(other, one, (turn.ticket, *one.also))
    return advance(other)


def _with_sums(turn: Turn, destination: Destination, tickets: tuple[Ticket, ...]) -> Turn:
    """Return the turn with the order for several quotes knowing what they amount to together."""
    sums = {f"together_{name}": _sum(tickets, f"quote_{name}") for name in ("net", "gross")}
    told = {"together": " ".join(ticket.key for ticket in tickets), **sums}
    for document in turn.event.documents:
        if document.sha256 == destination.file.sha256:
            fields = {**document.fields, **{name: value for name, value in told.items() if value}}
            turn = replace_document(turn, replace(document, fields=fields))
    return turn


def _sum(tickets: tuple[Ticket, ...], field: str) -> str:
    """Return the sum of an amount of all tickets, "" when one of them does not know it or tells it in
    another currency."""
    if len({currency_of(ticket) for ticket in tickets}) > 1:
        return ""
    amounts = [amount_of(ticket.fields.get(field, "")) for ticket in tickets]
    known = [amount for amount in amounts if amount is not None]
    return amount_text(int(sum(known, Decimal(0)) * 100)) if len(known) == len(tickets) else ""


def _moved(turn: Turn, destination: Destination) -> tuple[Turn, Notice]:
    """Note where a document went, and tell the customer (X-2)."""
    key = destination.moved.key if destination.moved else ""
    name = destination.file.filename
    notice = to_contact(turn, "N_filed_elsewhere", other_key=key, document=name)
    return turn.with_step(f"{name} belongs to {key}"), notice
