"""The tables we ship as examples can be imported as they are."""

from datetime import date
from pathlib import Path

import pytest

from storage.book import StoredBook
from storage.tables import import_csv

from .stores import store, store_url

__all__ = ["store", "store_url"]

FOLDER = Path(__file__).parent.parent / "docs" / "examples" / "repair_bonus"


@pytest.mark.parametrize("table", ["bonus", "brands", "codes"])
def test_a_table_of_the_repair_bonus_is_imported_whole(store, table):
    data = (FOLDER / f"{table}.csv").read_bytes()
    with store.write() as tx:
        import_csv(tx, "bonus", table, f"{table}.csv", data)
    with store.read() as tx:
        rows = StoredBook(tx, "bonus").rows(table, {})
    assert len(rows) == len(data.decode().splitlines()) - 1


def test_the_amounts_hold_from_their_day_on(store):
    data = (FOLDER / "bonus.csv").read_bytes()
    with store.write() as tx:
        import_csv(tx, "bonus", "bonus", "bonus.csv", data)
    with store.read() as tx:
        book = StoredBook(tx, "bonus")
        asked = {"product": "Lave-Linge", "organisation": "ecosystem"}
        assert [r["amount"] for r in book.rows("bonus", asked, on=date(2026, 11, 2))] == ["50.00"]
        assert book.rows("bonus", asked, on=date(2023, 12, 31)) == ()
