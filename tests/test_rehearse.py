"""Rehearsals: the tool says plainly what differs and what it does not understand."""

from importlib import resources
from pathlib import Path

import pytest

from daemon.rehearsal import rehearse as rehearsing
from daemon.rehearsal.cast import (
    AgentPart,
    AnswerPart,
    Cast,
    ContactPart,
    DeskPart,
    HeldPart,
    OrganisationPart,
    UsualTicket,
)
from daemon.rehearsal.rehearse import main
from daemon.rehearsal.room import open_room
from daemon.rehearsal.script import (
    Expect,
    GivenPart,
    MailPart,
    Script,
    Step,
    TicketPart,
    read_script,
)
from storage.migrations import migrate
from storage.store import Store

from .rooms import rehearse, room, write

__all__ = ["rehearse", "room"]

ROOT = Path(__file__).parent / "rehearsals"


def test_a_wrong_expectation_names_file_line_step_expected_and_got(tmp_path, capsys):
    file = write(
        tmp_path,
        """\
        title: a wrong hope
        given:
          tickets:
            A: {state: submitted}
        steps:
          - mail: {from: ana, reply: A, text: "#prendre"}
            expect:
              state: awaiting_material
        """,
    )
    assert main([file]) == 1
    told = capsys.readouterr().out
    assert f"{file}:8: step 1: state" in told
    assert "expected: awaiting_material" in told
    assert "got:      quote_due" in told
    assert "1 rehearsal, 1 failed" in told


def test_a_script_nobody_understands_is_refused_with_its_line(tmp_path, capsys):
    file = write(tmp_path, "title: odd\nsteps:\n  - male: {}\n")
    assert main([file]) == 78
    assert f"{file}:3: steps.0.male" in capsys.readouterr().out


def test_a_name_that_does_not_exist_is_refused_with_its_line(tmp_path, capsys):
    file = write(
        tmp_path, 'title: odd\nsteps:\n  - mail: {from: claire, text: x, to: "{reply:Z}"}\n'
    )
    assert main([file]) == 78
    assert f"{file}:3: no ticket is called 'Z'" in capsys.readouterr().out


@pytest.mark.parametrize(
    "given,told",
    [
        ("{state: sleeping}", "4: ticket A: 'sleeping' is no state"),
        ("{state: in_study, fields: {colour: red}}", "4: ticket A: 'colour' is no field"),
        ("{state: in_study, participants: {marc: king}}", "4: ticket A: 'king' is no role"),
    ],
)
def test_a_given_ticket_that_cannot_be_is_refused_with_its_line(tmp_path, capsys, given, told):
    head = f"title: odd\ngiven:\n  tickets:\n    A: {given}\n"
    file = write(tmp_path, f"{head}steps:\n  - clock: +1d\n")
    assert main([file]) == 78
    assert f"{file}:{told}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "line,told",
    [
        ("  - mail: {from: claire, file: lost.eml}", "lost.eml"),
        ("  - mail: {from: claire, attach: [{poem: {}}]}", "no paper is called 'poem'"),
        ("  - clock: tomorrow", "'tomorrow' is no time"),
        ("  - bounce: {of: 'A:N3'}", "no ticket is called 'A'"),
    ],
)
def test_a_step_that_cannot_be_played_is_refused_with_its_line(tmp_path, capsys, line, told):
    file = write(tmp_path, f"title: odd\nsteps:\n{line}\n")
    assert main([file]) == 78
    out = capsys.readouterr().out
    assert f"{file}:3: " in out
    assert told in out


def test_a_process_of_ones_own_is_rehearsed_from_the_file_beside(tmp_path, rehearse):
    own = (resources.files("handlers") / "workflows" / "rma.yaml").read_text(encoding="utf-8")
    changed = own.replace(
        "after: [7d, 14d], restart_on: [F-T7b]", "after: [3d], restart_on: [F-T7b]"
    )
    (tmp_path / "mine.yaml").write_text(changed, encoding="utf-8")
    given = "given:\n  tickets:\n    A: {state: quote_sent}\n"
    step = "steps:\n  - clock: +3d\n    expect: {notices: {N3_reminder: claire}}\n"
    file = write(tmp_path, f"title: sooner\nworkflow: mine.yaml\n{given}{step}")
    assert rehearse(read_script(file)) == ()


def test_a_folder_is_rehearsed_whole(tmp_path, capsys):
    step = "steps:\n  - mail: {from: claire, text: formulaire}\n"
    for number in (1, 2):
        (tmp_path / f"{number}.yaml").write_text(f"title: t{number}\n{step}", encoding="utf-8")
    assert main([tmp_path]) == 0
    assert "2 rehearsals, 0 failed" in capsys.readouterr().out


def test_nothing_to_rehearse_is_no_success(tmp_path):
    assert main([tmp_path]) == 1


def test_the_same_comes_true_on_postgresql(postgres_url, rehearse):
    source = read_script(ROOT / "rma" / "02-quote-and-order.yaml")
    with open_room(postgres_url) as elsewhere:
        twice = [rehearsing.rehearse(source, elsewhere) for _ in range(2)]
    found = [*twice[0], *twice[1]]
    assert not found, "\n".join(map(str, found))


def test_a_database_in_use_is_not_played_on(tmp_path, capsys):
    url = f"sqlite:///{tmp_path}/used.sqlite3"
    file = write(tmp_path, "title: t\nsteps:\n  - mail: {from: claire, text: formulaire}\n")
    assert main([file], url=url) == 0
    store = Store.open(url)
    migrate(store)
    store.close()
    assert main([file], url=url) == 78
    assert "is in use" in capsys.readouterr().out


def test_the_example_of_the_documentation_comes_true(tmp_path, rehearse):
    page = (Path(__file__).parents[1] / "docs" / "rehearsals.md").read_text(encoding="utf-8")
    file = write(tmp_path, page.partition("```yaml\n")[2].partition("```")[0])
    assert rehearse(read_script(file)) == ()


def test_the_documentation_names_every_key():
    page = (Path(__file__).parents[1] / "docs" / "rehearsals.md").read_text(encoding="utf-8")
    parts = (Script, DeskPart, ContactPart, TicketPart, GivenPart, MailPart, Step, Expect)
    parts += (Cast, HeldPart, UsualTicket, AgentPart, OrganisationPart, AnswerPart)
    keys = {field.alias or key for part in parts for key, field in part.model_fields.items()}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
