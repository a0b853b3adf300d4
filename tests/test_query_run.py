"""What an answer to a question holds: what the asker may see, all of it in the file, no formula (X-43)."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.book import EmptyBook, fits
from handlers.process.query_rule import QueryRule
from handlers.queries.query import Query
from handlers.queries.query_cells import style_of
from handlers.queries.query_run import Archive, Asker, run
from handlers.queries.query_words import read_question
from handlers.workflow_file import shipped
from templates.table import write_csv

from .notice_desk import DESK

TODAY = date(2026, 11, 22)
CLAIMS = shipped("claims")


class Shelf(EmptyBook):
    """A book of rows held in memory."""

    def __init__(self, **tables):
        self.tables = tables

    def rows(self, table, equal, *, between=None, on=None, limit=500):
        found = (r for r in self.tables.get(table, ()) if fits(r, equal, between, on))
        return tuple(found)[:limit]

    def file(self, digest):
        return {"d1": b"%PDF-1", "d2": b"x" * 99}.get(digest, b"")


def line(number, account="80538", **more):
    return {
        "invoice": "0034871205",
        "position": str(number),
        "date": "2026-11-02",
        "account": account,
        **more,
    }


def answer(text, book, asker, desk=DESK):
    query = read_question(text, CLAIMS, "fr", TODAY)
    archive = Archive(book=book, desk=desk, style=style_of(CLAIMS, desk, "fr"), today=TODAY)
    return run(query, asker, archive)


OURS = Asker(address="claire@dupont.example", organisation="80538")
NOBODYS = Asker(address="claire@dupont.example")


@pytest.mark.proves("A-51")
def test_rows_of_another_organisation_are_not_there():
    """A-51: and somebody without an organisation has none at all."""
    book = Shelf(invoice_lines=[line(100), line(200, account="90001"), line(300, account="")])
    assert len(answer("facture 34871205", book, OURS).rows) == 1
    assert answer("facture 34871205", book, NOBODYS).rows == ()
    assert len(answer("facture 34871205", book, replace(NOBODYS, agent=True)).rows) == 3


def test_a_filter_cannot_widen_what_the_asker_may_see():
    book = Shelf(invoice_lines=[line(100, account="90001")])
    assert answer("factures compte 90001", book, OURS).rows == ()


def test_a_serial_number_leads_to_its_line_and_only_on_the_own_account():
    serials = [{"serial": "SN1", "invoice": "0034871205", "position": "100"}]
    book = Shelf(invoice_lines=[line(100), line(200)], serials=serials)
    assert [row[4] for row in answer("série SN1", book, OURS).rows] == ["100"]
    other = Shelf(invoice_lines=[line(100, account="90001")], serials=serials)
    assert answer("série SN1", other, OURS).rows == ()


def test_more_rows_than_an_answer_may_have_are_cut_and_said():
    book = Shelf(invoice_lines=[line(n) for n in range(10_500)])
    found = answer("factures", book, OURS)
    assert (len(found.rows), found.cut) == (10_000, True)


@pytest.mark.proves("A-44")
def test_files_come_once_and_only_as_many_as_a_message_may_carry():
    """A-44: the procedure of the manufacturer that was named, not everybody's."""
    rows = [
        {"manufacturer": "LENOVO", "title": "Garantie", "file": "g.pdf", "digest": "d1"},
        {"manufacturer": "LENOVO", "title": "Garantie bis", "file": "g.pdf", "digest": "d1"},
        {"manufacturer": "LENOVO", "title": "Guide", "file": "guide.pdf", "digest": "d2"},
        {"manufacturer": "LENOVO", "title": "Perdu", "file": "perdu.pdf", "digest": "d3"},
    ]
    book = Shelf(procedures=rows)
    assert [f.name for f in answer("procédure lenovo", book, OURS).files] == ["g.pdf", "guide.pdf"]
    small = replace(DESK, files=replace(DESK.files, message_size=50))
    assert [f.name for f in answer("procédure LENOVO", book, OURS, small).files] == ["g.pdf"]
    assert answer("procédures", book, OURS).files == ()


def test_days_and_amounts_are_written_in_the_language_of_the_answer():
    row = line(100, quantity="1.5")
    rule = QueryRule(label={}, table="invoice_lines", columns={"date": {}, "quantity": {}})
    written = {}
    for language in ("fr", "en", "de"):
        style = style_of(CLAIMS, DESK, language)
        archive = Archive(book=Shelf(invoice_lines=[row]), desk=DESK, style=style, today=TODAY)
        written[language] = run(Query(name="x", rule=rule), OURS, archive).rows[0]
    assert written == {
        "fr": ("02/11/2026", "1,5"),
        "en": ("02/11/2026", "1.5"),
        "de": ("02.11.2026", "1,5"),
    }


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n=", "\u00a0="])
def test_no_cell_of_a_file_is_run_by_a_spreadsheet(start):
    data = write_csv([[f"{start}1+1"]], comma=",").decode("utf-8-sig")
    assert data.lstrip('"').startswith("'")
