"""Reply addresses and Message-IDs route only when we signed them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import token
from handlers.ticket import Role
from handlers.token import KeyRing

from .people import CLAIRE, DESK, KEYS


def _address(role: Role = Role.CONTACT) -> str:
    return token.reply_address(KEYS, DESK, 412000, role, CLAIRE)


def _message_id(ticket_id: int, cause: str) -> str:
    return token.message_id(
        KEYS, DESK, ticket_id, cause=cause, notice="N1", role=Role.CONTACT, to=CLAIRE
    )


def test_a_reply_address_comes_back_as_ticket_role_and_recipient():
    read = token.read_reply_address(KEYS, DESK, _address())
    assert read == token.Token(
        ticket_id=412000, role=Role.CONTACT, who=token.digest_of("Claire@Dupont.example")
    )


def test_a_reply_address_survives_folding_to_upper_case():
    assert token.read_reply_address(KEYS, DESK, _address().upper()) is not None


def test_the_local_part_fits_into_64_octets():
    assert len(_address().partition("@")[0]) <= 64


@pytest.mark.parametrize("index", range(4, 54))
def test_one_changed_character_is_refused(index: int):
    address = _address()
    other = "a" if address[index] != "a" else "b"
    assert (
        token.read_reply_address(KEYS, DESK, address[:index] + other + address[index + 1 :]) is None
    )


def test_a_customer_token_never_verifies_as_an_agents():
    forged = _address().replace(".c", ".a", 1)
    assert token.read_reply_address(KEYS, DESK, forged) is None


def test_a_token_of_one_desk_means_nothing_to_another():
    moved = _address().replace("rma+", "claims+")
    assert token.read_reply_address(KEYS, "claims@desk.example", moved) is None


def test_an_old_key_still_verifies_and_an_unknown_one_does_not():
    old = KeyRing(current="k0", keys=KEYS.keys)
    address = token.reply_address(old, DESK, 1, Role.CONTACT, CLAIRE)
    assert token.read_reply_address(KEYS, DESK, address) is not None
    only_new = KeyRing(current="k1", keys={"k1": KEYS.keys["k1"]})
    assert token.read_reply_address(only_new, DESK, address) is None


def test_a_message_id_is_stable_and_comes_back():
    made = _message_id(412000, "m412")
    assert made == _message_id(412000, "m412")
    read = token.read_message_id(KEYS, DESK, made)
    assert read is not None
    assert (read.ticket_id, read.role) == (412000, Role.CONTACT)
    assert token.read_message_id(KEYS, DESK, made.replace("m412", "m413")) is None


def test_the_reverse_path_names_the_message():
    made = _message_id(1, "m1")
    path = token.reverse_path(KEYS, DESK, made)
    assert token.read_reverse_path(DESK, path) == token.bounce_key(made)


@given(st.text(max_size=120))
def test_any_text_is_read_without_an_accident(text: str):
    assert token.read_reply_address(KEYS, DESK, text) is None
    assert token.read_message_id(KEYS, DESK, text) is None
    assert token.read_reverse_path(DESK, text) == ""
