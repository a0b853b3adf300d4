"""When a ticket of ours waited for the answer to a question, told from its history: the customer had the
ball then, and the clocks of the desk stood still (`handlers.clocks.holding`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from handlers.desk import Desk
from handlers.digest.record import Move
from handlers.process.workflow import Workflow
from handlers.ticket import QUESTION

Wait: TypeAlias = "tuple[datetime, datetime | None]"
"""From a question to its answer, None while there is none."""

OURSELVES = "savd"
OVER = f"{QUESTION} is over"


def asking(workflow: Workflow) -> frozenset[str]:
    """Return what a history says of the commands that ask a customer something."""
    return frozenset(
        f"#{name}"
        for name, rule in workflow.commands.items()
        for call in rule.effects
        if call.name == "set_flag" and call.arguments.get("value") == QUESTION
    )


def waits(moves: Sequence[Move], asks: Collection[str], desk: Desk) -> Iterator[Wait]:
    """Yield when an answer was waited for. A question ends with any word of somebody who is no agent, with
    the state it was asked in, and when it was waited for too long."""
    begun: datetime | None = None
    for move in moves:
        if begun is None and move.why in asks and move.source == move.target:
            begun = move.at
        elif begun is not None and _ends(move, desk):
            yield begun, move.at
            begun = None
    if begun is not None:
        yield begun, None


def _ends(move: Move, desk: Desk) -> bool:
    theirs = move.actor != OURSELVES and desk.agent(move.actor) is None
    return theirs or move.why == OVER or move.source != move.target
