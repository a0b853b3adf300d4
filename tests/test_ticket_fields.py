"""Tickets are found by the numbers in their fields, as these stand now."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from handlers.book import Search
from storage import listing
from storage.book import StoredBook
from storage.digest_schema import BY_TIME
from storage.erase import erase
from storage.migrations import migrate
from storage.ticket_fields import is_telling

from .stores import (
    ANNE,
    SINCE_BUDGETS,
    a_ticket,
    an_article,
    changed,
    opened,
    store,
    store_url,
    write,
)

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


def test_a_person_named_on_the_ticket_of_another_goes_from_it(store):
    """A consumer on a technician's ticket: who she is and what was written goes, the claim stays (Q-7)."""
    fields = {"consumer_email": "Eva@home.example", "name": "Eva Roy", "claim_id": "C-1001"}
    ticket = a_ticket(fields=fields)
    write(store, opened(ticket, articles=(an_article("Nom : Eva Roy"),)))
    with store.write() as tx:
        counted = erase(tx, "eva@home.example", {ticket.workflow: frozenset({"name"})})
    with store.read() as tx:
        left = listing.export_ticket(tx, ticket.id)["ticket.json"].decode()
    assert counted["tickets"] == 1
    assert "Eva" not in left
    assert "C-1001" in left and ANNE in left
    assert find(store, consumer_email="Eva@home.example") == []
    assert find(store, claim_id="C-1001") == [ticket.id]


def test_tickets_of_an_older_database_are_found_too(store):
    write(store, opened(a_ticket(fields={"serial": "SN123456", "kind": "x"})))
    with store.write() as tx:
        for index in BY_TIME:
            index.drop(tx)
        tx.execute(text("DROP TABLE digest_round"))
        tx.execute(text("DROP TABLE outbox_notice"))
        for statement in SINCE_BUDGETS:
            tx.execute(text(statement))
        for column in ("held_by", "held_at", "left_seconds"):
            tx.execute(text(f"ALTER TABLE timer DROP COLUMN {column}"))
        tx.execute(text("DROP TABLE ticket_field"))
        tx.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    migrate(store)
    assert indexed(store) == ["SN123456"]
    assert find(store, serial="SN123456") == [1000]
