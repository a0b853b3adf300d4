"""A request whose dossier was asked for: once named, its words and files go there (R-38)."""

from __future__ import annotations

from dataclasses import replace

from handlers.advance import advance
from handlers.registry.register_signals import ATTACHED
from handlers.ticket import Ticket
from handlers.together import turn_to
from handlers.turn import EventKind, Turn
from handlers.visit import Visit

KIND = "message_kind"


def bring_waiting(visit: Visit, turn: Turn) -> Turn:
    """Return the turn with what waited: its words are said now, as the kind of message they were."""
    waiting = visit.facts.tickets.get(visit.waiting or -1)
    if waiting is None or waiting.id == turn.ticket.id:
        return turn
    earlier = visit.facts.articles.get(waiting.id, ())
    said = "\n\n".join([*(one.text for one in earlier), turn.event.said]).strip()
    event = turn.event
    tag = event.tag if visit.tag.plain else waiting.fields.get(KIND, "") or event.tag
    moved = tuple(
        replace(one, number=turn.ticket.next_document + place)
        for place, one in enumerate(waiting.documents)
    )
    event = replace(event, said=said, tag=tag, documents=(*event.documents, *moved))
    turn = replace(turn, event=event, articles=(*earlier, *turn.articles))
    turn = turn.with_ticket(documents=(*turn.ticket.documents, *moved))
    return _left(turn, waiting)


def _left(turn: Turn, waiting: Ticket) -> Turn:
    """Return the turn with the ticket that waited told where it went."""
    there = turn_to(turn, waiting)
    heard = replace(there.event, kind=EventKind.SIGNAL, name=ATTACHED)
    there = replace(there, event=heard, articles=(), notices=())
    there = advance(there.with_ticket(links={**waiting.links, "parent": turn.ticket.key}))
    return turn_to(there, turn.ticket)
