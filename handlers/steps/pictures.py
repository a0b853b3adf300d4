"""New pictures of a ticket: the codes on them beside what is known, and the same picture elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.facts import Facts
from handlers.papers.device_numbers import plain
from handlers.papers.photo_codes import values_on
from handlers.steps.effects import replace_document
from handlers.ticket import Document
from handlers.turn import Turn


def look_at_pictures(turn: Turn, facts: Facts) -> Turn:
    """Return the turn with its new pictures knowing which fields their codes could fill, and which
    other tickets hold the same picture: agents are told, the customer is not."""
    for document in turn.event.documents:
        told = dict(_codes(turn, document, facts))
        seen = [key for key in _held_by(document, facts) if key != turn.ticket.key]
        if seen:
            told["seen_on"] = " ".join(seen)
        if told:
            flags = document.flags | ({"seen_elsewhere"} if seen else set())
            found = replace(document, fields={**document.fields, **told}, flags=flags)
            turn = replace_document(turn, found)
    return turn


def _held_by(document: Document, facts: Facts) -> tuple[str, ...]:
    """Return the tickets with the same picture; photographed papers all look alike and have none."""
    is_photo = document.counts_as("photo") and document.fingerprint
    return facts.same_pictures.get(document.fingerprint, ()) if is_photo else ()


def _codes(turn: Turn, document: Document, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the fields that codes could fill, as "read_serial", each with its values: what the ticket
    or the desk's list of serial numbers knows goes before all else."""
    listed = {plain(one) for one in facts.serials_listed or ()}
    for name, rule in turn.workflow.fields.items():
        known = listed | {plain(turn.ticket.fields.get(name, ""))}
        values = values_on(document, rule, known - {""})
        if values:
            yield f"read_{name}", " ".join(values)
