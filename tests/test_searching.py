"""Tickets are found by words and by values as people write them, the same on either database (X-43)."""

import pytest

from handlers.book import Search
from storage.searching import find_tickets

from .stores import ANNE, DESK, a_ticket, opened, store, store_url, write

__all__ = ["store", "store_url"]


@pytest.fixture
def kept(store):
    said = 'Boîtier cassé, il dit "non"\nligne deux'
    for one in (
        a_ticket(1000, subject="Écran du hall", fields={"serial": "SN1", "description": said}),
        a_ticket(1001, subject="50% de moins", fields={"serial": "SN_2"}),
        a_ticket(1002, subject="x\\y", fields={"serial": "0SN 3"}, organisation="Dupont"),
    ):
        write(store, opened(one))
    return store


def found(store, **wanted):
    with store.read() as tx:
        return sorted(one.id for one in find_tickets(tx, DESK, Search(**wanted)))


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("écran", [1000]),
        ("ECRAN du", [1000]),
        ("boitier CASSÉ", [1000]),
        ('dit "non"', [1000]),
        ('non"\nligne', [1000]),
        ("50%", [1001]),
        ("%", [1001]),
        ("x\\y", [1002]),
        ("sn_", [1001]),
        ("serial", []),
        ("{", []),
        ("\0", []),
        ("\ud800", []),
    ],
)
def test_words_are_found_in_values_whatever_their_case_and_accents(kept, words, numbers):
    """Never in the names of fields, and no sign of them means anything to the database."""
    assert found(kept, text=words) == numbers


@pytest.mark.parametrize(
    ("alike", "numbers"),
    [
        ({"serial": {"sn3", "sn4"}}, [1002]),
        ({"organisation": {"dupont"}}, [1002]),
        ({"contact": {ANNE}, "serial": {"sn1"}}, [1000]),
        ({"serial": set()}, []),
        ({"no_such": {""}}, [1000, 1001, 1002]),
        ({"serial": {"\0"}}, []),
    ],
)
def test_values_are_alike_whatever_case_blanks_and_leading_zeros(kept, alike, numbers):
    assert found(kept, alike=alike) == numbers


def test_a_value_is_found_among_more_tickets_than_an_answer_has(kept):
    """The newest are not read first and compared afterwards."""
    assert found(kept, alike={"serial": {"sn1"}}, limit=1) == [1000]
