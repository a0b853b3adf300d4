"""The cart of a contact: the group that its next lines join, until all of it is confirmed (A-34)."""

from __future__ import annotations

from handlers.numbering import Numbers
from handlers.people.participants import contact_for
from handlers.process.workflow import Workflow
from handlers.ticket import Ticket
from handlers.together import in_order
from handlers.visit import Visit


def group_to_join(visit: Visit, contact: str) -> str:
    """Return the group with the newest line that the lines of a contact join, "" for none.

    A group whose first line storage did not hand over is not joined: its lines could not be numbered.
    """
    contact = contact_for(visit, contact)
    mine = [
        one
        for one in visit.facts.tickets.values()
        if is_joined(one, visit.workflow) and one.contact.lower() == contact
    ]
    groups = {one.draft_key for one in visit.facts.tickets.values()}
    whole = [one for one in mine if one.group in groups]
    return in_order(whole)[-1].group if whole else ""


def is_joined(line: Ticket, workflow: Workflow) -> bool:
    """Tell whether other lines may join the group of a line: it is neither confirmed nor given up."""
    rule = workflow.lines
    return rule is not None and bool(line.group) and line.state in rule.joined_in


def founding(visit: Visit, numbers: Numbers) -> Numbers:
    """Return the numbers after one was drawn for a new group, where a contact has one only: of two nodes
    that found one at once the second is told, and decides again."""
    if visit.workflow.lines is None or not visit.workflow.lines.joined_in:
        return numbers
    return numbers.draw(f"{visit.workflow.keys.draft} groups")[1]
