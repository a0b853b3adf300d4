"""Our own quote that comes back as we sent it: whatever its name says, it orders nothing (F-49, X-25)."""

from __future__ import annotations

from dataclasses import replace

from handlers.facts import Facts
from handlers.papers.filing import Filed
from handlers.papers.surroundings import FiledAs
from parsers.business import Confidence

UNCHANGED = FiledAs(kind="quote", confidence=Confidence.SURE, reason="our own quote, as we sent it")


def know_ours(filed: Filed, facts: Facts) -> Filed:
    """Return the sorted files with those that are a quote of ours, byte by byte, taken for it."""
    ours = {
        document.sha256
        for ticket in facts.tickets.values()
        for document in ticket.documents
        if document.kind == "quote" and "returned" not in document.flags
    }
    promoted = tuple(
        (file, UNCHANGED if file.sha256 in ours else taken) for file, taken in filed.promoted
    )
    return replace(filed, promoted=promoted)
