"""Who gets what they did not ask for can stop it: digests, copies of a ticket's messages (RFC 2369)."""

from __future__ import annotations

import email
from dataclasses import replace
from email import policy

import pytest
from sqlalchemy import select

from daemon.pipeline import Read
from daemon.rehearsal.tap import opened, prepared_in
from handlers import token
from handlers.customers.departure import WORDS
from handlers.decision import Notice, Recipient, Verdict
from handlers.envelope import Envelope, RawMail
from handlers.ticket import Participant, Role
from parsers.mail import Machine
from parsers.read import read
from storage import journal
from storage.digest_leavers import come_back, leavers, settle
from storage.erase import erase
from storage.schema import outbox as table
from storage.schema import outbox_raw
from templates.message import compose

from .people import CLAIRE, DESK, KEYS, NOW, RMA, desk, envelope, facts, mail, ticket
from .stores import store, store_url
from .test_digests import DAY, MANAGER, MONDAY, pipeline, sent, waiting
from .test_rules import _decide, _to

__all__ = ["store", "store_url"]

MARC = "marc@dupont.example"
TED = "ted@transport.example"


def informed(**changes):
    """A ticket of Claire's that Marc, of another house, follows."""
    people = (
        Participant(address=CLAIRE, role=Role.CONTACT),
        Participant(address=MARC, role=Role.OBSERVER, name="Marc"),
        Participant(address=TED, role=Role.PARTICIPANT),
    )
    return ticket(**{"participants": people} | changes)


def leaving(it, who, role=Role.OBSERVER, **changes):
    address = token.leave_address(KEYS, DESK, it.id, role, who)
    return mail("", recipients=(address,), subject="unsubscribe", **changes)


def role_of(decision, who):
    return decision.changes[0].ticket.role_of(who)


@pytest.mark.parametrize("who", [MARC, TED])
def test_the_address_is_enough_whoever_writes_and_whatever(who):
    it = informed()
    decision = _decide(leaving(it, who, sender="bounce@provider.example"), facts(it))
    assert (decision.verdict, decision.reason, decision.about) == (Verdict.APPLIED, "left", it.id)
    assert role_of(decision, who) is Role.LEFT
    assert [(n.template, n.to.address) for n in decision.notices] == [("N_left", who)]
    (step,) = decision.changes[0].steps
    assert (step.actor, step.why) == (who, f"{who} wants no more messages of it")


@pytest.mark.parametrize("machine", [Machine.AUTO_REPLY, Machine.LIST, Machine.REPORT])
def test_a_machine_is_obeyed_and_not_answered(machine):
    it = informed()
    decision = _decide(leaving(it, MARC, machine=machine), facts(it))
    assert role_of(decision, MARC) is Role.LEFT
    assert decision.notices == ()
    from_nobody = _decide(leaving(it, MARC), facts(it), env=envelope(reverse_path=""))
    assert (role_of(from_nobody, MARC), from_nobody.notices) == (Role.LEFT, ())


def test_a_second_mail_changes_and_answers_nothing():
    it = informed(participants=(Participant(address=MARC, role=Role.LEFT),))
    decision = _decide(leaving(it, MARC, sender=MARC), facts(it))
    assert (decision.verdict, decision.reason) == (Verdict.IGNORED, "left_already")
    assert (decision.changes, decision.notices) == ((), ())


def test_the_contact_and_the_requester_stay():
    it = informed()
    decision = _decide(leaving(it, CLAIRE, Role.CONTACT), facts(it))
    assert decision.reason != "left"
    assert all(change.ticket.role_of(CLAIRE) is Role.CONTACT for change in decision.changes)
    gone = _decide(leaving(it, CLAIRE, Role.CONTACT, machine=Machine.LIST), facts(it))
    assert (gone.verdict, gone.changes, gone.notices) == (Verdict.IGNORED, (), ())


@pytest.mark.parametrize("role", [None, Role.OBSERVER])
def test_a_contact_stays_whatever_their_role_on_the_ticket(role):
    """`#champ contact=` names somebody who was kept informed, or nobody known."""
    people = (Participant(address=CLAIRE, role=role),) if role else ()
    it = ticket(contact=CLAIRE, participants=people)
    assert _decide(leaving(it, CLAIRE, sender=CLAIRE), facts(it)).reason != "left"


