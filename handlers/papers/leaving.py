"""Which documents may leave the house, to whom, and as which bytes (R-12, R-13, X-24).

A document leaves by its number and these two answers, never by its name or its digest alone.
"""

from __future__ import annotations

from handlers.ticket import Document, Role, Visibility

KEPT_BACK = frozenset({"disabled", "infected", "unscanned"})
"""Flags of documents that nobody gets: withdrawn by their author, infected, not seen by
the virus scanner."""

SHARED = (Visibility.PUBLIC, Visibility.EXTERNAL)
"""What the customer and the desk both see (A2.2)."""

MACROS = "application/vnd.ms-office"
PICTURE = "image/"


def may_leave(document: Document, role: Role, audience: Visibility = Visibility.PUBLIC) -> bool:
    """Tell whether somebody in this role may be sent a document with a message of this audience.

    Nobody gets what was withdrawn, is infected or was seen by no scanner, what is in quarantine or holds macros.
    What people of a customer keep to themselves leaves with such a message alone, and never to an agent (R-8);
    people outside get nothing but the files of their own talk (R-17). Agents get everything else; others
    neither the files of notes nor what may be somebody else's.
    """
    if document.flags & KEPT_BACK or document.content_type == MACROS:
        return False
    if document.visibility is Visibility.QUARANTINE:
        return False
    if Visibility.INTERNAL in (document.visibility, audience):
        return document.visibility is audience and role is not Role.AGENT
    if role is Role.AGENT:
        return True
    shown = (Visibility.EXTERNAL,) if role is Role.EXTERNAL else SHARED
    return document.visibility in shown and "to_attach" not in document.flags


def digest_that_leaves(document: Document) -> str:
    """Return the digest of the bytes that travel in a document's name: its copy when it has one.

    "" for a picture without a copy: where it was taken may stand in it.
    """
    if document.copy_sha256:
        return document.copy_sha256
    return "" if document.content_type.startswith(PICTURE) else document.sha256
