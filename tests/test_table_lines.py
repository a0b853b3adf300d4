"""Tables come as CSV of any spreadsheet or as workbooks, and nothing in them is followed."""

from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.files.table_line import Line, Unread
from parsers.files.table_lines import as_csv, lines_of

from .workbooks import as_excel, claiming, with_parts, workbook

DAY = datetime.fromisoformat("2026-11-03")  # workbooks know no time zones
SHARED = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
ROWS = [["code", "name"], ["1", "Été"], ["2", ""]]
SOUND = workbook(ROWS)
EXPECTED = [("code", "name"), ("1", "Été"), ("2", "")]


def cells(data):
    return [line.cells for line in lines_of(data)]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_however_a_spreadsheet_writes_it(mark, encoding):
    text = "".join(f"{mark.join(row)}\r\n" for row in ROWS)
    assert cells(text.encode(encoding)) == EXPECTED


def test_a_line_is_known_by_its_number_in_the_file():
    data = b'a,b\n\n1," x\ny "\n,\n2,z\n'
    assert [(line.number, line.cells) for line in lines_of(data)] == [
        (1, ("a", "b")),
        (4, ("1", "x\ny")),
        (6, ("2", "z")),
    ]


def test_a_line_for_the_spreadsheet_is_no_row():
    data = b"sep=;\r\na,b;c\r\n1;2\r\n"
    assert [(one.number, one.cells) for one in lines_of(data)] == [
        (2, ("a,b", "c")),
        (3, ("1", "2")),
    ]


@given(data=st.binary(max_size=400))
def test_no_file_stops_the_reader(data):
    for one in lines_of(data):
        assert isinstance(one, Line | Unread)


@settings(max_examples=60)
@given(place=st.integers(0, 10_000), octets=st.binary(min_size=1, max_size=8))
def test_no_damaged_workbook_stops_the_reader(place, octets):
    at = place % len(SOUND)
    for one in lines_of(SOUND[:at] + octets + SOUND[at + len(octets) :]):
        assert isinstance(one, Line | Unread)


def test_the_first_sheet_of_a_workbook_is_read():
    assert cells(workbook(ROWS, second="more")) == EXPECTED


@pytest.mark.parametrize(
    "value, text",
    [
        (34871205, "34871205"),
        (412.8, "412.8"),
        (1.125, "1.1250"),
        (1e15, "1000000000000000"),
        (0.1 + 0.2, "0.3"),
        (True, "yes"),
        (None, ""),
        (" x ", "x"),
        (DAY, "2026-11-03"),
        (date(2026, 11, 3), "2026-11-03"),
        (DAY.replace(hour=8, minute=5), "2026-11-03 08:05:00"),
        (time(8, 5), "08:05:00"),
    ],
)
def test_a_value_of_a_workbook_is_what_people_would_have_typed(value, text):
    assert cells(workbook([["a", "b"], [value, "end"]]))[1] == (text, "end")


def test_a_formula_is_its_last_value_and_never_computed():
    formula = workbook([["a"], ["=1+1"]])
    assert cells(formula) == [("a",)]


EXCEL_STRINGS = """<si><t>facture</t></si><si><r><t>date </t></r><r><rPr><b/></rPr><t>facture</t></r></si>
<si><t>client</t></si><si><t>0034871205</t></si><si><t xml:space="preserve"> 80538 </t></si>"""
EXCEL_ROWS = """<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>
<row r="3"><c r="A3" t="s"><v>3</v></c><c r="B3" s="1"><v>46329</v></c><c r="C3" t="s"><v>4</v></c></row>
<row r="4"><c r="A4"><f>A3+1</f><v>34871206</v></c><c r="C4" t="str"><f>A3</f><v>80539</v></c></row>
<row r="5"><c r="A5" t="e"><v>#REF!</v></c><c r="B5" t="b"><v>1</v></c></row>"""


def test_a_workbook_of_excel_is_read_as_people_see_it():
    """Texts are shared, days are numbers with a style, formulas have the values they last had."""
    found = [(one.number, one.cells) for one in lines_of(as_excel(EXCEL_ROWS, EXCEL_STRINGS))]
    assert found == [
        (1, ("facture", "date facture", "client")),
        (3, ("0034871205", "2026-11-03", "80538")),
        (4, ("34871206", "", "80539")),
        (5, ("#REF!", "yes", "")),
    ]


def test_a_text_that_is_not_there_breaks_the_workbook_at_its_line():
    rows = EXCEL_ROWS.replace("<v>4</v>", "<v>9</v>")
    *_, last = lines_of(as_excel(rows, EXCEL_STRINGS))
    assert last == Unread(code="broken", after=1, told="IndexError")


def test_a_workbook_may_lie_about_its_size():
    lying = workbook([["a", "b"], ["1", "2"]])
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>"""
    assert cells(with_parts(lying, {SHEET: sheet})) == [("1",)]


@pytest.mark.parametrize(
    "data, code",
    [
        (b"PK\x03\x04 and no more", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "encrypted"),
        (with_parts(workbook(ROWS), {"xl/vbaProject.bin": b"x"}), "macro"),
        (with_parts(workbook(ROWS), {SHEET: b"<!DOCTYPE x><x/>"}), "broken"),
        (with_parts(workbook(ROWS), {SHEET: "<!doctype x><x/>".encode("utf-16")}), "broken"),
        (with_parts(workbook(ROWS), {SHEET: b"<worksheet"}), "broken"),
        (claiming(with_parts(workbook(ROWS), {SHARED: b" "}), SHARED, 1 << 29), "too_heavy"),
        (claiming(workbook(ROWS), SHEET, (1 << 30) + 1), "too_heavy"),
        (claiming(workbook(ROWS), "xl/styles.xml", 1 << 27), "too_heavy"),
        (b",".join([b"a"] * 201), "too_many_columns"),
        (workbook([["a"] * 201]), "too_many_columns"),
    ],
    ids=[
        "torn",
        "old",
        "macro",
        "dtd",
        "dtd16",
        "xml",
        "bomb",
        "big",
        "styles",
        "wide",
        "wide_workbook",
    ],
)
def test_what_is_no_sound_table_is_refused_with_its_reason(data, code):
    *_, last = lines_of(data)
    assert isinstance(last, Unread)
    assert last.code == code


def test_a_workbook_becomes_csv_of_limited_length():
    data = workbook([["a", "b"], ["x, y", 'say "z"']])
    text = as_csv(data, 1000)
    assert cells(text.encode()) == [("a", "b"), ("x, y", 'say "z"')]
    assert as_csv(data, 3) == ""
    assert as_csv(b"PK\x03\x04", 1000) == ""


def test_nothing_in_gives_nothing_out():
    assert list(lines_of(b"")) == []
    assert list(lines_of(b"\n\r\n")) == []
    assert list(lines_of(b"a\n")) == [Line(number=1, cells=("a",))]
