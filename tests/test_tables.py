"""Tables are checked whole, told all at once, and written whole or not at all."""

from importlib import resources

import pytest

from handlers.errors import BadData, ConfigError
from handlers.process.table_rules import ColumnRule, TableRule, known_tables, rule_of
from handlers.tables.table_values import read_cell
from handlers.workflow_file import load
from storage import directory
from storage.book import StoredBook
from storage.erase import erase
from storage.tables import BadTable, check_table, import_csv, put_rows, write_table

from .stores import ANNE, DESK, NOW, store, store_url
from .workbooks import workbook

__all__ = ["store", "store_url"]

LINES = (
    "N° facture;Poste;Date facture;Client;Commande;BL;Réf. article;Désignation;Qté;Prix\n"
    "0034871205;100;03/11/2026;80538;7033154381;;3560096;Écran;2;1 234,50 €\n"
    "0034871205;200;03/11/2026;80538;;6059230086;;Frais de transport;1;12\n"
)


def bring(store, table, data, *, replace=False, rule=None, **options):
    octets = data.encode() if isinstance(data, str) else data
    chosen = rule or rule_of(table, {})
    with check_table(chosen, "file", octets, **options) as checked, store.write() as tx:
        done = write_table(tx, DESK, table, checked, now=NOW, replace=replace)
    return done.rows, done.added, done.changed, done.dropped


def rows(store, table, **equal):
    with store.read() as tx:
        return [dict(row) for row in StoredBook(tx, DESK).rows(table, equal)]


def told(data, rule=None, table="shelves", language="en", **options):
    octets = data.encode() if isinstance(data, str) else data
    with pytest.raises(BadTable) as caught:
        check_table(rule or rule_of(table, {}), "file", octets, **options)
    assert str(caught.value).startswith("file: ")
    assert caught.value.exit_code == 65
    return caught.value.check.told(language)


def test_invoice_lines_with_french_headings_are_found_by_any_number(store):
    """A line is found by invoice, order, delivery note and period (A-3)."""
    assert bring(store, "invoice_lines", LINES) == (2, 2, 0, 0)
    (first,) = rows(store, "invoice_lines", order="7033154381")
    assert first["date"] == "2026-11-03"
    assert first["price"] == "1234.50"
    assert first["quantity"] == "2"
    assert len(rows(store, "invoice_lines", invoice="34871205")) == 2
    assert rows(store, "invoice_lines", delivery_note="6059230086")[0]["position"] == "200"


def test_the_same_table_as_workbook_changes_nothing(store):
    bring(store, "invoice_lines", LINES)
    sheet = [line.split(";") for line in LINES.splitlines()]
    assert bring(store, "invoice_lines", workbook(sheet)) == (2, 0, 0, 0)


def test_every_mistake_is_told_with_its_line():
    wrong = (
        "invoice,position,date,account,price,quantity\n"
        "1,1,soon,A,x,1\n"
        ",1,2026-11-03,A,1,1\n"
        "1,1,2026-11-03,A,1,1\n"
        '001,01,2026-11-03,,"1,234",1\n'
        "0 1,1,2026-11-03,B,#REF!,1\n"
        "2,2,2026-11-03\n"
        f"{'x' * 200},1,2026-11-03,A,1,1\n"
    )
    assert told(wrong, table="invoice_lines") == [
        "line 2: date: 'soon' is no date (example: 2026-11-30)",
        "line 2: price: 'x' is no number (example: 1234.50)",
        "line 3: invoice is empty",
        "line 5: account is empty",
        "line 5: price: '1,234' can be read in two ways (write 1234 or 1.2340)",
        "line 6: price is #REF!",
        "line 7: not 6 columns as in the first line",
        "line 8: invoice is too long for a key",
    ]
    assert told("code\n1\n01\n") == ["line 3: 01 is on line 2 already"]
    assert told("code\n1\n01\n", language="fr") == ["ligne 3 : 01 est déjà ligne 2"]


def test_wrong_columns_are_told_before_the_rows():
    assert told("invoice,date,date\n", table="invoices") == [
        "column 'account' is missing",
        "column 'date' is given twice",
    ]
    assert told("address,name,fax\n", table="agents") == [
        "column 'fax' is not known (columns are address, name, level, language)"
    ]
    assert told("") == ["the file is empty: the first line names the columns"]
    assert told(b"PK\x03\x04") == [
        "the file is damaged or cannot be read (BadZipFile): save it anew, or as CSV"
    ]


