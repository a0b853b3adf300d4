"""Addresses: who is named, and never somebody who is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.mime.address import read_address, read_addresses


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
        ("Ana <<a@b.example>>", [("a@b.example", "Ana")]),
        ("Ana <'a@b.example'>", [("a@b.example", "Ana")]),
        ("Ana <a @ b(shop) . example>", [("a@b.example", "Ana")]),
        ("Ana (a \\) sign) <a(b\\()@b.example>", [("a@b.example", "Ana")]),
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
        "<<alice@desk.example> <mallory@evil.example>>",
        "<alice@desk.example mallory@evil.example>",
        "alice@desk.example\x00.evil.example",
        "=?utf-8?Q?alice=40desk.example=2C?=@evil.example",
        "<@route.example:alice@desk.example>",
        "<@>",
        "alice@@desk.example",
        "alice@desk..example",
        "a" * 250 + "@desk.example",
        "alice@-desk.example",
        "alice@desk.example.",
        "alice@desk\u200b.example",
        "alice@desk\ufffd.example",
        "al\u202eice@desk.example",
        "alice @desk .example",
        "x" * 3_000 + " <alice@desk.example>",
        "(" * 30 + ")" * 30 + " <alice@desk.example>",
    ],
)
def test_what_is_not_surely_one_address_names_nobody(value):
    found, broken = read_addresses(value)
    assert found == ()
    assert broken == 1


def test_a_single_address_keeps_its_local_part_and_lowers_the_domain():
    assert read_address("Rma+K7.Tok@DESK.Example") == "Rma+K7.Tok@desk.example"
    assert read_address("a b@c.example") == ""


@pytest.mark.parametrize(
    "value, expected",
    [
        ("josé@exämple.example", "josé@exämple.example"),
        ("用户@例子.example", "用户@例子.example"),
        ("a@xn--exmple-cua.example", "a@xn--exmple-cua.example"),
        ('"a b"@c.example', '"a b"@c.example'),
    ],
)
def test_international_addresses_are_addresses(value, expected):
    assert [box.address for box in read_addresses(f"Name <{value}>")[0]] == [expected]


def test_a_name_that_turns_the_line_around_is_shown_straight():
    assert boxes("\u202eelpmaxe <a@b.example>") == [("a@b.example", "elpmaxe")]


@given(st.text(alphabet='ab@.<>(),;:"\\ \u202e=?', max_size=80))
def test_any_text_is_read(value):
    found, _ = read_addresses(value)
    assert all(box.address.count("@") for box in found)
