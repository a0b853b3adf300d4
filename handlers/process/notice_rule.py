"""A notice as a workflow file declares it."""

from __future__ import annotations

from typing import Literal

from handlers.process.call import Part
from handlers.process.rows_rule import RowsRule


class NoticeRule(Part):
    """A notice: to whom it speaks, what travels with it, and which values (`handlers.steps.values`) its
    template gets; `papers` are those we write that travel with it; `checks` lists why those conditions do not hold. Its words are in `templates/`.
    `team` gets a work item whose row names none. One event that says it of several tickets to the
    same person says the notice `grouped_as` instead, once; when that is itself, also of one. They
    are only grouped when the values named in `grouped_by` are the same.
    `shows` are rows of the reference book in a work item. `asks` names the question whose answers it
    offers, "*" for the one that was put last; `again` tells that it only repeats it: what was offered before still stands.
    An `urgent` work item never waits for others. `telephone` shows a code that opens a mail on one,
    where photos are asked for."""

    audience: Literal["customer", "agent", "stranger"] = "customer"
    about: str
    attach: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    relay: bool = False
    values: tuple[str, ...] = ()
    checks: str = ""
    team: str = ""
    grouped_as: str = ""
    grouped_by: tuple[str, ...] = ()
    shows: tuple[RowsRule, ...] = ()
    asks: str = ""
    again: bool = False
    urgent: bool = False
    telephone: bool = False