def test_an_altered_address_or_a_reply_address_lets_nobody_go():
    it = informed()
    address = token.leave_address(KEYS, DESK, it.id, Role.OBSERVER, MARC)
    altered = address.replace("+l7000", "+l7001")
    reply = _to(it, MARC, Role.OBSERVER).replace("+t", "+l")
    for one in (altered, reply):
        assert token.read_leave_address(KEYS, DESK, one) is None
        assert _decide(mail("", recipients=(one,), subject="unsubscribe")).reason != "left"
    assert token.read_reply_address(KEYS, DESK, address) is None
    assert token.read_leave_address(KEYS, "other@desk.example", address) is None


def test_a_leave_address_names_the_one_that_undoes_it():
    address = token.leave_address(KEYS, DESK, 0, Role.AGENT, MARC)
    wish = token.read_leave_address(KEYS, DESK, address)
    assert (wish.back, wish.token.who) == (False, token.digest_of(MARC))
    undone = token.read_leave_address(KEYS, DESK, wish.undo)
    assert (undone.back, undone.undo) == (True, address)


@pytest.mark.parametrize(
    "words", ["quitter", "Bonjour,\nunsubscribe\nCordialement\nMarc", "Abmelden."]
)
def test_a_word_is_enough_for_who_is_on_the_ticket(words):
    it = informed()
    said = mail(words, sender=MARC, recipients=(_to(it, MARC, Role.OBSERVER),))
    assert role_of(_decide(said, facts(it)), MARC) is Role.LEFT
    subject = replace(said, segments=(), text="", subject="Désinscription")
    assert role_of(_decide(subject, facts(it)), MARC) is Role.LEFT


@pytest.mark.parametrize(
    "words", ["stop", "Quitter ? Jamais.", "Ne plus recevoir ces messages, mais le devis si"]
)
def test_other_words_let_nobody_go(words):
    it = informed()
    said = mail(words, sender=MARC, recipients=(_to(it, MARC, Role.OBSERVER),))
    assert _decide(said, facts(it)).reason != "left"


def test_a_forger_lets_nobody_go_by_a_word():
    from parsers.mail import AuthenticationResult, Received

    it = informed()
    said = AuthenticationResult(
        authserv_id="mx.desk.example", hop=0, dmarc="fail", from_domain="dupont.example"
    )
    forged = mail(
        "quitter",
        sender=MARC,
        recipients=(_to(it, MARC, Role.OBSERVER),),
        authentication=(said,),
        received=(Received(by="mx.desk.example"),),
    )
    assert _decide(forged, facts(it)).reason != "left"


def test_no_word_of_leaving_is_one_of_another_meaning():
    assert {"stop", "annuler", "cancel", "non", "no"} & WORDS == set()


def test_every_ticket_of_the_group_is_left():
    first, second = informed(group="DEM-1"), informed(id=8000, key="RMA-8", group="DEM-1")
    decision = _decide(leaving(first, MARC), facts(first, second))
    assert [one.ticket.role_of(MARC) for one in decision.changes] == [Role.LEFT, Role.LEFT]
    assert len(decision.notices) == 1


def test_who_thanks_for_the_confirmation_stays_away_and_who_asks_comes_back():
    it = informed(participants=(*ticket().participants, Participant(address=MARC, role=Role.LEFT)))
    to = {"sender": MARC, "recipients": (_to(it, MARC, Role.OBSERVER),)}
    thanks = _decide(mail("Merci beaucoup", **to), facts(it))
    assert all(one.ticket.role_of(MARC) is Role.LEFT for one in thanks.changes)
    asked = _decide(mail("Quand sera-t-il réparé ?", **to), facts(it))
    assert role_of(asked, MARC) is Role.OBSERVER


def composed(to, role, *, it=None, **changes):
    notice = Notice(
        template="N_comment",
        to=Recipient(address=to, role=role, language="fr"),
        ticket_id=None,
        values={"text": "Bonjour", "agent_name": "Ana"},
        **changes,
    )
    made = compose(
        notice,
        ticket=it or informed(),
        desk=desk(),
        workflow=RMA,
        keys=KEYS,
        cause="m8",
        now=NOW,
        files={},
    )
    return email.message_from_bytes(made.data, policy=policy.default)


