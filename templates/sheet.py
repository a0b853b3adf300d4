"""The return sheet: one page that travels in the parcel."""

from __future__ import annotations

from handlers.desk import Desk
from handlers.ticket import Ticket
from handlers.workflow import Workflow


def return_sheet(ticket: Ticket, desk: Desk, workflow: Workflow, language: str) -> bytes:
    """Return the sheet as PDF."""
    raise NotImplementedError
