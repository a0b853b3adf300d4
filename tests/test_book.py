"""The reference book finds rows by any key of their table, on either database."""

from datetime import UTC, date, datetime

import pytest

from handlers.book import EmptyBook, Search, fits, value_key
from handlers.errors import BadData
from handlers.ticket import Participant, Role
from storage.book import StoredBook
from storage.book_layout import Layout
from storage.book_writing import load

from .stores import ANNE, DESK, NOW, a_ticket, opened, store, store_url, write

__all__ = ["store", "store_url"]

LINES = Layout(
    columns=("invoice", "position", "account", "date", "serial"),
    keys=(("invoice", "position"), ("account", "date"), ("serial",)),
)
ROWS = [
    ("0034871205", "100", "80538", "2026-11-03", "PF1 XYZ01"),
    ("0034871205", "20", "80538", "2026-11-03", ""),
    ("0034871206", "10", "80538", "2026-11-05", "PF1XYZ02"),
    ("0034871207", "10", "80539", "2026-11-05", ""),
]


def put(store, rows, layout=LINES, name="lines", desk=DESK, **options):
    with store.write() as tx:
        done = load(tx, desk, name, layout, rows, now=NOW, **options)
        return done.added, done.changed, done.dropped


def look(store, equal, name="lines", desk=DESK, **options):
    with store.read() as tx:
        return [tuple(r.values()) for r in StoredBook(tx, desk).rows(name, equal, **options)]


@pytest.mark.parametrize(
    "value, key",
    [("00 12 a", "12a"), ("000", "0"), ("", ""), (" \t", ""), ("Électro LUX", "electrolux")],
)
def test_values_are_compared_without_case_blanks_accents_and_leading_zeros(value, key):
    """Article references are compared without leading zeros (A-23)."""
    assert value_key(value) == key


@pytest.mark.parametrize(
    "equal, options, expected",
    [
        ({"invoice": "34871205"}, {}, [1, 0]),
        ({"invoice": "0034871205", "position": "0100"}, {}, [0]),
        ({"invoice": "0034871205", "position": "10"}, {}, []),
        ({"serial": "pf1xyz01"}, {}, [0]),
        ({"serial": "PF1XYZ"}, {}, []),
        ({"account": "80538"}, {"between": ("date", "2026-11-04", "2026-11-30")}, [2]),
        ({"account": "80538"}, {"between": ("date", "2026-11-03", "2026-11-05")}, [1, 0, 2]),
        ({}, {"between": ("date", "2026-11-05", "2026-11-05")}, [2, 3]),
        ({}, {}, [1, 0, 2, 3]),
        ({}, {"limit": 2}, [1, 0]),
        ({"date": "2026-11-05"}, {}, [2, 3]),
        ({"account": "80538", "serial": "PF1XYZ02"}, {}, [2]),
        ({"account": "80539", "serial": "PF1XYZ02"}, {}, []),
        ({"nothing": "x"}, {}, []),
    ],
)
def test_rows_are_found_by_their_values(store, equal, options, expected):
    """By whole keys, the beginning of a key, a span of the next column, and without any key."""
    put(store, ROWS)
    assert sorted(look(store, equal, **options)) == sorted(ROWS[n] for n in expected)


def test_rows_come_in_the_order_of_their_key_as_people_count(store):
    put(store, [("7", str(n), "", "", "") for n in (100, 20, 9)])
    assert [row[1] for row in look(store, {"invoice": "7"})] == ["9", "20", "100"]


def test_a_desk_sees_only_its_own_tables(store):
    put(store, ROWS)
    assert look(store, {"invoice": "34871205"}, desk="other") == []
    with store.read() as tx:
        assert StoredBook(tx, DESK).has("lines")
        assert not StoredBook(tx, "other").has("lines")
        assert not StoredBook(tx, DESK).has("serials")


def test_only_rows_that_are_valid_on_a_day_are_found(store):
    """The table of limits is imported and each row has its time (A-10)."""
    layout = Layout(
        columns=("code", "limit", "valid_from", "valid_until"), keys=(("code", "valid_from"),)
    )
    rows = [("03", "15", "", "2026-01-31"), ("03", "14", "2026-02-01", "")]
    put(store, rows, layout)
    for day, limit in (
        (date(2026, 1, 31), "15"),
        (date(2026, 2, 1), "14"),
        (date(2030, 1, 1), "14"),
    ):
        assert [row[1] for row in look(store, {"code": "3"}, on=day)] == [limit]
    assert len(look(store, {"code": "3"})) == 2


def test_the_same_rows_again_change_nothing(store):
    assert put(store, ROWS) == (4, 0, 0)
    assert put(store, ROWS) == (0, 0, 0)


