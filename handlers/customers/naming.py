"""An agent says what a document is; what it then fires is tried as if it came now (X-25)."""

from __future__ import annotations

from dataclasses import replace

from handlers.advance import fire, heard_by, settle
from handlers.process.workflow import Transition
from handlers.steps.command_effects import document_named
from handlers.steps.effects import work_item
from handlers.ticket import Document
from handlers.turn import EventKind, Turn

QUESTION, DOUBT = "W_document", "W_form"


def try_document(turn: Turn, before: Document | None) -> Turn:
    """Return the turn after the transition that a document fires now that its kind is known.

    `before` is the document as it was; nothing is tried when the command changed nothing about it,
    or could not be carried out.
    """
    document = document_named(turn)
    if document is None or document == before or not document.usable or turn.errors:
        return turn
    command = turn.event
    event = replace(command, kind=EventKind.MAIL, documents=(document,), mail=None)
    rows = heard_by(turn, event)
    row = next((row for row, why_not in rows if not why_not and _hears(row, document)), None)
    if row is None:
        return turn
    return replace(settle(fire(replace(turn, event=event), row)), event=command)


def ask_about_files(turn: Turn) -> Turn:
    """Return the turn with a work item that asks what its unsure documents are, or shows what its forms
    leave in doubt, unless another one goes to a team already: each shows them."""
    unsure = any("unsure" in document.flags for document in turn.event.documents)
    asked = QUESTION if unsure else DOUBT if turn.event.form_doubts else ""
    shown = any(notice.team for notice in turn.notices) or asked not in turn.workflow.notices
    return turn if shown else work_item(turn, asked)


def _hears(row: Transition, document: Document) -> bool:
    """Tell whether a transition waits for such a document, not for any mail."""
    mails = (on.mail for on in row.hears if on.mail is not None)
    return any(document.counts_as(*mail.documents) for mail in mails)
