"""Tickets are found by the numbers in their fields, as these stand now."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from handlers.book import Search
from storage.book import StoredBook
from storage.erase import erase
from storage.migrations import migrate
from storage.ticket_fields import is_telling

from .stores import ANNE, a_ticket, changed, opened, store, store_url, write

__all__ = ["store", "store_url"]


def find(store, **fields):
    with store.read() as tx:
        return [one.id for one in StoredBook(tx, "rma").tickets(Search(fields=fields))]


def indexed(store):
    with store.read() as tx:
        return tx.execute(text("SELECT value FROM ticket_field ORDER BY value")).scalars().all()


@pytest.mark.parametrize(
    "value, telling",
    [
        ("0034871205", True),
        ("SN12", True),
        ("anne@client.example", True),
        ("100", False),
        ("repair", False),
        ("2026-11-03", False),
        ("1" * 61, False),
    ],
)
def test_a_value_that_tells_one_thing_from_others_is_indexed(value, telling):
    assert is_telling(value) is telling


def test_a_ticket_is_found_by_what_its_fields_say_now(store):
    ticket = a_ticket(fields={"invoice": "0034871205", "position": "100", "kind": "repair"})
    write(store, opened(ticket))
    assert indexed(store) == ["0034871205"]
    assert find(store, invoice="0034871205", position="100") == [1000]
    assert find(store, invoice="0034871205", position="200") == []
    assert find(store, kind="repair") == [1000]
    write(store, changed(replace(ticket, fields={"invoice": "0034871206"})))
    assert find(store, invoice="0034871205") == []
    assert find(store, invoice="0034871206") == [1000]


def test_an_erased_ticket_is_not_found_by_its_numbers(store):
    write(store, opened(a_ticket(fields={"serial": "SN123456"})))
    with store.write() as tx:
        erase(tx, ANNE)
    assert indexed(store) == []


def test_tickets_of_an_older_database_are_found_too(store):
    write(store, opened(a_ticket(fields={"serial": "SN123456", "kind": "x"})))
    with store.write() as tx:
        tx.execute(text("DROP TABLE ticket_field"))
        tx.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    migrate(store)
    assert indexed(store) == ["SN123456"]
    assert find(store, serial="SN123456") == [1000]
