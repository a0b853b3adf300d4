"""Files of the reference book that a ticket hands on: a manufacturer's procedure, a guide (A-44)."""

from __future__ import annotations

from dataclasses import replace

from handlers.decision import NewDocument
from handlers.steps.effects import effect
from handlers.steps.lookups import row_of
from handlers.ticket import Document
from handlers.turn import Turn


@effect
def file_from_book(turn: Turn, table: str, by: dict[str, str], kind: str) -> Turn:
    """File the file of the first row with these values as a document of the ticket, once; nothing
    without a row or a file. The row names it in `file`, `digest`, `content_type`."""
    row = row_of(turn, table, by)
    digest = row.get("digest", "")
    data = turn.book.file(digest) if digest else b""
    if not data or any(one.sha256 == digest for one in turn.ticket.documents):
        return turn
    document = Document(
        number=len(turn.ticket.documents) + 1,
        kind=kind,
        filename=row.get("file", "") or row.get("title", ""),
        content_type=row.get("content_type", "") or "application/octet-stream",
        size=len(data),
        sha256=digest,
        author="",
        at=turn.event.at,
        cause=turn.event.cause,
    )
    turn = replace(turn, documents=(*turn.documents, NewDocument(document=document, data=data)))
    return turn.with_ticket(documents=(*turn.ticket.documents, document))
