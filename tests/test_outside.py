"""Whom a letter goes to, and that a reply address opens its own talk and nothing else (R-4, R-8, R-17)."""

import pytest

from handlers.talks.outside_addresses import read_addresses
from handlers.ticket import Role
from handlers.token import digest_of, read_reply_address, reply_address

from .people import KEYS


@pytest.mark.parametrize(
    "line, below, addresses, words",
    [
        ("a@x.example, b@y.example", "Bonjour", ("a@x.example", "b@y.example"), "Bonjour"),
        ("a@x.example; b@y.example", "", ("a@x.example", "b@y.example"), ""),
        ("a@x.example,", "b@y.example\nBonjour", ("a@x.example", "b@y.example"), "Bonjour"),
        ("", "a@x.example\nb@y.example\n\nBonjour", ("a@x.example", "b@y.example"), "Bonjour"),
        ("Jean Vial <Jean@X.example>", "Bonjour", ("jean@x.example",), "Bonjour"),
        ("a@x.example, a@x.example", "", ("a@x.example",), ""),
        ("a@x.example", "Écrivez à b@y.example", ("a@x.example",), "Écrivez à b@y.example"),
    ],
)
def test_addresses_are_parted_by_comma_semicolon_and_line(line, below, addresses, words):
    read = read_addresses(line, below)
    assert (read.addresses, read.words, read.unreadable) == (addresses, words, ())


@pytest.mark.parametrize(
    "part",
    ["pas une adresse", "a@", "a@x", "mailer-daemon@x.example", "<a@x.example", "a b@x.example"],
)
def test_one_that_cannot_be_written_to_is_named(part):
    read = read_addresses(f"b@y.example, {part}", "Bonjour")
    assert read.unreadable == (part,)


def test_a_hostile_list_is_read_in_linear_time():
    assert len(read_addresses("a@x.example," * 20_000, "").addresses) == 1
    assert read_addresses("<" * 50_000, "").unreadable == ("<" * 50_000,)


def test_a_reply_address_bears_the_talk_and_cannot_be_turned_into_another():
    desk = "d@desk.example"
    outside = reply_address(KEYS, desk, 7000, Role.EXTERNAL, "a@x.example")
    token = read_reply_address(KEYS, desk, outside)
    assert token is not None
    assert (token.role, token.who) == (Role.EXTERNAL, digest_of("a@x.example"))
    assert read_reply_address(KEYS, desk, outside.replace(".x", ".i")) is None
    assert read_reply_address(KEYS, desk, outside.replace("t7000", "t8000")) is None