def test_twenty_mistakes_are_shown_and_the_others_counted():
    shown = told("address\n" + "wrong\n" * 30, table="contacts")
    assert len(shown) == 21
    assert shown[-1] == "and 10 more"


@pytest.mark.parametrize(
    "kind, text, value",
    [
        ("date", "2026-11-03", "2026-11-03"),
        ("date", "2026-11-03 08:00:00", "2026-11-03"),
        ("date", "3.11.26", "2026-11-03"),
        ("date", "3 novembre 2026", "2026-11-03"),
        ("date", "31/02/2026", ""),
        ("date", "11/2026", ""),
        ("amount", "12", "12.00"),
        ("amount", "€ 1.234,5", "1234.50"),
        ("amount", "1,234.56", "1234.56"),
        ("amount", "1'234'567.00", "1234567.00"),
        ("amount", "1\u202f234,50 EUR", "1234.50"),
        ("amount", "-3,10", "-3.10"),
        ("amount", "3.10-", "-3.10"),
        ("amount", "0.125", "0.125"),
        ("amount", "1.234", ""),
        ("amount", "1.2340", "1.234"),
        ("amount", "1.234.567", "1234567.00"),
        ("amount", "twelve", ""),
        ("amount", "--1", ""),
        ("number", "10,00", "10"),
        ("number", "007", "7"),
        ("yes_no", "Oui", "yes"),
        ("yes_no", "nee", "no"),
        ("yes_no", "maybe", ""),
        ("language", "FR", "fr"),
        ("language", "french", ""),
        ("address", "a@b.example", "a@b.example"),
        ("address", "a b@c", ""),
        ("text", "#NAME?", ""),
        ("number", "1" * 3000, ""),
    ],
)
def test_values_are_read_by_the_type_of_their_column(kind, text, value):
    read, wrong = read_cell(text, ColumnRule(type=kind))
    assert (read, bool(wrong)) == (value, not value)


def test_a_choice_is_read_by_any_of_its_words():
    rule = ColumnRule(type="choice", choices={"agent": (), "supervisor": ("Responsable",)})
    assert read_cell("RESPONSABLE", rule) == ("supervisor", "")
    assert read_cell("boss", rule) == ("", "cell_choice")


def test_users_are_contacts_of_their_customer(store):
    """Users of a customer number are known with their registered address (R-8, R-17)."""
    data = f"e-mail,n° client,nom,gestionnaire\n{ANNE},80538,Anne,oui\nbob@c.example,80538,Bob,\n"
    assert bring(store, "users", data) == (2, 2, 0, 0)
    assert [row["address"] for row in rows(store, "users", account="80538")] == [
        ANNE,
        "bob@c.example",
    ]
    with store.read() as tx:
        anne = directory.find_contact(tx, DESK, ANNE)
    assert (anne.organisation, anne.scope_organisation, anne.name) == ("80538", True, "Anne")


def test_people_who_left_the_table_are_forgotten_unless_another_names_them(store):
    bring(store, "users", f"address,account\n{ANNE},1\nbob@c.example,1\n")
    bring(store, "contacts", "address\nbob@c.example\n")
    assert bring(store, "users", "address,account\nnew@c.example,1\n", replace=True) == (1, 1, 0, 2)
    with store.read() as tx:
        known = [one.address for one in directory.contacts(tx, DESK)]
    assert known == ["bob@c.example", "new@c.example"]
    bring(store, "domains", "domain,organisation\na.example,1\nb.example,1\n")
    bring(store, "domains", "domain,organisation\nb.example,2\n", replace=True)
    with store.read() as tx:
        assert rows(store, "domains") == [{"domain": "b.example", "organisation": "2"}]


