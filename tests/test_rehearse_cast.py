"""The cast of rehearsals: desks, people, tables and organisations that stand beside them in a file."""

from importlib import resources

import pytest

from daemon.rehearsal.rehearse import main
from daemon.rehearsal.scene import put_tables, scenes_of
from daemon.rehearsal.script import read_script
from storage.book import StoredBook
from storage.migrations import migrate
from storage.store import Store

from .rooms import rehearse, room, write

__all__ = ["rehearse", "room"]

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
    casts = "together: [usual, ../one.yaml, ../two.yaml]\n"
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
          - mail: {from: claire, to: rma@desk.example, text: "mes demandes toutes"}
            expect: {notices: {N_list: claire}, says_not: [RMA-]}
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
        "csv: {N_list: [[RMA-2026-000002], [RMA-2026-000001, LECT-400, En étude]]}",
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
        "csv: {N_list: [[RMA-2026-000001], [RMA-2026-000002]]}",
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


def test_tables_are_imported_in_a_step_and_sent_as_files(tmp_path, rehearse):
    (tmp_path / "more.csv").write_text("shelf;label\n1;Un\n", encoding="utf-8")
    file = write(
        tmp_path,
        """\
        title: imports
        steps:
          - mail: {from: hugo@leroy.example, text: "Bonjour, notre lecteur LECT-400 est en panne."}
            expect: {verdict: held, waiting: 1}
          - import:
              shelves: more.csv
              contacts: [{address: hugo@leroy.example, organisation: Leroy}]
            expect: {count: 1, waiting: 0, rows: {shelves: [{shelf: 1, label: Un}]}}
          - mail: {from: claire, text: "Voici la liste.", attach: [{table: {name: liste.csv, rows: ["a;b", "1;2"]}}]}
            expect: {count: 2, tickets: {B: {documents: [other]}}}
        """,
    )
    assert rehearse(read_script(file)) == ()


def test_what_the_desk_reads_of_a_ticket_can_be_expected(tmp_path, rehearse):
    text = """\
    title: reading
    given: {tickets: {A: {state: in_progress}}}
    steps:
      - mail: {from: claire, reply: A, text: "Le code de la porte est le 4512."}
        expect: {desk_reads: [porte est le 4512], desk_reads_not: [4711]}
      - expect: {desk_reads_not: [porte]}
    """
    (found,) = rehearse(read_script(write(tmp_path, text)))
    assert (found.step, found.what, found.expected) == (2, "desk_reads_not", "porte")


def test_a_cast_says_how_numbers_are_written(tmp_path, rehearse):
    cast = CAST.replace("ticket:\n", 'ticket:\n  key: "{number:012d}"\n')
    (tmp_path / "_cast.yaml").write_text(cast, encoding="utf-8")
    text = """\
    title: numbers
    given: {tickets: {A: {state: in_study}, B: {state: in_study}, C: {state: in_study, key: K-7}}}
    steps:
      - expect: {key: "000000000001", tickets: {B: {key: "000000000002"}, C: {key: K-7}}}
    """
    assert rehearse(read_script(write(tmp_path, text))) == ()
