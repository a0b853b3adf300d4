"""What is rehearsed comes true, and every process is rehearsed whole."""

import re
from pathlib import Path

import pytest

from daemon.rehearsal.script import read_script
from handlers.workflow_file import shipped

from .processes import finished_names
from .rooms import rehearse, room

__all__ = ["rehearse", "room"]

ROOT = Path(__file__).parent / "rehearsals"
REHEARSALS = sorted(one for one in ROOT.glob("**/*.yaml") if not one.name.startswith("_"))
NOT_BY_MAIL = {"W_scanned"}
"""What comes when a program beside ours answers again, not by mail or clock (tests/test_rescan.py)."""


def name(path):
    return path.relative_to(ROOT).as_posix()


def said_in(folder):
    files = (ROOT / folder).glob("**/[!_]*.yaml")
    return "\n".join(one.read_text(encoding="utf-8") for one in files)


def finished():
    """Return the processes that are rehearsed whole, each with all that its rehearsals say; what
    comes from a part is rehearsed in any of them."""
    everything = said_in(".")
    return [(shipped(one), said_in(one), everything) for one in finished_names()]


def told_of(workflow, told, everything, section, key):
    """Return what the rehearsals have to name this in."""
    return everything if workflow.place(section, key).startswith("parts/") else told


@pytest.mark.parametrize("file", REHEARSALS, ids=name)
def test_what_is_rehearsed_comes_true(file, rehearse):
    found = rehearse(read_script(file))
    assert not found, "\n".join(map(str, found))


def test_every_transition_of_a_shipped_process_is_rehearsed():
    for workflow, *told in finished():
        for number, row in enumerate(workflow.transitions):
            said = told_of(workflow, *told, "transitions", number)
            assert re.search(rf"fired: .*\b{row.id}\b", said), f"{workflow.name} {row.id}"


def test_every_timer_and_notice_of_a_shipped_process_is_rehearsed():
    for workflow, *told in finished():
        for section in ("timers", "notices"):
            for one in set(getattr(workflow, section)) - NOT_BY_MAIL:
                said = told_of(workflow, *told, section, one)
                assert re.search(rf"(?<![\w-]){one}(?![\w-])", said), f"{workflow.name} {one}"
