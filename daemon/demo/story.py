"""The stories `savd demo` plays: `daemon/demo/stories/NAME.yaml`, one short conversation of each process.

Everybody in them is invented. A scene is what somebody writes, and what savd is expected to make of
it; `daemon.demo.play` sends the one and compares the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from daemon.rehearsal.cast import AgentPart, ContactPart, Paper, Rows
from daemon.rehearsal.scene import contact_of
from handlers.desk import Contact
from handlers.errors import BadData
from handlers.process.call import Part
from handlers.process.workflow import Workflow
from handlers.word_lists import load_yaml
from handlers.workflow_file import shipped

HOME = ZoneInfo("Europe/Paris")
_FOLDER = resources.files("daemon.demo") / "stories"


class Scene(Part):
    """One mail, and what must come of it.

    `answers` names the notice that is replied to, "" for a mail that begins something. `told`
    are the notices that must leave, in order, W_done (the receipt of an agent's command) aside;
    `state` is where the ticket must stand afterwards. `shows` are words of lines in a work item that
    are worth reading. `rows` are a table under the text.
    """

    title: str
    at: datetime
    who: str = Field(alias="from")
    text: str
    state: str
    told: tuple[str, ...]
    subject: str = ""
    answers: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    attach: tuple[Paper, ...] = ()
    shows: tuple[str, ...] = ()

    @property
    def shown(self) -> list[str]:
        """The text and its table as lines of a terminal."""
        widths = [max(map(len, column)) for column in zip(*self.rows, strict=True)]
        rows = (
            "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
            for row in self.rows
        )
        return [*self.text.strip().splitlines(), *(row.rstrip() for row in rows)]

    @property
    def moment(self) -> datetime:
        """When it is written, on the wall of the desk."""
        return self.at.replace(tzinfo=HOME)


class Story(Part):
    """A conversation of one process. `desk` is what its section of savd.toml says; `people` and `agents`
    write, `tables` are its reference data."""

    title: str
    about: str
    workflow: str
    desk: dict[str, Any]
    people: dict[str, ContactPart]
    agents: dict[str, AgentPart]
    tables: dict[str, Rows] = Field(default_factory=dict)
    scenes: tuple[Scene, ...]

    @property
    def process(self) -> Workflow:
        """The process it is a conversation of."""
        return shipped(self.workflow)

    @property
    def address(self) -> str:
        """Where the desk is written to."""
        return str(self.desk["addresses"][0])

    @property
    def domain(self) -> str:
        """The domain of the desk, its teams and its border."""
        return self.address.partition("@")[2]

    @property
    def names(self) -> Mapping[str, str]:
        """Who writes, by address."""
        writers = (contact_of(one) for one in self.people.values())
        return {
            **{one.address: one.name for one in writers},
            **{one.address: one.name for one in self.agents.values()},
        }

    def writer(self, scene: Scene) -> Contact:
        """Return who writes a scene."""
        if scene.who in self.people:
            return contact_of(self.people[scene.who])
        agent = self.agents[scene.who]
        return Contact(address=agent.address, name=agent.name)

    def section(self) -> dict[str, Any]:
        """Return the section of the desk in savd.toml: what the story says, its people, its teams."""
        border = f"mx.{self.domain}"
        teams = {name: {"addresses": [f"{name}@{self.domain}"]} for name in self.process.teams}
        agents = [{"address": one.address, "name": one.name} for one in self.agents.values()]
        usual = {"authserv_id": border, "border_host": border, "agents": agents, "teams": teams}
        # Nobody waits at a demo.
        return {"workflow": self.workflow, "work_item_window": 0, **usual, **self.desk}


def story_names() -> tuple[str, ...]:
    """Return the names of the stories, in the order of their days."""
    files = (file.name for file in _FOLDER.iterdir())
    names = [name.removesuffix(".yaml") for name in files if name.endswith(".yaml")]
    return tuple(sorted(names, key=lambda name: _read(name).scenes[0].at))


def stories(names: Sequence[str] = ()) -> tuple[Story, ...]:
    """Return the stories of these names, all for none. Raises BadData for an unknown name."""
    known = story_names()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BadData(f"there is no story {', '.join(unknown)}. Known: {', '.join(known)}.")
    return tuple(_read(name) for name in known if not names or name in names)


def _read(name: str) -> Story:
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return Story.model_validate(load_yaml(text))