def test_a_copy_says_how_to_stop_and_the_contacts_mail_does_not():
    for who, role in ((MARC, Role.OBSERVER), (TED, Role.PARTICIPANT)):
        back = composed(who, role)
        link = back["list-unsubscribe"].strip("<>")
        asked = opened(link)
        wish = token.read_leave_address(KEYS, DESK, asked.to)
        assert (wish.token.ticket_id, wish.token.who) == (7000, token.digest_of(who))
        assert (asked.subject, asked.body) == ("unsubscribe", "")
        assert "list-unsubscribe-post" not in back
        assert "list-id" not in back
        assert any(one.to == asked.to for one in prepared_in(back))
        assert asked.to in back.get_body(("plain",)).get_content()
    for who, role in ((CLAIRE, Role.CONTACT), ("x@y.example", Role.OBSERVER)):
        assert "list-unsubscribe" not in composed(who, role)


def digest_to(one):
    return email.message_from_bytes(one.data, policy=policy.default)


def send_to(node, to, *, sender, machine="", number=1):
    """Let the desk decide a mail to this address."""
    more = f"Auto-Submitted: {machine}\r\n" if machine else ""
    data = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: unsubscribe\r\n{more}"
        f"Message-ID: <u{number}@x.example>\r\nDate: Mon, 23 Nov 2026 08:30:00 +0100\r\n\r\n"
    ).encode()
    env = Envelope(reverse_path=sender, recipients=(to,), path="lmtp", received_at=MONDAY)
    raw = RawMail(data=data, envelope=env)
    with node._store.write() as tx:
        (journal_id,) = journal.append(tx, 1, [("rma", raw)])
    node.process([Read(journal_id=journal_id, desk="rma", raw=raw, mail=read(data))])


def test_a_digest_is_stopped_for_good_and_asked_for_again(store):
    waiting(store)
    node = pipeline(store, MONDAY)
    assert node.send_digests() == 2
    team, chief = map(digest_to, sent(store))
    assert chief["list-id"] == "<digest.rma.desk.example>"
    link = opened(chief["list-unsubscribe"].strip("<>")).to
    assert "Ne plus recevoir ce bilan" in chief.get_body(("plain",)).get_content()
    assert team["list-unsubscribe"] != chief["list-unsubscribe"]
    send_to(node, link, sender=MANAGER)
    ((to, said),) = confirmations(store)
    assert to == MANAGER
    undo = next(w for w in said.replace(",", " ").split() if w.startswith("rma+j0."))
    assert pipeline(store, MONDAY + DAY).send_digests() == 1
    send_to(node, undo, sender="somebody@else.example", machine="auto-generated", number=2)
    assert len(confirmations(store)) == 1
    assert pipeline(store, MONDAY + 2 * DAY).send_digests() == 2


def confirmations(store):
    """Return (recipient, text) of what confirmed a wish."""
    query = select(table.c.recipient, outbox_raw.c.data).where(
        table.c.message_id == outbox_raw.c.message_id, table.c.notice == "W_done"
    )
    with store.read() as tx:
        rows = tx.execute(query).all()
    mails = [(to, email.message_from_bytes(data, policy=policy.default)) for to, data in rows]
    return [(to, one.get_body(("plain",)).get_content()) for to, one in mails]


def test_an_answer_to_a_digest_is_a_persons_mail(store):
    """Our own List-Id does not make us deaf (X-26): programs do not copy it into answers."""
    waiting(store)
    pipeline(store, MONDAY).send_digests()
    (_, chief) = map(digest_to, sent(store))
    answer = (
        f"From: {MANAGER}\r\nTo: {chief['reply-to']}\r\nSubject: Re: {chief['subject']}\r\n"
        f"In-Reply-To: {chief['message-id']}\r\nReferences: {chief['message-id']}\r\n\r\nbilan\r\n"
    )
    assert read(answer.encode()).machine is Machine.NONE


def test_who_left_is_forgotten_when_erased_and_asked_back_by_the_administrator(store):
    with store.write() as tx:
        settle(tx, "rma", {"Chief@Desk.example": False, "other@desk.example": False}, NOW)
        settle(tx, "rma", {"Chief@Desk.example": False}, NOW)
        assert leavers(tx, "rma") == {"chief@desk.example", "other@desk.example"}
        assert leavers(tx, "sales") == frozenset()
        assert come_back(tx, "CHIEF@desk.example") == 1
        erase(tx, "other@desk.example")
        assert leavers(tx, "rma") == frozenset()


def test_a_stranger_in_the_address_of_a_digest_is_no_reader():
    gone = token.leave_address(KEYS, DESK, 0, Role.AGENT, "left@desk.example")
    decision = _decide(mail("", recipients=(gone,)), facts())
    assert (decision.verdict, decision.reason) == (Verdict.IGNORED, "no_reader_of_digests")
    assert decision.digest_readers == {}
