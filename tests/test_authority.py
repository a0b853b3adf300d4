"""Who is believed, and how far (X-3, X-5, X-41, RFC 8601)."""

from __future__ import annotations

import pytest

from handlers.desk import Agent, Contact, Level
from handlers.people.authority import (
    authenticated,
    is_agent,
    level_of,
    organisation_of,
    why_unproven,
)
from handlers.ticket import Participant, Role
from parsers.mail import AuthenticationResult, Received

from .people import CLAIRE, desk, facts, mail, ticket

ANA = "ana@desk.example"
OURS = Received(by="mx.desk.example")
THEIRS = Received(by="relay.elsewhere.example")


def _said(
    dmarc: str = "pass", *, hop: int = 0, by: str = "mx.desk.example", domain: str = "desk.example"
):
    return AuthenticationResult(authserv_id=by, hop=hop, dmarc=dmarc, from_domain=domain)


def _from_ana(*results: AuthenticationResult, received=(OURS, THEIRS), **changes):
    return mail(sender=ANA, authentication=results, received=received, **changes)


def test_our_border_vouches_above_its_own_received_line():
    assert authenticated(_from_ana(_said()), desk()) is True


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(_from_ana(), None, id="nothing said"),
        pytest.param(_from_ana(_said("fail")), False, id="fail"),
        pytest.param(_from_ana(_said("none")), None, id="none is no pass"),
        pytest.param(_from_ana(_said("bestguesspass")), None, id="a guess is no pass"),
        pytest.param(_from_ana(_said(hop=1)), None, id="written below our line"),
        pytest.param(_from_ana(_said(by="mx.evil.example")), None, id="another authserv-id"),
        pytest.param(_from_ana(_said(by="mx.desk.example.evil.example")), None, id="longer id"),
        pytest.param(_from_ana(_said(), _said("fail")), None, id="two that disagree"),
        pytest.param(_from_ana(_said(domain="evil.example")), None, id="another domain"),
        pytest.param(_from_ana(_said(), sender_count=2), None, id="two senders"),
        pytest.param(_from_ana(_said(), received=(THEIRS,)), None, id="our border is not there"),
    ],
)
def test_anything_else_vouches_for_nobody(given, expected):
    assert authenticated(given, desk()) is expected


def test_without_configuration_nobody_is_vouched_for():
    assert authenticated(_from_ana(_said()), desk(authserv_id="")) is None


def test_an_agent_is_the_address_and_the_proof():
    assert is_agent(_from_ana(_said()), desk(), "")
    assert not is_agent(_from_ana(), desk(), "")
    assert not is_agent(mail(sender=CLAIRE), desk(), "")


def test_a_pin_replaces_missing_proof_but_never_a_failed_one():
    with_pin = desk(agents=(Agent(address=ANA, name="Ana", pin="4711"),))
    assert is_agent(_from_ana(), with_pin, "4711")
    assert not is_agent(_from_ana(), with_pin, "4712")
    assert not is_agent(_from_ana(_said("fail")), with_pin, "4711")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (CLAIRE, Level.PARTICIPANT),
        ("paul@dupont.example", Level.ORGANISATION),
        ("known@other.example", Level.KNOWN),
        ("nobody@nowhere.example", Level.UNKNOWN),
        ("cc@dupont-group.example", Level.UNKNOWN),
    ],
)
def test_levels_come_from_the_directory_and_the_ticket(address, expected):
    known = facts(
        contacts={"known@other.example": Contact(address="known@other.example")},
        domains={"dupont.example": "Dupont SA", "gmail.com": "Dupont SA"},
    )
    pending = Participant(address="cc@dupont-group.example", role=Role.PENDING)
    it = ticket(participants=(*ticket().participants, pending))
    assert level_of(address, known, it) is expected


def test_a_freemail_domain_never_makes_an_organisation():
    known = facts(domains={"gmail.com": "Dupont SA"})
    assert organisation_of("x@gmail.com", known) == ""


def test_an_unverified_contact_speaks_for_nobody():
    known = facts(
        contacts={
            "x@y.example": Contact(address="x@y.example", organisation="Dupont SA", verified=False)
        }
    )
    assert level_of("x@y.example", known, ticket()) is Level.UNKNOWN


@pytest.mark.parametrize(
    ("given", "here", "why"),
    [
        (_from_ana(_said()), desk(authserv_id=""), "border_not_configured"),
        (_from_ana(_said(), received=(THEIRS,)), desk(), "border_line_missing"),
        (_from_ana(), desk(), "border_says_nothing"),
        (_from_ana(_said("fail")), desk(), "border_does_not_vouch"),
        (_from_ana(_said(hop=1)), desk(), "result_not_trusted"),
    ],
)
def test_the_administrator_is_told_why_nobody_vouches(given, here, why):
    assert why_unproven(given, here) == why
