"""The header of everything we send: RFC 5322, 3834 and 2369, X-29, and the table of docs/flow.md."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from email import policy
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from handlers.decision import Recipient
from handlers.ticket import Participant, Role, Visibility
from handlers.workflow_file import shipped
from parsers.mail import Machine
from parsers.read import read as parse
from templates.message import compose
from templates.sample import sample
from templates.signature import DomainKey

from .golden_notices import all_cases
from .notice_desk import DESK, KEYS, NOW

ALWAYS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "X-Savd", "MIME-Version")
AUTOMATIC = ("Auto-Submitted", "X-Auto-Response-Suppress")
THREAD = ("In-Reply-To", "References")
LIST = ("List-Id", "List-Unsubscribe")
PAGE = Path(__file__).parent.parent / "docs" / "flow.md"
MAIL = "<asked@client.example>"


@cache
def workflow(process):
    return shipped(process)


def written(process, name, code, *, signing=(), people=(), **changes):
    one = sample(process, name, code)
    ticket = one.ticket
    if ticket is not None and people:
        ticket = replace(ticket, participants=people)
    return compose(
        replace(one.notice, **changes),
        ticket=ticket,
        desk=DESK,
        workflow=workflow(process),
        keys=KEYS,
        cause="m412",
        now=NOW,
        files=one.files,
        signing=signing,
    )


def fields(data):
    """Return the names of the header fields of a message, as they stand there."""
    head = data.partition(b"\r\n\r\n")[0].decode("ascii")
    return [line.partition(":")[0] for line in re.split(r"\r\n(?![ \t])", head)]


def header(message):
    return email.message_from_bytes(message.data, policy=policy.default)


@pytest.mark.parametrize("answers", ["", MAIL], ids=["by itself", "answering"])
@pytest.mark.parametrize("process, name, code", all_cases()[::9])
def test_every_kind_of_message_has_the_fields_of_the_table_once(process, name, code, answers):
    message = written(process, name, code, in_reply_to=answers)
    names, back = fields(message.data), header(message)
    automatic = sample(process, name, code).notice.automatic
    expected = {*ALWAYS, "Content-Type"}
    expected |= set(AUTOMATIC) if automatic else set()
    expected |= set(THREAD) if answers or back["references"] else set()
    expected |= set(LIST) if name.startswith("W_digest") else set()
    assert sorted(names) == sorted(expected)
    if automatic:
        assert back["auto-submitted"] == ("auto-replied" if answers else "auto-generated")
    assert back.defects == []
    assert all(not value.defects for value in back.values() if hasattr(value, "defects"))
    assert max(map(len, message.data.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("process, name, code", all_cases()[1::25])
def test_what_comes_back_to_us_is_known_as_ours(process, name, code):
    assert parse(written(process, name, code).data).machine is Machine.OWN


def people(role):
    return (
        Participant(address="jeanne.martin@dupont.example", role=Role.CONTACT),
        Participant(address="paul@dupont.example", role=role),
    )


@pytest.mark.parametrize(
    "role, leaves",
    [
        (Role.OBSERVER, True),
        (Role.PARTICIPANT, True),
        (Role.CONTACT, False),
        (Role.REQUESTER, False),
        (Role.EXTERNAL, False),
        (Role.LEFT, False),
        (Role.AGENT, False),
    ],
)
def test_only_who_is_kept_informed_can_leave(role, leaves):
    to = Recipient(address="paul@dupont.example", role=role, language="fr")
    names = fields(written("rma", "N3", "fr", to=to, people=people(role)).data)
    assert ("List-Unsubscribe" in names) is leaves
    assert "List-Id" not in names


def test_an_organisation_that_is_asked_for_something_is_on_no_list():
    to = Recipient(address="desk@eco.example", role=Role.OBSERVER, language="fr")
    assert "List-Unsubscribe" not in fields(written("rma", "N3", "fr", to=to).data)


def test_who_is_told_what_is_said_inside_can_leave_although_not_on_the_ticket():
    to = Recipient(address="lea@dupont.example", role=Role.PARTICIPANT, language="fr")
    inside = written("rma", "N3", "fr", to=to, visibility=Visibility.INTERNAL)
    assert "List-Unsubscribe" in fields(inside.data)


def test_a_digest_that_was_asked_for_is_an_answer_and_no_list():
    asked = written("rma", "W_digest_daily", "fr", recurring=False, in_reply_to=MAIL)
    assert not set(LIST) & set(fields(asked.data))
    assert "Ne plus recevoir" not in header(asked).get_body(("plain",)).get_content()


def test_the_answered_mail_ends_the_references():
    back = header(written("rma", "N3", "fr", in_reply_to=MAIL, references=("<a@b.example>",)))
    assert back["references"].split() == ["<a@b.example>", MAIL]
    assert back["in-reply-to"] == MAIL


def test_the_date_is_on_the_clock_of_the_desk_and_the_id_in_its_domain():
    back = header(written("rma", "N3", "fr"))
    assert back["date"].datetime == NOW
    assert back["date"].endswith(NOW.astimezone(back["date"].datetime.tzinfo).strftime("%z"))
    assert back["message-id"].endswith("@desk.example>")


def test_the_page_names_the_fields_that_there_are():
    table = PAGE.read_text(encoding="utf-8").partition("## What every message bears")[2]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    told = {name for cell in cells for name in re.findall(r"`([A-Za-z-]+)", cell)}
    key = DomainKey(domain="desk.example", selector="e", private=Ed25519PrivateKey.generate())
    everything = written("rma", "W_digest_daily", "fr", in_reply_to=MAIL, signing=(key,))
    assert told == set(fields(everything.data))
