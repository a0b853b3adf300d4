"""Rehearsals: every one shipped passes, and the tool says plainly what differs."""

import re
import textwrap
from importlib import resources
from pathlib import Path

import pytest

from daemon import rehearse as rehearsing
from daemon.rehearse import main
from daemon.rehearse_cast import (
    AgentPart,
    AnswerPart,
    Cast,
    ContactPart,
    DeskPart,
    HeldPart,
    OrganisationPart,
    UsualTicket,
)
from daemon.rehearse_room import open_room
from daemon.rehearse_scene import put_tables, scenes_of
from daemon.rehearse_script import (
    Expect,
    GivenPart,
    MailPart,
    Script,
    Step,
    TicketPart,
    read_script,
)
from handlers.workflow_file import shipped, shipped_names
from storage.book import StoredBook
from storage.migrations import migrate
from storage.store import Store

ROOT = Path(__file__).parent / "rehearsals"
REHEARSALS = sorted(one for one in ROOT.glob("**/*.yaml") if not one.name.startswith("_"))


@pytest.fixture(scope="module")
def room():
    with open_room() as opened:
        yield opened


@pytest.fixture
def rehearse(room):
    return lambda source: rehearsing.rehearse(source, room)


def name(path):
    return path.relative_to(ROOT).as_posix()


def write(folder, text):
    file = folder / "rehearsal.yaml"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return file


@pytest.mark.parametrize("file", REHEARSALS, ids=name)
def test_what_is_rehearsed_comes_true(file, rehearse):
    found = rehearse(read_script(file))
    assert not found, "\n".join(map(str, found))


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


CAST = """\
workflow: rma
desk:
  name: returns
  addresses: [returns@other.example]
  agents: {zoe: {name: Zoe Roy, level: supervisor}}
people:
  paul: {address: paul@durand.example, organisation: Durand}
ticket:
  contact: paul
  organisation: Durand
  fields: {reference: LECT-400, serial: SN1, description: "{reference}, {+2d}"}
  states: {in_study: {fields: {serial: SN2}}}
"""


def test_a_cast_beside_the_rehearsals_says_who_is_there(tmp_path, rehearse):
    (tmp_path / "_cast.yaml").write_text(CAST, encoding="utf-8")
    file = write(
        tmp_path,
        """\
        title: another desk
        given:
          tickets:
            A: {state: in_study}
        steps:
          - mail: {from: zoe, reply: A, text: "#note Vu."}
            expect:
              contact: paul
              fields: {serial: SN2, description: "LECT-400, 2026-11-04"}
              notes: [Vu.]
        """,
    )
    assert rehearse(read_script(file)) == ()


def test_the_cast_of_a_folder_above_counts_and_is_no_rehearsal(tmp_path, capsys):
    (tmp_path / "_cast.yaml").write_text(CAST, encoding="utf-8")
    (tmp_path / "below").mkdir()
    write(tmp_path / "below", "title: t\nsteps:\n  - mail: {from: paul, text: formulaire}\n")
    assert main([tmp_path]) == 0
    assert "1 rehearsal, 0 failed" in capsys.readouterr().out


def test_a_cast_nobody_understands_is_refused_with_its_line(tmp_path, capsys):
    (tmp_path / "_cast.yaml").write_text("workflow: rma\npeeple: {}\n", encoding="utf-8")
    file = write(tmp_path, "title: t\nsteps: []\n")
    assert main([file]) == 78
    assert "_cast.yaml:2: peeple" in capsys.readouterr().out


