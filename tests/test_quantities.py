"""What is left of a line is what nobody else took; text that is no number takes nothing."""

from dataclasses import replace

import pytest

from handlers.steps.conditions import amount_cmp
from handlers.steps.kept_number import kept_number
from handlers.steps.quantities import count_left
from handlers.steps.reckoning import sum_rows
from parsers.fields.counts import pieces_in

from .claims_turn import RowBook, claim
from .people import ticket

SAME = {"invoice": "34", "position": "100"}


def other(quantity, state="in_cart"):
    return replace(ticket(id=2), state=state, fields={**SAME, "quantity": quantity})


def left(turn):
    done = count_left(
        turn,
        whole="invoiced",
        part="quantity",
        same=["invoice", "position"],
        not_in=["refused"],
        into="left",
        others="claimed_keys",
    )
    return done.ticket.fields["left"], done.ticket.fields.get("claimed_keys", "")


def test_what_others_took_is_no_longer_left():
    assert left(claim(RowBook(other("2")), **SAME, invoiced="5"))[0] == "3"
    assert left(claim(RowBook(other("2", "refused")), **SAME, invoiced="5")) == ("5", "")


def test_never_less_than_nothing_is_left():
    assert left(claim(RowBook(other("9")), **SAME, invoiced="5"))[0] == "0"


@pytest.mark.parametrize("quantity", ["", "deux", "NaN", "Infinity", "-3", "1e999999"])
def test_what_is_no_number_of_pieces_takes_nothing(quantity):
    assert left(claim(RowBook(other(quantity)), **SAME, invoiced="5"))[0] == "5"


def test_a_line_that_is_not_known_has_nothing_left_and_no_twins():
    assert left(claim(RowBook(other("2")), invoice="34")) == ("0", "")


@pytest.mark.parametrize("text", ["", "x", "NaN", "sNaN", "-Infinity", "1e999999", "9" * 20])
def test_text_that_is_no_number_is_none(text):
    assert kept_number(text) is None
    assert amount_cmp(claim(quantity=text), name="quantity", op=">", to="5")


def test_numbers_are_numbers():
    assert [str(kept_number(one)) for one in ("0", "-1", "10.00")] == ["0", "-1", "10.00"]


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("2", "2"), ("02", "2"), ("0", "0"), ("deux pièces", "2"), ("2 cartons", "2"), ("3x", "3"),
        ("1,00", "1"), ("", ""), ("-1", ""), ("1,5", ""), ("2 ou 3", ""), ("2 cartons de 10", ""),
        ("NaN", ""), ("quelques", ""), ("9" * 30, ""),
    ],
)  # fmt: skip
def test_pieces_are_counted_in_figures_or_words(written, pieces):
    assert pieces_in(written) == pieces


def sums(book, **fields):
    turn = sum_rows(
        claim(book, order="1", **fields),
        table="order_lines",
        by={"order": "order"},
        among={"article": "article"},
        amount="amount",
        into="price",
    )
    return turn.ticket.fields.get("price", "")


def test_amounts_are_summed_over_what_is_named_and_only_when_all_can_be_read():
    lines = [
        {"order": "1", "article": "A", "amount": "8.90"},
        {"order": "1", "article": "B", "amount": "2"},
    ]
    assert sums(RowBook(order_lines=lines), article="a, B") == "10.90"
    assert sums(RowBook(order_lines=lines), article="B") == "2.00"
    assert sums(RowBook(order_lines=lines)) == ""
    assert sums(RowBook(order_lines=[{**lines[0], "amount": "NaN"}])) == ""
    assert sums(RowBook()) == ""