def test_a_changed_row_is_found_by_its_new_values_alone(store):
    put(store, ROWS)
    assert put(store, [(*ROWS[0][:4], "NEW1")]) == (0, 1, 0)
    assert look(store, {"serial": "PF1XYZ01"}) == []
    assert look(store, {"serial": "NEW1"}) == [(*ROWS[0][:4], "NEW1")]


def test_rows_that_are_absent_stay_unless_they_are_replaced(store):
    put(store, ROWS)
    assert put(store, ROWS[:1]) == (0, 0, 0)
    assert put(store, ROWS[:1], replace=True) == (0, 0, 3)
    assert look(store, {}) == ROWS[:1]
    assert look(store, {"account": "80539"}) == []


def test_a_table_may_get_columns_and_other_keys(store):
    put(store, ROWS[:1])
    wider = Layout(
        columns=("position", "invoice", "order"), keys=(("invoice", "position"), ("order",))
    )
    assert put(store, [("20", "0034871205", "K1")], wider) == (1, 0, 0)
    assert look(store, {"order": "k1"}) == [("0034871205", "20", "", "", "", "K1")]
    assert look(store, {"serial": "PF1XYZ01"}) == [(*ROWS[0], "")]


def test_another_first_key_needs_the_whole_table(store):
    put(store, ROWS)
    other = Layout(columns=("serial",), keys=(("serial",),))
    with pytest.raises(BadData, match="kept by invoice and position"):
        put(store, [("S1",)], other)
    assert put(store, [("S1",)], other, replace=True) == (1, 0, 0)
    assert look(store, {"serial": "s1"}) == [("", "", "", "", "S1")]


def test_any_value_can_be_kept_and_asked_for(store):
    """A database refuses NUL, lone surrogates and long index rows; mails hold all of them."""
    odd = "a\0b\udc80" + "x" * 5000
    layout = Layout(columns=("code", "name"), keys=(("code",), ("name",)))
    put(store, [("1", odd), ("2", odd[:-1])], layout)
    assert [
        row[0]
        for row in look(store, {"name": odd.replace("\0", "\ufffd").replace("\udc80", "\ufffd")})
    ] == ["1"]
    assert look(store, {"code": odd}) == []


def test_many_rows_of_one_value_are_cut_at_the_limit(store):
    put(store, [(str(n), "1", "80538", "2026-11-03", "") for n in range(700)])
    assert len(look(store, {"account": "80538"})) == 500
    assert len(look(store, {"account": "80538"}, limit=3)) == 3


def test_tickets_are_found_by_what_is_known_of_them(store):
    other = Participant(address="Bob@client.example", role=Role.OBSERVER)
    old = datetime(2026, 1, 2, tzinfo=UTC)
    tickets = (
        a_ticket(1000, organisation="C-42", group="G", fields={"serial": "SN1", "invoice": "7"}),
        a_ticket(1001, contact="bob@client.example", participants=(other,), opened_at=old),
        a_ticket(1002, state="closed", closed_at=NOW, key="RMA-2026-000001", desk="other"),
        a_ticket(1003, state="closed", closed_at=NOW, key="RMA-2026-000001"),
    )
    for one in tickets:
        references = {one.id: (one.key, one.fields.get("serial", ""))}
        write(store, opened(one), references=references)
    wanted = {
        1: (Search(), [1003, 1000, 1001]),
        2: (Search(people=(ANNE.upper(),), organisation="none"), [1003, 1000]),
        3: (Search(people=("bob@client.example",)), [1001]),
        4: (Search(organisation="C-42"), [1000]),
        5: (Search(states=("closed",)), [1003]),
        6: (Search(open=True), [1000, 1001]),
        7: (Search(open=False, prefix="rma-2026"), [1003]),
        8: (Search(fields={"invoice": "7"}), [1000]),
        9: (Search(fields={"serial": "SN1", "invoice": "8"}), []),
        10: (Search(fields={"serial": "SN1"}), [1000]),
        11: (Search(since=NOW), [1003, 1000]),
        12: (Search(until=old), [1001]),
        13: (Search(group="G"), [1000]),
        14: (Search(limit=1), [1003]),
    }
    with store.read() as tx:
        book = StoredBook(tx, DESK)
        for number, (search, expected) in wanted.items():
            assert [one.id for one in book.tickets(search)] == expected, number


def test_a_row_fits_by_value_span_and_day():
    row = {"code": "03", "valid_from": "2026-02-01"}
    assert fits(row, {"code": "3"}, ("code", "1", "5"), date(2026, 2, 1))
    assert not fits(row, {"code": "3"}, ("code", "4", "5"), None)
    assert not fits(row, {}, None, date(2026, 1, 31))
    assert EmptyBook().rows("x", {}) == ()
