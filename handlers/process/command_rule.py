"""A command of agents, as a workflow file declares it."""

from __future__ import annotations

from typing import Literal

from handlers.desk import Level
from handlers.process.call import GivenCall, Labels, Part


class CommandRule(Part):
    """A command agents write after `#`. Of its names French readers are shown the first, others
    the last. `arguments` maps our name of an argument to the names people may write;
    `words` maps an argument to its values and the bare words that mean them. `free` takes the rest
    of the line. `amounts` are money; one that bears its currency also gives the argument `currency`
    to a command that has it. `from_document` fills arguments that were not written from an attached document.
    `anywhere` commands have effects of their own; the others fire transitions. One for `tickets` may
    name those it is for, several in one line and in a mail of its own. `level` is who may give it. One with a `flag` is only
    offered while the ticket has it."""

    names: tuple[str, ...]
    arguments: dict[str, tuple[str, ...]] = {}
    required: tuple[str, ...] = ()
    words: dict[str, dict[str, tuple[str, ...]]] = {}
    amounts: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    free: str = ""
    from_document: dict[str, str] = {}
    usage: dict[str, tuple[str, ...]] = {}
    help: Labels
    effects: tuple[GivenCall, ...] = ()
    anywhere: bool = False
    tickets: bool = False
    flag: str = ""
    level: Literal["agent", "supervisor"] = "agent"

    @property
    def minimum(self) -> Level:
        """The least authority that may give it; its transitions may ask for more."""
        return Level[self.level.upper()]
