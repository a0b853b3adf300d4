"""Addresses: who is named, and never somebody who is not."""

import pytest

from parsers.address import read_address, read_addresses


def boxes(value):
    return [(box.address, box.name) for box in read_addresses(value)[0]]


@pytest.mark.parametrize(
    "value, expected",
    [
        ("a@b.example", [("a@b.example", "")]),
        ("Ana Duarte <Ana@B.Example>", [("Ana@b.example", "Ana Duarte")]),
        ('"Duarte, Ana" <a@b.example>', [("a@b.example", "Duarte, Ana")]),
        ("Duarte, Ana <a@b.example>", [("a@b.example", "Duarte, Ana")]),
        ("=?utf-8?Q?J=C3=A9r=C3=B4me?= <j@b.example>", [("j@b.example", "Jérôme")]),
        ("a@b.example (Ana)", [("a@b.example", "Ana")]),
        ("a@b.example <a@b.example>", [("a@b.example", "a@b.example")]),
        ("x <a@b.example>, y <c@d.example>", [("a@b.example", "x"), ("c@d.example", "y")]),
        ("team: a@b.example, c@d.example;", [("a@b.example", ""), ("c@d.example", "")]),
        ("undisclosed-recipients:;", []),
        ("<mailto:a@b.example>", [("a@b.example", "")]),
    ],
)
def test_lists_are_read(value, expected):
    assert boxes(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "alice@desk.example]<mallory@evil.example>",
        "alice@desk.example <mallory@evil.example>",
        "<alice@desk.example",
        "alice@desk.example\x00.evil.example",
        "=?utf-8?Q?alice=40desk.example=2C?=@evil.example",
        "<@route.example:alice@desk.example>",
        "<@>",
        "alice@@desk.example",
        "alice@desk..example",
        "a" * 250 + "@desk.example",
        "alice@-desk.example",
    ],
)
def test_what_is_not_surely_one_address_names_nobody(value):
    found, broken = read_addresses(value)
    assert found == ()
    assert broken == 1


def test_a_single_address_keeps_its_local_part_and_lowers_the_domain():
    assert read_address("Rma+K7.Tok@DESK.Example") == "Rma+K7.Tok@desk.example"
    assert read_address("a b@c.example") == ""
