"""A supervisor's mail imports a table; a workbook is read behind the walls like any foreign file."""

from dataclasses import replace

import pytest

from daemon.imports.importing import carry_out
from daemon.readers.reading import Costs, Reading, is_sound
from daemon.readers.workers import Workers
from handlers.decide import decide
from handlers.desk import Agent, Level
from handlers.incoming import Incoming
from handlers.understanding import Understanding
from handlers.workflow_file import shipped
from parsers.files.opening import MOST_TABLE, open_file
from parsers.mail import Attachment, FileKind
from storage.book import StoredBook

from .people import DESK, KEYS, NOW, RMA, desk, envelope, facts, mail
from .stores import store, store_url
from .workbooks import workbook

__all__ = ["store", "store_url"]

EVA = "eva@desk.example"
ROWS = [["facture", "date", "client"], ["34871205", "2026-11-03", "80538"]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file(data, name="f.csv", kind=FileKind.TEXT, **changes):
    plain = Attachment(
        filename=name,
        content_type=XLSX if kind is FileKind.OFFICE else "text/csv",
        declared_type="",
        size=len(data),
        sha256="0" * 64,
        data=data,
        kind=kind,
    )
    return replace(plain, **changes)


def csv_of(rows):
    return "".join(f"{';'.join(row)}\n" for row in rows).encode()


def decided(*files, text="#import invoices", level=Level.SUPERVISOR, language="en"):
    eva = Agent(address=EVA, name="Eva", level=level, language=language, pin="4711")
    written = mail(f"#pin 4711\n{text}", sender=EVA, attachments=files)
    incoming = Incoming(journal_id=7, mail=written, envelope=envelope(reverse_path=EVA))
    return decide(
        incoming,
        facts(),
        desk=desk(agents=(eva,), authserv_id="", border_host=""),
        workflow=RMA,
        keys=KEYS,
        now=NOW,
    )


def told(store, decision):
    with store.write() as tx:
        (order,) = decision.tables
        notice = carry_out(tx, "rma", order, NOW)
    return notice.template, notice.values.get("done") or notice.values.get("errors")


def test_a_table_that_came_by_mail_is_there_with_the_answer(store):
    decision = decided(file(csv_of(ROWS)))
    assert decision.reason == "import"
    assert decision.notices == ()
    assert told(store, decision) == ("W_done", ["invoices: 1 rows read, 1 new, 0 changed"])
    assert told(store, decision) == ("W_done", ["invoices: 1 rows read, 0 new, 0 changed"])
    with store.read() as tx:
        assert (
            StoredBook(tx, "rma").rows("invoices", {"invoice": "34871205"})[0]["account"] == "80538"
        )


def test_mistakes_are_answered_and_nothing_is_written(store):
    wrong = decided(file(csv_of([*ROWS, ["x", "soon", ""]])))
    assert told(store, wrong) == (
        "W_command_error",
        [
            "f.csv: nothing was imported",
            "line 3: date: 'soon' is no date (example: 2026-11-30)",
            "line 3: account is empty",
        ],
    )
    with store.read() as tx:
        assert not StoredBook(tx, "rma").has("invoices")


def test_a_procedure_comes_with_its_pdf(store):
    """Procedures of manufacturers come with their files (A-44)."""
    table = file(b"manufacturer;title;file\nACME;DOA;doa.pdf\n", "p.csv")
    paper = file(b"%PDF-1.4", "doa.pdf", FileKind.PDF)
    decision = decided(paper, table, text="#import procedures")
    assert told(store, decision)[0] == "W_done"
    with store.read() as tx:
        book = StoredBook(tx, "rma")
        (row,) = book.rows("procedures", {"manufacturer": "acme"})
        assert book.file(row["digest"]) == b"%PDF-1.4"


@pytest.mark.parametrize(
    "files, changes, words",
    [
        ([], {}, "Attach one CSV or XLSX"),
        ([file(b"a"), file(b"b", "g.csv")], {}, "Attach one CSV or XLSX"),
        ([file(b"a")], {"level": Level.AGENT}, "Only a supervisor"),
        ([file(b"a")], {"text": "#import invoises"}, "There is no table “invoises”"),
        ([file(b"a")], {"text": "#import invoices\n#admit a@b.example"}, "stands alone"),
        ([file(b"a")], {"text": "#import invoices\n#nonsense"}, "does not exist"),
        ([file(b"PK", "f.xlsx", FileKind.OFFICE)], {}, "save the sheet as CSV"),
        ([file(b"a", refusal="infected")], {}, "could not be read"),
    ],
)
def test_what_cannot_be_imported_is_said(files, changes, words):
    decision = decided(*files, **changes)
    assert decision.tables == ()
    (notice,) = decision.notices
    assert notice.template == "W_command_error"
    assert any(words in one for one in notice.values["errors"])


def test_the_order_may_be_given_in_any_language():
    for words in (
        "#import factures",
        "#importeren facturen vervangen",
        "#importieren Rechnungen ersetzen",
    ):
        (order,) = decided(file(b"a"), text=words).tables
        assert (order.table, order.replace) == ("invoices", len(words.split()) == 3)


def test_a_workbook_is_read_behind_the_walls_as_it_is_here():
    data = workbook([*ROWS, ["x", 1.5, True]])
    one = file(data, "f.xlsx", FileKind.OFFICE, tabular=True)
    readers = Workers(open_file, 1, life=1, threads=True, name="files")
    found = readers.read(one).result(60)
    readers.close()
    assert found == open_file(one)
    assert is_sound(found)
    assert found.table.splitlines()[-1] == "x,1.5,yes"


def test_a_workbook_of_a_customer_is_not_read_as_a_table():
    data = workbook(ROWS)
    assert open_file(file(data, "f.xlsx", FileKind.OFFICE)).table == ""
    large = workbook([["x" * 30_000]] * (MOST_TABLE // 30_000 + 2))
    assert open_file(file(large, "f.xlsx", FileKind.OFFICE, tabular=True)).table == ""


@pytest.mark.parametrize(
    "workflow, text, expected",
    [
        ("rma", "#import invoices", True),
        ("rma", "Voici la liste", False),
        ("claims", "Voici la liste", True),
    ],
)
def test_workbooks_are_read_with_a_command_or_where_they_list_lines(workflow, text, expected):
    """(A-34, X-42) A workbook is read as a table only where somebody asks for its rows."""
    letter = (
        f"From: {EVA}\r\nTo: {DESK}\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\n\r\n{text}\r\n"
        f'--b\r\nContent-Type: {XLSX}\r\nContent-Disposition: attachment; filename="f.xlsx"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode()
    import base64

    data = letter + base64.encodebytes(workbook(ROWS)) + b"\r\n--b--\r\n"
    known = Understanding(workflows={workflow: shipped(workflow)})
    with Reading(known, Costs(workers=1)) as reading:
        (attached,) = reading.read(data, workflow).result(60).mail.attachments
    assert bool(attached.table) is expected
    assert not attached.refusal
