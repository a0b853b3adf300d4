"""What whoever knows one Message-ID of ours can make us do by reports and absences: little (X-26…X-28)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from handlers.facts import SentMessage
from parsers.mail import Bounce, Machine

from .people import CLAIRE, facts, mail, ticket
from .stores import NOW
from .test_rules import _decide, _on

FAILED = Bounce(recipient=CLAIRE, status="5.1.1", diagnostic="no such user")


def sent(number=3, **changes):
    known = SentMessage(
        message_id=f"<n{number}@x>", recipient=CLAIRE, ticket_id=7, notice="N3", outbox_id=number
    )
    return replace(known, **changes)


def report(*bounces, **changes):
    given = {"sender": "mailer-daemon@x.example", "machine": Machine.BOUNCE, "bounces": bounces}
    return mail("", **(given | changes))


def test_a_failure_that_is_known_is_told_nobody_again():
    it = ticket()
    known = {"<n3@x>": sent(ticket_id=it.id, failed=True)}
    decision = _decide(report(replace(FAILED, message_id="<n3@x>")), facts(it, sent=known))
    assert (decision.changes, decision.notices) == ((), ())
    assert decision.settled == {"<n3@x>": "bounced"}


def test_a_report_that_names_no_message_is_about_the_one_it_answers_not_its_whole_thread():
    it = ticket()
    known = {f"<n{n}@x>": sent(n, ticket_id=it.id) for n in range(40)}
    loud = report(Bounce(recipient="", status="5.0.0"), references=tuple(known))
    decision = _decide(loud, facts(it, sent=known))
    assert decision.settled == {"<n39@x>": "bounced"}
    assert [n.template for n in decision.notices] == ["W_bounce"]


def test_a_report_about_somebody_elses_address_is_about_nothing():
    it = ticket()
    other = replace(FAILED, recipient="x@else.example", message_id="<n3@x>")
    decision = _decide(report(other), facts(it, sent={"<n3@x>": sent(ticket_id=it.id)}))
    assert (decision.reason, decision.settled) == ("report_about_nothing_of_ours", {})


@pytest.mark.parametrize("back_on", [date(2041, 1, 7), NOW.date() + timedelta(days=367)])
def test_nobody_is_away_for_years_whatever_the_date_of_their_mail(back_on):
    it = ticket()
    away = _on(it, "Je suis absente", machine=Machine.AUTO_REPLY, back_on=back_on)
    decision = _decide(away, facts(it))
    assert decision.changes[0].ticket.flags == frozenset()
    assert "absent_until" not in decision.changes[0].ticket.fields
    assert [n.template for n in decision.notices] == ["W_absence"]
