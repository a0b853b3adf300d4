"""A message of an internal talk that is forwarded as a file stays internal (R-8c)."""

import pytest

from handlers.facts import Facts
from handlers.incoming import Incoming
from handlers.meeting import meet
from handlers.talks.enclosed import encloses_internal
from handlers.talks.talk import visibility_of
from handlers.ticket import Role, Visibility
from handlers.token import message_id
from handlers.workflow_file import shipped
from parsers.read import read

from .people import CLAIRE, DESK, KEYS, NOW, desk, envelope


def forwarding(role, head="Message-ID", desk_address=DESK):
    told = message_id(
        KEYS, desk_address, 7000, cause="m1", notice="N12", role=role, to="marc@dupont.example"
    )
    return read(
        (
            f"From: {CLAIRE}\r\nTo: {DESK}\r\nSubject: TR: dossier\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
            "--x\r\nContent-Type: text/plain\r\n\r\n#remarque\r\nPouvez-vous y voir ?\r\n"
            '--x\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename="a.eml"\r\n\r\n'
            f"From: {DESK}\r\nSubject: Message interne\r\n{head}: {told}\r\n\r\nMarge 38 %\r\n--x--\r\n"
        ).encode()
    )


@pytest.mark.parametrize("head", ["Message-ID", "In-Reply-To", "References"])
def test_a_message_of_an_internal_talk_is_known_by_what_we_signed(head):
    assert encloses_internal(forwarding(Role.INTERNAL, head), desk(), KEYS)


def test_other_messages_are_no_secret():
    assert not encloses_internal(forwarding(Role.OBSERVER), desk(), KEYS)
    forged = forwarding(Role.INTERNAL, desk_address="other@elsewhere.example")
    assert not encloses_internal(forged, desk(), KEYS)


@pytest.mark.parametrize(
    "role, visibility",
    [(Role.INTERNAL, Visibility.INTERNAL), (Role.OBSERVER, Visibility.PUBLIC)],
)
def test_the_whole_mail_stays_internal_whatever_kind_it_is_called(role, visibility):
    visit = meet(
        Incoming(journal_id=1, mail=forwarding(role), envelope=envelope()),
        Facts(),
        desk=desk(),
        workflow=shipped("dossier"),
        keys=KEYS,
        now=NOW,
    )
    assert visibility_of(visit) is visibility
