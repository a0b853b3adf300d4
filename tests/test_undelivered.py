"""What does not get through is told once, to whom it concerns, and never in a circle (X-28)."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.utils import parseaddr

import pytest
from sqlalchemy import select, text

from daemon.clock import SetClock
from daemon.config.model import Relay
from daemon.office import Office
from daemon.pipeline import Pipeline
from daemon.wiring import waits_of
from handlers.consequences import decide_undelivered
from handlers.decision import Recipient
from handlers.facts import SentMessage
from handlers.message import Attempt, OutboxState
from handlers.ticket import Document, Participant, Role, Visibility
from handlers.token import read_message_id, read_reply_address
from handlers.undelivered import DELAY, DOUBT, Trouble, Undelivered
from parsers.mail import Machine
from storage import outbox, undelivered
from storage.lookup import tickets_by_id
from storage.schema import outbox as table
from storage.undelivered_schema import undelivered as troubles

from .people import CLAIRE, KEYS, RMA, desk, facts, mail, ticket
from .stores import NOW, a_message, opened, store, store_url, write
from .test_rules import _decide, _on

__all__ = ["store", "store_url"]

MARC = "marc@dupont.example"
HOUR = timedelta(hours=1)


def told(words, trouble=Trouble.RECIPIENT, **changes):
    given = {"recipient": CLAIRE, "ticket_id": 7, "notice": "N3", "outbox_id": 12, **changes}
    return Undelivered(
        message=SentMessage(message_id="<n3@x>", **given), trouble=trouble, words=words
    )


def decided(one, it=None):
    it = it or ticket()
    one = replace(one, message=replace(one.message, ticket_id=it.id))
    return decide_undelivered(one, facts(it), desk=desk(), workflow=RMA, cause="o3", now=NOW)


@pytest.mark.parametrize(
    "trouble, words, of_address",
    [
        (Trouble.RECIPIENT, "550 5.1.1 <c@x.example>: User unknown in relay recipient table", True),
        (Trouble.RECIPIENT, "550 No such user here", True),
        (Trouble.RECIPIENT, "550 nothing more", True),
        (Trouble.RECIPIENT, "552 5.2.2 Mailbox full", True),
        (Trouble.RECIPIENT, "550 5.1.2 Host unknown", True),
        (Trouble.RECIPIENT, "556 5.1.10 Recipient address has null MX", True),
        (Trouble.RECIPIENT, "554 5.7.1 <c@x.example>: Recipient address rejected: user unknown", True),
        (Trouble.RECIPIENT, "554 5.7.1 Relay access denied", False),
        (Trouble.RECIPIENT, "554 5.7.1 Client host blocked using zen", False),
        (Trouble.RECIPIENT, "550 5.7.26 This mail is unauthenticated", False),
        (Trouble.RECIPIENT, "553 5.1.8 Sender address rejected: Domain not found", False),
        (Trouble.RECIPIENT, "550 Sender verify failed", False),
        (Trouble.RECIPIENT, "550 5.1.0 sender rejected", False),
        (Trouble.RECIPIENT, "550 5.1.0 not allowed to send per its SPF record", False),
        (Trouble.RECIPIENT, "503 Improper sequence of commands", False),
        (Trouble.RECIPIENT, "550 relay not permitted", False),
        (Trouble.MESSAGE, "554 5.7.1 Spam", False),
        (Trouble.MESSAGE, "552 5.3.4 Too big", False),
        (Trouble.MESSAGE, "550 5.1.1 No such person", True),
        (Trouble.MESSAGE, "550-5.1.1 No such person", True),
        (Trouble.MESSAGE, "553 5.1.7 Bad sender's address", False),
        (Trouble.GIVEN_UP, "450 4.2.0 Greylisted", False),
        (Trouble.GIVEN_UP, "connection refused", False),
        (Trouble.DOUBT, "550 5.1.1 whatever", False),
    ],
)  # fmt: skip
def test_the_address_is_to_blame_only_when_it_is(trouble, words, of_address):
    assert told(words, trouble).of_address is of_address


def test_a_refused_contact_is_marked_noted_and_the_team_told():
    decision = decided(told("550 5.1.1 User unknown"))
    (change,) = decision.changes
    assert change.ticket.flags == {"address_invalid"}
    assert change.ticket.links["lost"] == "12:contact"
    assert [a.visibility for a in change.articles] == [Visibility.NOTE]
    assert "550 5.1.1 User unknown" in change.articles[0].text
    assert [n.template for n in decision.notices] == ["W_bounce"]
    assert {n.to.role for n in decision.notices} == {Role.AGENT}


def test_the_other_addresses_of_the_customer_are_offered_as_commands():
    """Of people on the ticket, and of the order; not those that failed, nor our own."""
    paper = Document(
        number=2,
        kind="order",
        filename="bc.pdf",
        content_type="application/pdf",
        size=9,
        sha256="a" * 64,
        author=CLAIRE,
        at=NOW,
        cause="m1",
        fields={"addresses": f"{CLAIRE} achats@dupont.example sav@desk.example {MARC}"},
    )
    people = (
        Participant(address=CLAIRE, role=Role.CONTACT),
        Participant(address=MARC, role=Role.OBSERVER),
        Participant(address="x@else.example", role=Role.PENDING),
    )
    decision = decided(told("550 5.1.1 no"), ticket(documents=(paper,), participants=people))
    lines = [one["line"] for one in decision.notices[0].values["commands"]]
    assert lines[:3] == [
        f"#champ contact={MARC}",
        "#champ contact=achats@dupont.example",
        "#renvoyer",
    ]
    assert lines.count("#renvoyer") == 1


def test_a_paper_keeps_the_addresses_it_names():
    from handlers.papers.paper_fields import fields_of
    from parsers.business import BusinessDocument

    text = "Dupont SA\nachats@dupont.example. Tél. 01\nACHATS@dupont.example, sav@x.example"
    kept = fields_of(BusinessDocument(text=text))["addresses"]
    assert kept == "achats@dupont.example sav@x.example"


@pytest.mark.parametrize(
    "trouble, words",
    [(Trouble.MESSAGE, "554 5.7.1 Spam"), (Trouble.GIVEN_UP, "450 4.2.0 Later")],
)
def test_what_is_not_the_addresss_fault_marks_no_address(trouble, words):
    decision = decided(told(words, trouble))
    assert decision.changes[0].ticket.flags == {"message_lost"}
    assert [n.template for n in decision.notices] == ["W_undelivered"]
    assert words in str(decision.notices[0].values["found"])


def test_a_work_item_that_fails_is_an_alarm_and_makes_no_work_item():
    """Not even when a field of the ticket names the agent: the next one would fail as well."""
    it = ticket(fields={"handler": "ana@desk.example"}, contact="ana@desk.example")
    for notice in ("W_bounce", "W_undelivered", "W_uncertain", "W_digest_daily", "W_done"):
        decision = decided(told("550 5.1.1", recipient="ana@desk.example", notice=notice), it)
        assert (decision.notices, decision.changes) == ((), ())
        assert decision.unheard == ("ana@desk.example",)


def test_a_work_item_reported_as_failed_is_an_alarm_as_well():
    from parsers.mail import Bounce

    it = ticket(contact="ana@desk.example")
    sent = SentMessage(
        message_id="<w@x>", recipient="ana@desk.example", ticket_id=it.id, notice="W_bounce"
    )
    failed = Bounce(recipient="ana@desk.example", status="5.1.1", message_id="<w@x>")
    report = mail("", sender="mailer-daemon@x.example", machine=Machine.BOUNCE, bounces=(failed,))
    decision = _decide(report, facts(it, sent={"<w@x>": sent}))
    assert (decision.notices, decision.changes) == ((), ())
    assert decision.unheard == ("ana@desk.example",)
    assert decision.settled == {"<w@x>": "bounced"}


def test_an_observer_who_cannot_be_reached_disturbs_nobody():
    it = ticket(participants=(Participant(address=MARC, role=Role.OBSERVER),))
    decision = decided(told("550 5.1.1 User unknown", recipient=MARC), it)
    assert decision.notices == ()
    assert decision.changes[0].ticket.flags == frozenset()


def test_doubt_asks_the_team_and_says_nothing_of_an_internal_talk():
    decision = decided(told("Connection lost", Trouble.DOUBT, subject="Votre devis"))
    assert [n.template for n in decision.notices] == ["W_uncertain"]
    assert "Votre devis" in str(decision.notices[0].values["found"])
    inside = told("Connection lost", Trouble.DOUBT, visibility=Visibility.INTERNAL)
    assert decided(inside).notices == ()


def test_what_people_of_the_customer_say_among_themselves_stops_no_clock():
    """R-8: no team may be told of it, so nobody would ever set the clock going again."""
    inside = told("550 5.1.1 User unknown", visibility=Visibility.INTERNAL)
    decision = decided(inside)
    assert decision.notices == ()
    assert all("address_invalid" not in change.ticket.flags for change in decision.changes)


def test_a_message_that_somebody_else_missed_holds_no_clock():
    it = ticket(participants=(Participant(address=MARC, role=Role.REQUESTER),))
    other = told("554 5.7.1 Spam", Trouble.MESSAGE, recipient=MARC)
    assert decided(other, it).changes[0].ticket.flags == frozenset()


@pytest.mark.parametrize(
    "machine", [Machine.NONE, Machine.AUTO_REPLY, Machine.DISPOSITION, Machine.REPORT]
)
def test_whatever_answers_a_message_proves_that_it_arrived(machine):
    it = ticket()
    open_ = SentMessage(
        message_id="<n3@x>", recipient=CLAIRE, ticket_id=it.id, notice="N3", on_the_way=True
    )
    settled = replace(open_, message_id="<n1@x>", on_the_way=False)
    known = facts(it, sent={"<n3@x>": open_, "<n1@x>": settled})
    answer = _on(it, "Bonjour, le colis part.", machine=machine, in_reply_to=("<n3@x>",))
    assert _decide(answer, known).settled == {"<n3@x>": "sent"}


def outcome(store, attempt, *, now=NOW, row=1):
    with store.write() as tx:
        outbox.claim(tx, 1, 10, now)
        outbox.record(tx, [(row, attempt)], now)


def pending(store):
    with store.read() as tx:
        asked = select(troubles.c.outbox_id, troubles.c.trouble, troubles.c.due_at)
        return [tuple(row) for row in tx.execute(asked)]


def row_of(store, row=1):
    with store.read() as tx:
        return tx.execute(select(table).where(table.c.id == row)).one()


BOUNCED = Attempt(state=OutboxState.BOUNCED, reply="550 5.1.1 no", of_recipient=True)
UNCERTAIN = Attempt(state=OutboxState.UNCERTAIN, reply="Connection lost")
DEFERRED = Attempt(state=OutboxState.DEFERRED, reply="450 later")
SENT = Attempt(state=OutboxState.SENT, reply="250 ok")


@pytest.mark.parametrize(
    "attempt, now, kept",
    [
        (SENT, NOW, []),
        (DEFERRED, NOW, []),
        (BOUNCED, NOW, [(1, "recipient", NOW)]),
        (replace(BOUNCED, of_recipient=False), NOW, [(1, "message", NOW)]),
        (UNCERTAIN, NOW, [(1, "doubt", NOW + DOUBT)]),
        (DEFERRED, NOW + 121 * HOUR, [(1, "given_up", NOW + 121 * HOUR)]),
    ],
)
def test_what_the_relay_said_waits_to_be_decided(store, attempt, now, kept):
    write(store, opened(), a_message())
    outcome(store, attempt, now=now)
    assert pending(store) == kept


def test_a_message_put_off_for_long_counts_as_late(store):
    write(store, opened(), a_message())
    outcome(store, DEFERRED)
    assert row_of(store).report == ""
    outcome(store, DEFERRED, now=NOW + DELAY)
    assert (row_of(store).state, row_of(store).report) == ("deferred", "deferred")
    with store.read() as tx:
        assert undelivered.delayed(tx) == 1


def test_the_last_trouble_of_a_message_counts(store):
    write(store, opened(), a_message())
    outcome(store, UNCERTAIN)
    with store.write() as tx:
        outbox.retry(tx, [1], NOW + HOUR)
    outcome(store, UNCERTAIN, now=NOW + HOUR)
    assert pending(store) == [(1, "doubt", NOW + HOUR + DOUBT)]


def test_a_person_settles_what_is_uncertain_and_nothing_else(store):
    write(store, opened(), a_message())
    outcome(store, UNCERTAIN)
    with store.write() as tx:
        assert outbox.settle(tx, 1, NOW + HOUR)
        assert not outbox.settle(tx, 1, NOW + HOUR)
    assert (row_of(store).state, row_of(store).sent_at) == ("sent", NOW + HOUR)


@pytest.mark.parametrize("attempt", [UNCERTAIN, DEFERRED])
def test_an_answer_that_comes_before_the_relays_own_settles_the_message(store, attempt):
    write(store, opened(), a_message())
    with store.write() as tx:
        outbox.claim(tx, 1, 10, NOW)
        outbox.report(tx, {a_message().message_id: "sent"}, NOW)
        assert tx.execute(select(table.c.state)).scalar_one() == "sending"
        outbox.record(tx, [(1, attempt)], NOW)
    assert row_of(store).state == "sent"
    assert pending(store) == []


def test_what_arrived_is_not_sent_again_after_a_crash(store):
    """It was in the hands of a node that died, and its recipient has answered since."""
    write(store, opened(), a_message())
    with store.write() as tx:
        outbox.claim(tx, 1, 10, NOW)
        outbox.take_back(tx, 1, ())
        outbox.report(tx, {a_message().message_id: "sent"}, NOW)
    assert row_of(store).state == "sent"


def offices():
    return {"rma": Office(desk=desk(), workflow=RMA, keys=KEYS, templates_dir=None)}


def at_work(store, now, **given):
    return Pipeline(store=store, offices=offices(), clock=SetClock(now), **given)


def lost(store, attempt=BOUNCED):
    """A ticket whose contact a message could not be given to."""
    it = ticket()
    message = replace(a_message(), recipient=it.contact, ticket_id=it.id, notice="N3")
    write(store, opened(it), message)
    outcome(store, attempt)
    return it


def written(store):
    with store.read() as tx:
        return tx.execute(select(table.c.notice).order_by(table.c.id)).scalars().all()


def test_it_is_decided_once(store):
    it = lost(store)
    assert [at_work(store, NOW).hear_relay() for _ in range(2)] == [1, 0]
    assert written(store) == ["N3", "W_bounce"]
    with store.read() as tx:
        assert tickets_by_id(tx, {it.id}, lock=False)[it.id].flags == {"address_invalid"}


def test_an_accident_between_the_attempt_and_the_decision_loses_nothing(store):
    """Whatever dies in between, the row is there until what follows is committed with its end."""

    class PowerCut(BaseException):
        pass

    def cut(_tx):
        raise PowerCut

    it = lost(store)
    with pytest.raises(PowerCut):
        at_work(store, NOW, ring=cut).hear_relay()
    assert written(store) == ["N3"]
    assert len(pending(store)) == 1
    assert at_work(store, NOW).hear_relay() == 1
    assert at_work(store, NOW).hear_relay() == 0
    assert written(store) == ["N3", "W_bounce"]
    with store.read() as tx:
        assert "address_invalid" in tickets_by_id(tx, {it.id}, lock=False)[it.id].flags


@pytest.mark.parametrize("settle", ["retry", "settle", "report"])
def test_doubt_that_was_settled_meanwhile_disturbs_nobody(store, settle):
    lost(store, UNCERTAIN)
    assert at_work(store, NOW).hear_relay() == 0
    with store.write() as tx:
        if settle == "retry":
            outbox.retry(tx, [1], NOW)
        elif settle == "settle":
            outbox.settle(tx, 1, NOW)
        else:
            outbox.report(tx, {a_message().message_id: "bounced"}, NOW)
    assert at_work(store, NOW + DOUBT).hear_relay() == 1
    assert written(store) == ["N3"]
    assert pending(store) == []


def test_doubt_without_evidence_is_told_after_an_hour(store):
    lost(store, UNCERTAIN)
    assert at_work(store, NOW + DOUBT).hear_relay() == 1
    assert written(store) == ["N3", "W_uncertain"]


def test_a_decision_that_fails_waits_a_day_and_holds_nobody_up(store):
    lost(store)
    with store.write() as tx:  # nothing of ours writes a state that no workflow has
        tx.execute(text("UPDATE ticket SET state = 'nowhere'"))
    assert at_work(store, NOW).hear_relay() == 1
    assert at_work(store, NOW).hear_relay() == 0
    assert pending(store) == [(1, "recipient", NOW + timedelta(days=1))]
    assert written(store) == ["N3"]


def test_two_nodes_never_decide_the_same(store):
    lost(store)
    if store.dialect == "sqlite":
        return  # there is one writer
    with store.write() as one, store.write() as other:
        assert len(undelivered.due(one, NOW, 10)) == 1
        assert undelivered.due(other, NOW, 10) == ()


HEAD = (
    b"From: SAV <rma@desk.example>\r\nTo: Claire Martin\r\n <claire@dupont.example>\r\n"
    b"Reply-To: <rma+t1@desk.example>\r\nSubject: [RMA-2026-000007] Votre devis\r\n"
    b"Date: Mon, 2 Nov 2026 09:00:00 +0000\r\nMessage-ID: <old@desk.example>\r\n"
    b"In-Reply-To: <c@dupont.example>\r\nDKIM-Signature: v=1; d=desk.example;\r\n\tb=abc\r\n"
    b"MIME-Version: 1.0\r\n"
)
BODY = b"Content-Type: text/plain\r\n\r\nTo: this line is no header\r\n\r\nBonjour Claire\r\n"


def test_a_message_to_a_new_contact_says_the_same_under_another_name():
    from templates.readdress import readdressed

    old = replace(a_message(), ticket_id=7000, notice="N3", data=HEAD + BODY, recipient=CLAIRE)
    to = Recipient(address=MARC, role=Role.CONTACT, language="fr", name="Marc Dupré")
    new = readdressed(old, to, desk=desk(), keys=KEYS, cause="r1", now=NOW)
    read, was = message_from_bytes(new.data), message_from_bytes(old.data)
    assert read.get_payload() == was.get_payload()
    assert [read[name] for name in ("From", "Subject", "In-Reply-To")] == [
        was[name] for name in ("From", "Subject", "In-Reply-To")
    ]
    for name in ("To", "Reply-To", "Date", "Message-ID"):
        assert len(read.get_all(name)) == 1
    assert parseaddr(read["To"])[1] == new.recipient == MARC
    assert read["Message-ID"] == new.message_id
    assert read["DKIM-Signature"] is None
    token = read_reply_address(KEYS, desk().address, parseaddr(read["Reply-To"])[1])
    assert (token.ticket_id, token.role) == (7000, Role.CONTACT)
    assert read_message_id(KEYS, desk().address, new.message_id).ticket_id == 7000
    assert new.bounce_key != old.bounce_key


def test_how_long_is_waited_stands_in_the_configuration(store):
    write(store, opened(), a_message(1), replace(a_message(2), recipient=MARC))
    waits = waits_of(Relay(late_hours=1, doubt_minutes=5))
    with store.write() as tx:
        outbox.claim(tx, 1, 10, NOW)
        outbox.record(tx, [(1, UNCERTAIN), (2, DEFERRED)], NOW + HOUR, waits)
    assert pending(store) == [(1, "doubt", NOW + HOUR + timedelta(minutes=5))]
    assert row_of(store, 2).report == "deferred"