def test_two_desks_in_one_rehearsal_see_nothing_of_each_other(tmp_path, rehearse):
    (tmp_path / "one.yaml").write_text(CAST, encoding="utf-8")
    other = CAST.replace("returns", "repairs").replace("paul", "lea").replace("durand", "noir")
    (tmp_path / "two.yaml").write_text(other, encoding="utf-8")
    (tmp_path / "played").mkdir()
    casts = "together: [../one.yaml, ../two.yaml]\n"
    (tmp_path / "played" / "_cast.yaml").write_text(casts, encoding="utf-8")
    file = write(
        tmp_path / "played",
        """\
        title: two desks
        given:
          tickets:
            A: {state: in_study, contact: lea, desk: repairs, organisation: Noir}
        steps:
          - mail: {from: lea, to: returns@other.example, text: statut}
            expect: {count: 1, verdict: held, says_not: [RMA-]}
          - mail: {from: lea, to: repairs@other.example, text: statut}
            expect: {says: [RMA-2026-000001]}
          - mail: {from: lea, reply: A, text: "Le lecteur bipe trois fois."}
            expect: {ticket: A, count: 1}
        """,
    )
    assert rehearse(read_script(file)) == ()


LISTED = """\
title: lists
given:
  tickets:
    A: {state: in_study}
    B: {state: submitted}
steps:
  - mail: {from: claire, subject: mes demandes, text: mes demandes}
    expect: {notices: {N_list: claire}, %s}
"""


@pytest.mark.parametrize(
    "right",
    [
        "csv: {N_list: [[RMA-2026-000001, LECT-400, En étude], [RMA-2026-000002]]}",
        "csv_rows: {N_list: 2}",
        "cc: {N_list: []}",
        'headers: {N_list: {Auto-Submitted: auto-replied, X-Nothing: ""}}',
    ],
)
def test_tables_copies_and_headers_of_a_message_can_be_expected(tmp_path, right, rehearse):
    assert rehearse(read_script(write(tmp_path, LISTED % right))) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        "csv: {N_list: [[RMA-2026-000002], [RMA-2026-000001]]}",
        "csv: {N_list: [[LECT-400, RMA-2026-000001]]}",
        "csv_rows: {N_list: 3}",
        "csv_rows: {N3: 0}",
        "cc: {N_list: [marc]}",
        'headers: {N_list: {Auto-Submitted: ""}}',
    ],
)
def test_a_wrong_table_copy_or_header_is_told(tmp_path, wrong, rehearse):
    (found,) = rehearse(read_script(write(tmp_path, LISTED % wrong)))
    assert found.what == wrong.partition(":")[0]


def test_tables_of_the_cast_and_of_the_script_are_in_the_book(tmp_path):
    (tmp_path / "_cast.yaml").write_text(
        CAST + "tables: {brands: [{name: Ajax}]}\nfiles: {shelves: codes.csv}\n", encoding="utf-8"
    )
    (tmp_path / "codes.csv").write_text("code;label\n1;Un\n", encoding="utf-8")
    file = write(tmp_path, "title: t\ngiven: {tables: {brands: [{name: Borg}]}}\nsteps: []\n")
    source = read_script(file)
    store = Store.open(f"sqlite:///{tmp_path}/tables.sqlite3")
    migrate(store)
    (scene,) = scenes_of(source)
    with store.write() as tx:
        put_tables(tx, scene, source.script.given.tables)
        book = StoredBook(tx, "returns")
        assert [row["name"] for row in book.rows("brands", {})] == ["Ajax", "Borg"]
        assert book.rows("shelves", {"code": "1"}) == ({"code": "1", "label": "Un"},)
    store.close()


ASKING = """
errands:
  ajax:
    claim: {label: {fr: Demande, en: Claim}, body: {Product: {Serial: $serial}}}
"""
CLAIMED = """
  - id: Z-1
    from: in_study
    hears: [{answer: claim, given: {result: ok}}]
    effects: [{set_flag: duplicate_serial}]
"""
PLAYED = """\
title: an organisation
workflow: mine.yaml
desk: {organisations: {ajax: {transport: http, answers: {%s}}}}
given:
  tickets:
    A: {state: submitted, fields: {return_kind: warranty}}
steps:
  - mail: {from: ana, reply: A, text: "#prendre"}
    expect: {asked: [claim], asks: {claim: {Product.Serial: SN123456}}, %s}
  - %s
    expect: {asked: [], fired: [%s], flags: [duplicate_serial]}
"""


