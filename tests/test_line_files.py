"""The rows of a file are lines of a mail, however the file was made (A-5, A-34)."""

import io
import time
from dataclasses import replace

import openpyxl
import pytest

from handlers.words.line_files import read_line_files
from handlers.workflow_file import shipped
from parsers.fields.blocks import blocks_of_rows
from parsers.files.opening import open_file, told_of
from parsers.mail import Attachment, FileKind

CLAIMS = shipped("claims")
HEAD = ("Facture", "Position", "Motif", "Quantité")
ROW = ("0034871205", "100", "Défectueux", "1")
LINE = {"invoice": "0034871205", "position": "100", "reason": "defective", "quantity": "1"}


def attached(data, name="liste.csv", kind=FileKind.TEXT, content_type="text/csv"):
    return Attachment(
        filename=name,
        content_type=content_type,
        declared_type=content_type,
        size=len(data),
        sha256=f"digest of {name}",
        data=data,
        kind=kind,
    )


def table(*rows, mark=";", encoding="utf-8"):
    return "\r\n".join(mark.join(row) for row in (*rows, ())).encode(encoding)


def workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    file = attached(out.getvalue(), "liste.xlsx", FileKind.OFFICE, "application/zip")
    return told_of(file, open_file(replace(file, tabular=True)))


def lines(file, words=""):
    return [
        dict(sheet.values)
        for one in read_line_files((file,), CLAIMS, words)
        for sheet in one.sheets
    ]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_separator_and_encoding_of_a_spreadsheet_is_read(mark, encoding):
    assert lines(attached(table(HEAD, ROW, mark=mark, encoding=encoding))) == [LINE]


@pytest.mark.parametrize(
    "head",
    [
        ("N° de facture", "Poste", "Type de litige", "Qté"),
        ("Invoice no.", "Pos.", "Claim type", "Qty"),
        ("Factuurnummer", "Positie", "Reden", "Aantal"),
        ("Rechnungs-Nr.", "Position", "Grund", "Menge"),
        ("Rechnungsnummer", "Rechnungsposition", "Reklamationsgrund", "Anzahl"),
        ("facture_no", "POSITION", "motif (obligatoire)", "QUANTITÉ CONCERNÉE"),
    ],
)
def test_columns_go_by_their_names_in_four_languages(head):
    """(A-5) In any order, case and punctuation."""
    assert lines(attached(table(head, ROW))) == [LINE]
    assert lines(attached(table(head[::-1], ROW[::-1]))) == [LINE]


def test_a_workbook_is_read_and_its_formulas_are_what_they_gave():
    """(A-34) Numbers without the point that a spreadsheet adds, a formula as the text it shows."""
    book = workbook(
        ["Réclamations de novembre"],
        [],
        list(HEAD),
        [34871205, 100.0, "DOA", 2],
        ["=1+1", 200, "DOA", 1],
    )
    assert lines(book) == [
        {"invoice": "34871205", "position": "100", "reason": "doa", "quantity": "2"},
        {"position": "200", "reason": "doa", "quantity": "1"},
    ]


def test_a_cell_is_text_and_the_zeros_of_a_number_are_kept():
    rows = (('="0034871205"', "100", "=cmd|' /C calc'!A0", "1"),)
    assert lines(attached(table(HEAD, *rows))) == [
        {"invoice": "0034871205", "position": "100", "quantity": "1"}
    ]


def test_rows_that_name_no_line_are_left_out():
    """Notes, gaps and totals."""
    rows = ((), ROW, ("", "", "", ""), ("", "", "voir avec Paul", ""), ("Total", "", "", "1"))
    assert lines(attached(table(HEAD, *rows))) == [LINE]


def test_what_the_words_say_once_they_say_of_every_row():
    """(A-26) A row's own value goes before it."""
    rows = (ROW[:2], ("0034871205", "200"))
    found = lines(
        attached(table(HEAD[:2], *rows)), "Ces produits sont défectueux.\nVotre réf : A-7"
    )
    assert [one["reason"] for one in found] == ["defective"] * 2
    assert {one["own_reference"] for one in found} == {"A-7"}
    assert lines(attached(table(HEAD, ROW)), "Motif : DOA") == [LINE]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe;;\n",
        table(("Nom", "Prix"), ("Vis", "3")),
        table(("Référence", "Quantité"), ("3560096", "1")),
        table(ROW),
        b'"Facture;Position;Motif\n' * 9,
        b"Facture;Position\n" + b'"' + b"x" * 200_000,
    ],
)
def test_any_other_table_is_a_file_among_others(data):
    """A price list has references and quantities too: without a reason it claims nothing."""
    assert lines(attached(data)) == []


def test_no_file_is_read_that_was_refused_or_that_the_process_does_not_ask_for():
    file = attached(table(HEAD, ROW))
    assert not lines(replace(file, refusal="infected"))
    assert not lines(replace(file, filename="liste.ini", content_type="text/plain"))
    assert not read_line_files((file,), shipped("rma"), "")


def test_no_more_rows_are_read_than_lines_may_be_opened():
    """(A-34) One more, so that it can be told."""
    assert len(lines(attached(table(HEAD, *[ROW] * 500)))) == CLAIMS.lines.most + 1
    endless = attached(table(HEAD, *[("", "", "", "x")] * 50_000, ROW))
    assert lines(endless) == []


def test_the_first_of_two_columns_of_one_name_counts():
    rows = (("Facture", "Position", "Facture"), ("12", "100", "13"))
    (block,) = blocks_of_rows(rows, frozenset({"facture", "position"}))
    assert block.fields == (("facture", "12"), ("position", "100"))


def test_a_table_of_endless_cells_costs_no_time():
    """What is left of it is not read: mails are decided one by one."""
    rows = ((*ROW[:2], "défectueux " * 10_000, "1") for _ in range(200))
    started = time.process_time()
    assert len(lines(attached(table(HEAD, *rows)))) == 1
    assert time.process_time() - started < 3
