"""Pictures found again: the same photo on two tickets, also packed anew or made smaller.

A fingerprint is 64 bits; two that differ in at most three bits agree in at least one of four
pieces of 16, so an index on pieces finds them. A picture without detail has none: its SHA-256
stands in its place and finds only the very same file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, insert, select

from handlers.decision import TicketChange
from handlers.facts import Questions
from storage.audience import readable
from storage.columns import one_of
from storage.schema import document, picture_piece, ticket
from storage.statement import fetch, write

MOST_BITS = 3
"""So many bits may differ in two pictures that count as the same."""

FINGERPRINT = 16
PIECE = 4
MOST_PICTURES = 100  # of one mail
MOST_FOUND = 500


def pieces_of(fingerprint: str) -> tuple[str, ...]:
    """Return what is looked up: four numbered pieces, or the whole of anything longer."""
    if len(fingerprint) != FINGERPRINT:
        return (fingerprint,) if fingerprint else ()
    cuts = range(0, FINGERPRINT, PIECE)
    return tuple(f"{cut // PIECE}{fingerprint[cut : cut + PIECE]}" for cut in cuts)


def are_same(one: str, other: str) -> bool:
    """Tell whether two fingerprints are those of the same picture."""
    if len(one) != FINGERPRINT or len(other) != FINGERPRINT:
        return one == other
    return (int(one, 16) ^ int(other, 16)).bit_count() <= MOST_BITS


_FOUND = (
    select(document.c.fingerprint, document.c.flags, ticket.c.key)
    .join(
        picture_piece,
        and_(
            picture_piece.c.ticket_id == document.c.ticket_id,
            picture_piece.c.number == document.c.number,
        ),
    )
    .join(ticket, ticket.c.id == document.c.ticket_id)
    .where(
        picture_piece.c.desk == bindparam("desk"),
        one_of(picture_piece.c.piece, "pieces"),
        readable(document),
    )
    .order_by(ticket.c.key.desc())
    .limit(MOST_FOUND)
)


def same_pictures(tx: Connection, questions: Questions) -> dict[str, tuple[str, ...]]:
    """Return the keys of the desk's tickets that hold the pictures asked for, the newest first.

    A picture that its author withdrew is not found: nobody is told of it again (R-12)."""
    asked = questions.fingerprints[:MOST_PICTURES]
    pieces = [piece for one in asked for piece in pieces_of(one)]
    if not pieces:
        return {}
    rows = fetch(tx, _FOUND, {"desk": questions.desk, "pieces": pieces})
    rows = [row for row in rows if "disabled" not in row.flags]
    found = {one: _keys(one, rows) for one in asked}
    return {one: keys for one, keys in found.items() if keys}


def _keys(fingerprint: str, rows: Sequence[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.key for row in rows if are_same(fingerprint, row.fingerprint)))


_NEW = insert(picture_piece)
_DROP = delete(picture_piece).where(picture_piece.c.ticket_id == bindparam("row"))


def write_pieces(tx: Connection, changes: Iterable[TicketChange]) -> None:
    """Write the pieces of every ticket whose pictures changed with this decision."""
    for change in changes:
        if any(new.document.fingerprint for new in change.documents):
            if not change.opened:
                write(tx, _DROP, {"row": change.ticket.id})
            write(tx, _NEW, *_rows(change))


def _rows(change: TicketChange) -> list[dict[str, Any]]:
    one = change.ticket
    return [
        {"desk": one.desk, "piece": piece, "ticket_id": one.id, "number": document.number}
        for document in one.documents
        for piece in dict.fromkeys(pieces_of(document.fingerprint))
    ]