def test_a_procedure_brings_its_file(store):
    """Procedures of manufacturers are kept with their PDF or text (A-44)."""
    files = {"doa.pdf": b"%PDF-1.4 ...", "how.txt": b"Appelez-nous.", "x.exe": b"MZ\0"}
    data = "manufacturer,title,file\nACME,DOA,doa.pdf\nACME,Panne,how.txt\nOther,None,\n"
    assert bring(store, "procedures", data, take_file=files.get) == (3, 3, 0, 0)
    doa, fault = rows(store, "procedures", manufacturer="acme")
    assert (doa["content_type"], fault["content_type"]) == ("application/pdf", "text/plain")
    with store.read() as tx:
        assert StoredBook(tx, DESK).file(doa["digest"]) == files["doa.pdf"]
        assert StoredBook(tx, "other").file(doa["digest"]) == b""
    wrong = "manufacturer,title,file\nA,1,gone.pdf\nA,2,x.exe\n"
    assert told(wrong, table="procedures", take_file=files.get) == [
        "line 2: file: there is no file 'gone.pdf'",
        "line 3: file: there is no file 'x.exe'",
    ]


def test_a_table_of_the_process_is_checked_as_it_says(store):
    own = {
        "spares": {
            "columns": {"spare": {}, "fits": {"required": True}},
            "keys": [["spare"], ["fits"]],
        }
    }
    rules = {name: TableRule.model_validate(one) for name, one in own.items()}
    assert told("spare\n1\n", rule_of("spares", rules)) == ["column 'fits' is missing"]
    bring(store, "spares", "spare,fits\n1,A\n2,A\n", rule=rule_of("spares", rules))
    assert [row["spare"] for row in rows(store, "spares", fits="a")] == ["1", "2"]


def test_every_known_table_can_be_imported_from_its_own_columns(store):
    for name, rule in known_tables().items():
        assert rule.keys[0][0] in rule.required, name
        head = ",".join(rule.columns)
        cells = ",".join(EXAMPLES[one.type] for one in rule.columns.values())
        assert bring(store, name, f"{head}\n{cells}\n") == (1, 1, 0, 0), name


EXAMPLES = {
    "text": "1",
    "date": "2026-11-03",
    "amount": "1",
    "number": "1",
    "yes_no": "no",
    "choice": "agent",
    "address": "a@b.example",
    "domain": "b.example",
    "language": "fr",
    "file": "",
}


def test_a_description_that_contradicts_itself_is_refused():
    with pytest.raises(ValueError, match="no column 'b'"):
        TableRule.model_validate({"columns": {"a": {}}, "keys": [["b"]]})
    text = (resources.files("handlers") / "workflows" / "rma.yaml").read_text("utf-8")
    with pytest.raises(ConfigError, match=r"tables\.spares"):
        load(f"{text}\ntables: {{spares: {{keys: [[b]]}}}}\n", "x.yaml")


def test_rows_of_a_rehearsal_need_no_key(store):
    with store.write() as tx:
        put_rows(tx, DESK, "limits", [{"code": "3"}, {"code": "03"}])
        put_rows(tx, DESK, "serials", [{"serial": "SN1"}])
    assert len(rows(store, "limits", code="3")) == 2
    assert len(rows(store, "serials", serial="sn1")) == 1


def test_a_file_that_is_refused_leaves_the_table_as_it_was(store):
    with store.write() as tx:
        import_csv(tx, DESK, "shelves", "file", b"code\n1\n")
        with pytest.raises(BadTable):
            import_csv(tx, DESK, "shelves", "file", b"code\n2\n2\n")
    assert rows(store, "shelves") == [{"code": "1"}]


def test_an_erased_person_is_in_no_table(store):
    bring(store, "users", f"address,account\n{ANNE.upper()},1\nbob@c.example,1\n")
    bring(store, "dossiers", f"dossier,account,status,address\nD1,1,open,{ANNE}\nD2,1,open,\n")
    with store.write() as tx:
        assert erase(tx, ANNE)["rows"] == 2
    assert [row["address"] for row in rows(store, "users", account="1")] == ["bob@c.example"]
    assert [row["dossier"] for row in rows(store, "dossiers")] == ["D2"]


def test_a_file_without_rows_empties_no_table(store):
    """An export that failed is a heading and nothing more."""
    bring(store, "users", f"address,account\n{ANNE},1\n")
    with pytest.raises(BadData, match="the file has no rows"):
        bring(store, "users", "address,account\n", replace=True)
    assert bring(store, "users", "address,account\n") == (0, 0, 0, 0)
    assert len(rows(store, "users", account="1")) == 1
