"""The rules of `handlers.decide`, one reason each: what is ignored, held, merged or answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.decide import decide
from handlers.decision import Decision, Verdict
from handlers.desk import Contact
from handlers.facts import HeldMail, SentMessage
from handlers.incoming import Incoming
from handlers.people.budget import Spent, weighed
from handlers.ticket import Article, Document, Role, Visibility
from handlers.token import message_id, reply_address
from handlers.words.sheet import Sheet, read_sheets
from parsers.intents.intent import intent_of
from parsers.mail import (
    Address,
    Attachment,
    AuthenticationResult,
    Bounce,
    FileKind,
    Forward,
    Intent,
    IntentKind,
    Machine,
    ParsedMail,
    Received,
)

from .people import CLAIRE, DESK, KEYS, NOW, RMA, desk, envelope, facts, mail, ticket

ANA = "ana@desk.example"


def _decide(
    given: ParsedMail, known=None, at=None, *, here=None, env=None, sheets=None
) -> Decision:
    given = replace(given, intent=intent_of(given.new_text, "fr"))
    incoming = Incoming(
        journal_id=8,
        mail=given,
        envelope=env or envelope(reverse_path=given.sender.address or CLAIRE),
        sheets=sheets,
    )
    return decide(
        incoming,
        known if known is not None else facts(),
        desk=here or desk(),
        workflow=RMA,
        keys=KEYS,
        now=at or NOW,
    )


def _to(it, who=CLAIRE, role=Role.CONTACT):
    return reply_address(KEYS, DESK, it.id, role, who)


def _on(it, text="Bonjour", sender=CLAIRE, role=Role.CONTACT, **changes):
    return mail(text, sender=sender, recipients=(_to(it, sender, role),), **changes)


def _proven(given: ParsedMail) -> ParsedMail:
    said = AuthenticationResult(
        authserv_id="mx.desk.example", hop=0, dmarc="pass", from_domain="desk.example"
    )
    return replace(given, authentication=(said,), received=(Received(by="mx.desk.example"),))


@pytest.mark.parametrize(
    "machine", [Machine.LIST, Machine.DISPOSITION, Machine.REPORT, Machine.AUTO_REPLY, Machine.OWN]
)
def test_a_machine_is_never_answered(machine):
    decision = _decide(mail("Bonjour", machine=machine))
    assert (decision.verdict, decision.notices, decision.changes) == (Verdict.IGNORED, (), ())


def test_the_null_path_is_a_machine():
    assert _decide(mail("x"), env=envelope(reverse_path="")).verdict is Verdict.IGNORED


def test_our_own_address_as_sender_is_ignored():
    assert _decide(mail("x", sender=DESK)).reason == "own_message"


def test_too_many_hops_are_held():
    far = mail("x", received=tuple(Received(by=f"h{n}") for n in range(51)))
    assert _decide(far).reason == "too_many_hops"
    assert [n.template for n in _decide(far).notices] == ["W_held"]


def test_the_team_is_told_once_a_day_of_mails_held_for_the_same_reason():
    far = mail("x", received=tuple(Received(by=f"h{n}") for n in range(51)))
    held = HeldMail(
        journal_id=3, sender=CLAIRE, reason="too_many_hops", ticket_id=None, received_at=NOW
    )
    assert _decide(far, facts(held=(held,))).notices == ()
    tomorrow = _decide(far, facts(held=(held,)), NOW + timedelta(days=1))
    assert [n.template for n in tomorrow.notices] == ["W_held"]


def test_a_mail_without_sender_is_held():
    decision = _decide(mail("x", sender=""))
    assert decision.reason == "no_sender"
    assert {n.to.role for n in decision.notices} == {Role.AGENT}


def test_an_encrypted_mail_is_held_and_one_that_says_something_is_not():
    sealed = mail("", defects=("encrypted",), intent=Intent(kind=IntentKind.EMPTY, only=True))
    assert _decide(sealed).reason == "encrypted"
    assert _decide(mail("Mon lecteur est en panne", defects=("encrypted",))).reason != "encrypted"


def test_the_same_words_within_a_day_are_one_mail():
    decision = _decide(mail("Bonjour"), facts(twin=3))
    assert (decision.verdict, decision.notices) == (Verdict.DUPLICATE, ())


def test_a_held_mail_that_may_be_forged_is_no_double_of_who_is_believed():
    it = ticket()
    waiting = HeldMail(journal_id=3, sender=CLAIRE, reason="sender_not_on_ticket", ticket_id=it.id)
    known = replace(facts(it, twin=3), held=(waiting,))
    assert _decide(_on(it, "Bonjour", CLAIRE), known).verdict is Verdict.APPLIED
    stranger = _decide(_on(it, "Bonjour", "eve@evil.example"), known)
    assert stranger.verdict is Verdict.DUPLICATE


def test_an_agent_without_proof_is_held_and_the_team_is_told():
    it = ticket()
    decision = _decide(_on(it, "#commande ok", ANA, Role.AGENT), facts(it))
    assert decision.verdict is Verdict.HELD
    assert {n.template for n in decision.notices} == {"W_security"}
    assert decision.changes == ()


def test_a_stranger_on_a_ticket_changes_and_learns_nothing():
    it = ticket()
    decision = _decide(_on(it, "bon pour accord", "eve@evil.example"), facts(it))
    assert (decision.verdict, decision.reason) == (Verdict.HELD, "sender_not_on_ticket")
    assert decision.changes == ()
    assert {n.to.role for n in decision.notices} == {Role.AGENT}


def test_a_key_in_the_subject_routes_only_for_the_tickets_own_people():
    it = ticket()
    stranger = mail("Bonjour", sender="eve@evil.example", subject=f"Re: {it.key}")
    assert _decide(stranger, facts(it)).about is None
    own = mail("Où en est mon dossier ?", subject=f"Re: {it.key}")
    assert _decide(own, facts(it)).about == it.id


def test_a_key_in_the_body_never_routes():
    it = ticket()
    known = facts(it)
    assert (
        _decide(
            mail(f"vieille référence {it.key}, autre sujet"), replace(known, by_reference={})
        ).about
        != it.id
    )


def test_an_unknown_sender_of_a_closed_desk_gets_one_answer_and_no_ticket():
    decision = _decide(mail("Bonjour", sender="x@nowhere.example"))
    assert (decision.verdict, decision.reason) == (Verdict.HELD, "unknown_sender")
    assert [n.template for n in decision.notices] == ["W_unknown_sender", "N_account_unknown"]
    again = _decide(
        mail("Bonjour", sender="x@nowhere.example"), facts(automatic_today={"x@nowhere.example": 1})
    )
    assert [n.template for n in again.notices] == ["W_unknown_sender"]


def test_a_new_colleague_is_challenged_once_and_the_answer_is_the_proof():
    paul = "paul@dupont.example"
    known = facts(domains={"dupont.example": "Dupont SA"})
    first = _decide(mail("Mon lecteur est en panne", sender=paul), known)
    assert (first.verdict, first.reason) == (Verdict.HELD, "awaiting_confirmation")
    assert [n.template for n in first.notices] == ["N_challenge"]
    waiting = replace(
        known,
        held=(HeldMail(journal_id=5, sender=paul, reason="awaiting_confirmation", ticket_id=None),),
        sent={
            "<c@x>": SentMessage(
                message_id="<c@x>", recipient=paul, ticket_id=None, notice="N_challenge"
            )
        },
    )
    answer = _decide(mail("oui", sender=paul, in_reply_to=("<c@x>",)), waiting)
    assert answer.replay == (5,)
    assert [c.address for c in answer.contacts] == [paul]


def test_somebody_else_cannot_answer_a_challenge():
    known = facts(
        held=(
            HeldMail(
                journal_id=5,
                sender="paul@dupont.example",
                reason="awaiting_confirmation",
                ticket_id=None,
            ),
        ),
        sent={
            "<c@x>": SentMessage(
                message_id="<c@x>",
                recipient="paul@dupont.example",
                ticket_id=None,
                notice="N_challenge",
            )
        },
    )
    assert (
        _decide(mail("oui", sender="eve@evil.example", in_reply_to=("<c@x>",)), known).replay == ()
    )


def test_an_old_mail_is_filed_mute():
    decision = _decide(mail("Mon lecteur est en panne"), env=envelope(mute=True))
    assert decision.verdict is Verdict.APPLIED
    assert decision.notices == ()
    assert all(change.started == () for change in decision.changes)


def test_recipients_never_come_from_the_mail():
    it = ticket()
    nasty = _on(
        it,
        "Quel est le délai ?",
        reply_to=(Address(address="victim@else.example"),),
        cc=(Address(address="victim@else.example"),),
        to=(Address(address="victim@else.example"),),
    )
    assert "victim@else.example" not in {n.to.address for n in _decide(nasty, facts(it)).notices}


def test_a_bounce_marks_the_address_and_tells_the_team():
    it = ticket()
    sent = SentMessage(message_id="<n3@x>", recipient=CLAIRE, ticket_id=it.id, notice="N3")
    report = mail(
        "",
        sender="mailer-daemon@x.example",
        machine=Machine.BOUNCE,
        bounces=(Bounce(recipient=CLAIRE, status="5.1.1", message_id="<n3@x>"),),
    )
    decision = _decide(report, facts(it, sent={"<n3@x>": sent}), env=envelope(reverse_path=""))
    assert decision.settled == {"<n3@x>": "bounced"}
    assert "address_invalid" in decision.changes[0].ticket.flags
    assert {n.to.role for n in decision.notices} == {Role.AGENT}


@pytest.mark.parametrize(
    "known_as, bounce, settled",
    [
        ("k3", Bounce(recipient=CLAIRE, status="5.1.1", message_id="<relay@y>"), True),
        ("<n3@x>", Bounce(recipient=CLAIRE, status="5.1.1", message_id="<relay@y>"), False),
        ("<n3@x>", Bounce(recipient="c@y.example", aliases=(CLAIRE,), status="5.1.1"), True),
        ("<n3@x>", Bounce(recipient="c@y.example", status="5.1.1"), False),
    ],
)
def test_a_report_is_ours_by_its_path_or_id_and_by_any_name_of_the_recipient(
    known_as, bounce, settled
):
    it = ticket()
    sent = SentMessage(message_id="<n3@x>", recipient=CLAIRE, ticket_id=it.id, notice="N3")
    report = mail("", sender="mailer-daemon@x.example", machine=Machine.BOUNCE, bounces=(bounce,))
    decision = _decide(report, facts(it, sent={known_as: sent}), env=envelope(reverse_path=""))
    assert bool(decision.settled) is settled


def test_a_report_about_nothing_of_ours_is_ignored():
    report = mail(
        "", machine=Machine.BOUNCE, bounces=(Bounce(recipient="x@y.example", status="5.1.1"),)
    )
    assert _decide(report).verdict is Verdict.IGNORED


def test_an_agents_forward_opens_for_the_original_sender():
    forwarded = mail(
        "Merci de traiter",
        sender=ANA,
        forward=Forward(
            sender=Address(address=CLAIRE, name="Claire"),
            subject="lecteur",
            text="Mon lecteur ne lit plus.",
        ),
    )
    decision = _decide(_proven(forwarded))
    change = decision.changes[0]
    assert change.ticket.contact == CLAIRE
    assert [(a.visibility.value, a.author) for a in change.articles] == [
        ("public", CLAIRE),
        ("note", ANA),
    ]
    assert ANA in {n.to.address for n in decision.notices}


def test_a_forward_without_a_sender_goes_back_to_the_agent():
    forwarded = mail(
        "voir ci-dessous", sender=ANA, forward=Forward(sender=None, text="Mon lecteur")
    )
    decision = _decide(_proven(forwarded))
    assert (decision.verdict, [n.template for n in decision.notices]) == (
        Verdict.HELD,
        ["W_requester"],
    )


def test_a_late_answer_opens_a_new_request_that_follows():
    it = ticket(state="closed", closed_at=NOW - timedelta(days=15))
    decision = _decide(_on(it, "Le lecteur SN1234 est de nouveau en panne"), facts(it))
    assert decision.changes[0].opened
    assert decision.changes[0].ticket.links["follows"] == it.key


def test_thanks_on_a_closed_ticket_change_nothing():
    it = ticket(state="closed", closed_at=NOW - timedelta(days=1))
    decision = _decide(_on(it, "Merci beaucoup !"), facts(it))
    assert decision.notices == ()
    assert decision.changes[0].ticket.state == "closed"


def test_the_same_facts_give_the_same_decision():
    assert _decide(mail("Mon lecteur SN1 est en panne")) == _decide(
        mail("Mon lecteur SN1 est en panne")
    )


def test_a_contact_of_another_customer_is_a_stranger_here():
    it = ticket()
    other = "bob@martin.example"
    known = facts(it, contacts={other: Contact(address=other, organisation="Martin")})
    assert _decide(_on(it, "Où en est-on ?", other), known).reason == "sender_not_on_ticket"


def test_a_stranger_named_as_contact_is_not_written_to():
    decision = _decide(mail("Mon lecteur est en panne\nContact : victim@else.example"))
    change = decision.changes[0]
    assert change.ticket.contact == CLAIRE
    assert change.ticket.role_of("victim@else.example") is Role.PENDING
    assert "victim@else.example" not in {n.to.address for n in decision.notices}


def test_a_colleague_named_as_contact_takes_over():
    known = facts(domains={"dupont.example": "Dupont SA"})
    decision = _decide(mail("Mon lecteur est en panne\nContact : paul@dupont.example"), known)
    ticket_opened = decision.changes[0].ticket
    assert ticket_opened.contact == "paul@dupont.example"
    assert ticket_opened.role_of(CLAIRE) is Role.REQUESTER


def test_a_reply_that_names_a_stranger_as_contact_asks_an_agent():
    it = ticket(state="to_complete", fields={})
    decision = _decide(_on(it, "Contact : victim@else.example"), facts(it))
    assert decision.changes[0].ticket.contact == CLAIRE
    assert "W_contact" in {n.template for n in decision.notices}


def test_a_confirmation_after_three_days_replays_nothing():
    paul = "paul@dupont.example"
    late = HeldMail(
        journal_id=5,
        sender=paul,
        reason="awaiting_confirmation",
        ticket_id=None,
        received_at=NOW - timedelta(hours=73),
    )
    known = facts(
        domains={"dupont.example": "Dupont SA"},
        held=(late,),
        sent={
            "<c@x>": SentMessage(
                message_id="<c@x>", recipient=paul, ticket_id=None, notice="N_challenge"
            )
        },
    )
    decision = _decide(mail("oui", sender=paul, in_reply_to=("<c@x>",)), known)
    assert decision.replay == ()
    assert [n.template for n in decision.notices] == ["N_challenge"]


def test_a_product_family_has_its_own_return_address():
    here = desk(return_address=("Paris",), return_addresses=(("LECT-*", ("Lyon",)),))
    assert here.return_address_for("lect-400") == ("Lyon",)
    assert here.return_address_for("ETQ-220") == ("Paris",)


def test_a_serial_number_that_is_not_on_the_list_is_flagged_and_not_refused():
    words = (
        "Nature du retour : hors garantie\nAction attendue : réparation\nRéférence : LECT-400\n"
        "N° de série : SN1234\nSociété : Dupont\nAdresse de réexpédition : 1 rue X, 75000 Paris\n"
        "Description : le lecteur ne lit plus aucun badge"
    )
    known = _decide(mail(words), facts(serials_listed=frozenset({"SN1234"})))
    unknown = _decide(mail(words), facts(serials_listed=frozenset()))
    assert known.changes[0].ticket.state == unknown.changes[0].ticket.state == "submitted"
    assert "unlisted_serial" not in known.changes[0].ticket.flags
    assert "unlisted_serial" in unknown.changes[0].ticket.flags


def test_a_misspelt_address_is_shown_to_the_agent_only():
    decision = _decide(
        mail("Bonjour", sender="clare@dupont.example"), facts(neighbours=(CLAIRE,), contacts={})
    )
    items = {n.template: n for n in decision.notices}
    assert CLAIRE in str(items["W_unknown_sender"].values)
    assert CLAIRE not in str(items["N_account_unknown"].values)


def test_an_agent_splits_a_request_off_a_ticket():
    it = ticket()
    said = Article(
        cause="m7",
        author=CLAIRE,
        at=NOW,
        text="Un autre lecteur, n° de série SN9999, hors garantie, est à réparer.",
    )
    known = facts(it, articles={it.id: (said,)})
    decision = _decide(_proven(_on(it, "#scinder", ANA, Role.AGENT)), known)
    opened = [c.ticket for c in decision.changes if c.opened]
    assert [(t.contact, t.fields["serial"], t.fields["action"]) for t in opened] == [
        (CLAIRE, "SN9999", "repair")
    ]
    assert ANA not in {p.address for t in opened for p in t.participants}
    assert {n.template for n in decision.notices} == {"N0", "W_done"}


def test_explain_tells_the_level_and_why_earlier_rows_did_not_fire():
    """`savd explain`: each row that hears the mail, with the reason why it stayed still."""
    it = ticket(organisation="Dupont SA")
    marc = "marc@dupont.example"
    known = replace(facts(it), domains={"dupont.example": "Dupont SA"})
    told = _decide(_on(it, "Nous refusons le devis.", marc, Role.OBSERVER), known).evidence
    assert f"{it.key}: {marc} has level organisation" in told
    assert f"{it.key}: C-5 fired" in told
    assert "not F-T13: level organisation, participant needed" in told


def test_explain_names_the_guard_that_did_not_hold():
    it = ticket(state="to_complete", fields={})
    told = _decide(_on(it, "Référence : LECT-400"), facts(it)).evidence
    assert "not F-T2: not complete" in told
    assert f"{it.key}: F-T1b fired" in told


def test_explain_tells_the_level_of_a_stranger_and_of_an_agent():
    it = ticket()
    stranger = _decide(_on(it, "Bonjour", "eve@evil.example"), facts(it))
    assert "eve@evil.example has level unknown" in stranger.evidence
    agent = _decide(_proven(mail("#prendre", sender=ANA)), facts())
    assert f"{ANA} has level agent" in agent.evidence


def _waiting(number, sender, reason="sender_not_on_ticket", on=7000):
    return HeldMail(journal_id=number, sender=sender, reason=reason, ticket_id=on)


def test_reject_without_an_address_turns_away_all_who_wait_to_be_admitted():
    it = ticket()
    held = (
        _waiting(3, "eve@evil.example"),
        _waiting(4, "bob@evil.example"),
        _waiting(5, CLAIRE, "failed"),
    )
    decision = _decide(_proven(_on(it, "#rejeter", ANA, Role.AGENT)), facts(it, held=held))
    assert decision.turned_away == (3, 4)


def test_every_admitted_address_is_replayed():
    it = ticket()
    held = (_waiting(3, "eve@new.example"), _waiting(4, "bob@new.example"))
    text = "#admettre eve@new.example\n#admettre bob@new.example"
    decision = _decide(_proven(_on(it, text, ANA, Role.AGENT)), facts(it, held=held))
    assert decision.replay == (3, 4)


def test_admitting_the_contact_changes_nothing():
    it = ticket()
    decision = _decide(_proven(_on(it, f"#admettre {CLAIRE}", ANA, Role.AGENT)), facts(it))
    assert decision.changes[0].ticket.role_of(CLAIRE) is Role.CONTACT


def test_only_an_address_can_be_admitted_to_the_desk():
    decision = _decide(_proven(mail("#admettre Eve", sender=ANA)), facts())
    assert decision.contacts == ()
    assert [n.template for n in decision.notices] == ["W_command_error"]


def test_admitting_keeps_what_is_known_of_a_contact():
    eve = Contact(address="eve@new.example", organisation="Neuf", verified=False)
    known = facts()
    known = replace(known, contacts={**known.contacts, eve.address: eve})
    decision = _decide(_proven(mail("#admettre eve@new.example", sender=ANA)), known)
    assert decision.contacts == (replace(eve, verified=True),)


def test_an_agent_whose_mail_belongs_to_no_ticket_is_told_so():
    """Never "your account is unknown"."""
    decision = _decide(_proven(mail("Bonjour, on en est où ?", sender=ANA)), facts())
    assert [(n.template, n.to.role) for n in decision.notices] == [("W_command_error", Role.AGENT)]


def test_a_request_that_was_cancelled_gives_no_repair_warranty():
    """Only what was shipped back was repaired (F-56)."""
    old = ticket(state="cancelled", closed_at=NOW - timedelta(days=40))
    text = "N° de série : SN1234\nDescription : de nouveau en panne"
    cancelled = _decide(mail(text), facts(old))
    assert "repaired_by_us" not in cancelled.changes[0].ticket.links
    back = replace(old, state="closed", fields={**old.fields, "carrier": "DHL"})
    repaired = _decide(mail(text), facts(back))
    assert repaired.changes[0].ticket.links["repaired_by_us"] == old.key


def test_a_document_that_waits_for_an_agent_is_not_the_order():
    """It cites another request (X-2): no amount of it is compared with the quote."""
    held = Document(
        number=1, kind="order", filename="bc.pdf", content_type="application/pdf", size=1,
        sha256="0", author=CLAIRE, at=NOW, cause="m1", flags=frozenset({"to_attach"}),
    )  # fmt: skip
    assert ticket(documents=(held,)).latest("order") is None


def test_what_an_agent_does_is_told_however_much_mail_the_customer_had():
    """The budget breaks loops; a busy customer still learns that the return is authorised (X-30)."""
    it = ticket(state="order_to_check", fields={"action": "repair"})
    decision = _decide(_proven(_on(it, "#commande ok", ANA, Role.AGENT)), facts(it))
    spent = Spent(addresses={CLAIRE: 99}, desk=9999)
    told = {n.template: n.parked_for for n in weighed(decision, spent, desk()).notices}
    assert told["N4r"] == ""
    mine = weighed(_decide(mail("Mon lecteur est en panne")), spent, desk())
    assert {n.parked_for for n in mine.notices if n.to.address == CLAIRE} == {"address"}


@pytest.mark.parametrize(("words", "is_done"), [
    ("#devis numero=D-7 ht=10", False), ("Voici la notice.", False), ("#note\nla notice", True),
])  # fmt: skip
def test_an_agents_file_that_no_scanner_has_seen_goes_nowhere_and_nothing_is_done(words, is_done):
    """A quote would be announced and not be there: nothing leaves unscanned."""
    paper = Attachment(
        filename="D-7.pdf", content_type="application/pdf", declared_type="", size=4,
        sha256="7", data=b"%PDF", kind=FileKind.PDF, scan="unscanned",
    )  # fmt: skip
    it = ticket(state="quote_due")
    given = _proven(_on(it, words, ANA, Role.AGENT, attachments=(paper,)))
    decision = _decide(given, facts(it))
    told = {notice.template: notice.values for notice in decision.notices}
    assert bool(decision.changes) is is_done
    assert ("W_command_error" not in told) is is_done
    assert is_done or "D-7.pdf" in str(told["W_command_error"]["errors"])


def test_numbers_stay_apart_when_an_agent_completes_and_splits_in_one_mail():
    """Both requests are submitted: two numbers, whichever command comes first."""
    sheet = (
        "Nature : hors garantie\nAction attendue : réparation\nRéférence : LECT-400\n"
        "N° de série : SN7777\nSociété : Dupont\nAdresse de réexpédition : 1 rue Haute, Paris\n"
        "Description : ne lit plus aucun badge"
    )
    it = ticket(
        state="to_complete",
        key="DEM-000007",
        fields={
            "return_kind": "out_of_warranty", "action": "repair", "reference": "L", "company": "D",
            "return_address": "1 rue Haute", "description": "ne lit plus rien du tout",
        },
    )  # fmt: skip
    said = Article(cause="m7", author=CLAIRE, at=NOW, text=sheet)
    commands = ("#champ serie=SN123456", "#scinder")
    for text in ("\n".join(commands), "\n".join(reversed(commands))):
        known = facts(it, articles={it.id: (said,)})
        decision = _decide(_proven(_on(it, text, ANA, Role.AGENT)), known)
        keys = [change.ticket.key for change in decision.changes]
        assert len(set(keys)) == 2
        assert all(key.startswith("RMA-") for key in keys)
        assert decision.numbers.drawn == {"RMA-2026": 2}


@pytest.mark.parametrize(("early", "hours"), [(3, 3), (-3, 0)])
def test_a_request_is_as_old_as_our_border_says(early, hours):
    """The desk was down for three hours: the customer is not late. Never later than accepted (X-31)."""
    line = Received(by="mx.desk.example", at=NOW - timedelta(hours=early))
    forged = Received(by="mx.desk.example", at=NOW - timedelta(days=90))
    decision = _decide(mail("Bonjour, panne", received=(line, forged)))
    assert decision.changes[0].ticket.requested_at == NOW - timedelta(hours=hours)


@pytest.mark.parametrize(
    "address",
    [
        "no-reply@dupont.example",
        "mailer-daemon@x.example",
        '"a b"@x.example',
        "al\u0456ce@x.example",
    ],
)
def test_a_robot_or_an_address_no_relay_takes_is_not_written_to(address):
    known = facts(contacts={address.lower(): Contact(address=address, organisation="Dupont SA")})
    decision = _decide(mail("Mon lecteur est en panne", sender=address), known)
    assert decision.changes[0].opened
    assert {n.to.role for n in decision.notices} <= {Role.AGENT}


def test_a_stranger_is_answered_only_where_the_mail_really_came_from():
    forged = _decide(
        mail("Bonjour", sender="victim@else.example"), env=envelope(reverse_path="x@evil.example")
    )
    assert (forged.verdict, forged.reason) == (Verdict.HELD, "sender_not_vouched_for")
    assert "victim@else.example" not in {n.to.address for n in forged.notices}
    honest = _decide(
        mail("Bonjour", sender="x@else.example"), env=envelope(reverse_path="x@else.example")
    )
    assert "N_account_unknown" in {n.template for n in honest.notices}


def test_a_file_sent_with_a_note_stays_inside_whatever_is_commanded():
    it = ticket(state="submitted")
    photo = Attachment(filename="casse.jpg", content_type="image/jpeg", declared_type="image/jpeg", kind=FileKind.IMAGE,
                       size=9, sha256="f" * 64, data=b"x")  # fmt: skip
    text = "#prendre\n#note casse volontaire"
    given = _proven(_on(it, text, ANA, Role.AGENT, attachments=(photo,)))
    changed = _decide(given, facts(it)).changes[0]
    assert [d.visibility for d in changed.ticket.documents] == [Visibility.NOTE]


def test_a_requester_is_not_named_beside_a_command_that_is_wrong():
    """All or nothing: the forward waits on (X-39, X-40)."""
    asked = SentMessage(
        message_id="<t0.m3.W_requester.x@desk.example>", recipient=ANA, ticket_id=None,
        notice="W_requester",
    )  # fmt: skip
    held = HeldMail(journal_id=3, sender=ANA, reason="requester_unknown", ticket_id=None)
    known = facts(sent={asked.message_id: asked}, held=(held,))
    right = _decide(_proven(mail(f"#demandeur {CLAIRE}", sender=ANA)), known)
    assert (right.replay, right.replay_for) == ((3,), CLAIRE)
    wrong = _decide(_proven(mail(f"#demandeur {CLAIRE}\n#prendr", sender=ANA)), known)
    assert wrong.replay == ()
    assert [n.template for n in wrong.notices] == ["W_command_error"]


def test_what_a_reading_process_understood_decides_the_same():
    words = "Nature du retour : hors garantie\nRéférence : LECT-400\nle lecteur SN1234 est en panne"
    given = mail(words)
    sheets = read_sheets(words, RMA)
    assert _decide(given, sheets=sheets) == _decide(given)


def test_what_a_reading_process_understood_is_not_read_again():
    understood = (Sheet(values={"serial": "READ-0001"}),)
    decision = _decide(mail("Bonjour,\nle lecteur SN1234 est en panne\n"), sheets=understood)
    assert decision.changes[0].ticket.fields["serial"] == "READ-0001"


def test_a_signed_message_id_routes_even_when_the_outbox_has_lost_the_message():
    it = ticket()
    ours = message_id(KEYS, DESK, it.id, cause="m7", notice="N3", role=Role.CONTACT, to=CLAIRE)
    given = mail("Où en est ma demande ?", in_reply_to=(ours,))
    assert _decide(given, facts(it)).about == it.id
    forged = mail("Où en est ma demande ?", in_reply_to=(ours.replace("t7000", "t7001"),))
    other = ticket(id=7001, key="RMA-2026-000008", contact="x@y.example", participants=())
    assert _decide(forged, facts(other)).about is None