def asking(rehearse, folder, *holes):
    own = (resources.files("handlers") / "workflows" / "rma.yaml").read_text(encoding="utf-8")
    copied = "effects: [{copy_field: {source: return_kind, target: kind_retained}}"
    assert copied in own
    asks = own.replace("\ntransitions:\n", f"{ASKING}\ntransitions:{CLAIMED}", 1)
    asks = asks.replace(copied, f"{copied}, {{ask: {{operation: claim, to: ajax}}}}", 1)
    (folder / "mine.yaml").write_text(asks, encoding="utf-8")
    return rehearse(read_script(write(folder, PLAYED % holes)))


def test_an_organisation_answers_at_once_what_the_cast_says(tmp_path, rehearse):
    waiting = "clock: +1d"
    found = asking(rehearse, tmp_path, "claim: {result: ok}", "fired: [F-T3, Z-1]", waiting, "")
    assert found == ()


def test_an_organisation_answers_when_a_step_says_so(tmp_path, rehearse):
    answer = "answer: {operation: claim, about: A, result: ok}"
    assert asking(rehearse, tmp_path, "", "fired: [F-T3], flags: []", answer, "Z-1") == ()


def test_an_organisation_that_cannot_be_reached_is_asked_again_in_time(tmp_path, rehearse):
    answer = "answer: {operation: claim, about: A}\n  - clock: +3m"
    found = asking(
        rehearse, tmp_path, "claim: {result: unreachable}", "fired: [F-T3]", answer, "Z-1"
    )
    assert found == ()


def test_what_was_not_asked_is_told(tmp_path, rehearse):
    (found,) = asking(
        rehearse, tmp_path, "", "fired: [F-T3], tickets: {A: {asked: [pay]}}", "clock: +1d", ""
    )
    assert (found.what, found.expected, found.got) == ("tickets A asked", ["pay"], ["claim"])


def test_tickets_opened_together_and_rows_of_tables_can_be_expected(tmp_path, rehearse):
    text = """\
    title: together
    given:
      tables: {brands: [{name: Ajax}]}
      tickets:
        A: {state: in_study, group: g1}
        B: {state: in_study, group: g1}
        C: {state: in_study}
    steps:
      - expect:
          group: [A, B]
          tickets: {C: {group: []}}
          rows: {brands: [{name: AJAX}]}
      - expect: {tickets: {B: {group: [A]}}}
      - expect: {rows: {brands: [{name: Borg}]}}
    """
    (found,) = rehearse(read_script(write(tmp_path, text)))
    assert (found.step, found.what) == (2, "tickets B group")
    (found,) = rehearse(read_script(write(tmp_path, text.replace("[A]", "[A, B]"))))
    assert (found.step, found.what) == (3, "rows")


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


BEING_WRITTEN = {"claims", "dossier", "complaints", "repair_bonus"}
"""Processes whose rehearsals do not cover them yet."""


NOT_BY_MAIL = {"W_scanned"}
"""What comes when a program beside ours answers again, not by mail or clock (tests/test_clamav.py)."""


def rehearsed():
    """Yield every shipped process that has rehearsals, with all that they say."""
    for folder in ROOT.iterdir():
        if folder.name in shipped_names() and folder.name not in BEING_WRITTEN:
            files = folder.glob("**/[!_]*.yaml")
            yield shipped(folder.name), "\n".join(one.read_text(encoding="utf-8") for one in files)


def test_every_transition_of_a_shipped_process_is_rehearsed():
    for workflow, told in rehearsed():
        rows = [row.id for row in workflow.transitions]
        assert [row for row in rows if not re.search(rf"fired: .*\b{row}\b", told)] == []


def test_every_timer_and_notice_of_a_shipped_process_is_rehearsed():
    for workflow, told in rehearsed():
        named = re.findall(r"[\w-]+", told)
        missing = {*workflow.timers, *workflow.notices} - set(named) - NOT_BY_MAIL
        assert sorted(missing) == []
