"""An answer of an organisation that cannot be decided is seen by a person, not only by the log (Q-8, X-44)."""

import shutil
from pathlib import Path

import pytest

from daemon.rehearsal.script import read_script
from handlers import workflow_file

from .rooms import rehearse, room, write

__all__ = ["rehearse", "room"]

CAST = Path(__file__).parent / "rehearsals" / "repair_bonus" / "_cast.yaml"
SCRIPT = """
    title: The notice of a success cannot be written
    given: {tickets: {A: {state: STATE}}}
    steps:
      - mail: {from: ana, reply: A, text: "COMMAND"}
        expect: {notices: {W_done: ana}}
      - answer: {operation: OPERATION, about: A, organisation: ecosystem, result: ok, values: {id: C55, status: approved}}
        expect: {state: STATE, fired: ROW, notices: {NOTICE: back_office}, says: {NOTICE: [ConfigError]}}
"""


@pytest.fixture(name="folder")
def folder_of_a_broken_process(tmp_path):
    """A folder with the process beside, whose notices N5 and N7 name a value that nobody gives."""
    shipped = Path(workflow_file.__file__).parent / "workflows" / "repair_bonus.yaml"
    shutil.copy(shipped, tmp_path / "ours.yaml")
    cast = CAST.read_text(encoding="utf-8").replace("workflow: repair_bonus", "workflow: ours.yaml")
    (tmp_path / "_cast.yaml").write_text(cast, encoding="utf-8")
    notices = tmp_path / "templates" / "repair_bonus"
    notices.mkdir(parents=True)
    for name in ("N5", "N7"):
        broken = '---\nsubject: "x"\n---\n{{ nowhere }}\n'
        (notices / f"{name}.fr.md").write_text(broken, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "state, command, operation, row, notice",
    [
        ("ecosystem_to_create", "#creer-demande", "submit", "Q-A2", "W_errand_uncertain"),
        ("ecosystem_confirmed", "#statut-organisme", "status", "Q-A1", "W_trouble"),
    ],
)
def test_whoever_handles_the_case_is_asked_to_look(
    folder, rehearse, state, command, operation, row, notice
):
    """What may have been created there is in doubt; what was only asked may be asked again."""
    text = SCRIPT
    named = {
        "STATE": state,
        "COMMAND": command,
        "OPERATION": operation,
        "ROW": row,
        "NOTICE": notice,
    }
    for word, value in named.items():
        text = text.replace(word, value)
    found = rehearse(read_script(write(folder, text)))
    assert not found, "\n".join(map(str, found))
