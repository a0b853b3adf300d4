"""A ticket that another one opens: its own people, its own key, and no word of the first (I-T11, R-25)."""

from dataclasses import replace

import pytest

from handlers.proof.problems import problems
from handlers.steps.effects import EFFECTS
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.workflow_file import load

from .carts import ANA, CART, DESK, FILE, knowing, states, told, write
from .people import CLAIRE, NOW, ticket

LINE = "Facture : 12\nPosition : 100\nMotif : défectueux"
BEA = "bea@ailleurs.example"


def confirmed():
    """A confirmed line of Claire's."""
    opened = write(LINE)
    (line,) = (change.ticket for change in opened.changes)
    return replace(line, state="confirmed", key="000000000001")


def asked():
    """The decision in which an agent asks somebody else about Claire's line."""
    line = confirmed()
    facts = knowing(tickets={line.id: line}, by_key={line.key: line.id})
    return line, write(f"#autre adresse={BEA}", facts, on=line, sender=ANA, journal_id=2)


def test_the_process_of_the_tests_is_proved():
    assert problems(CART) == ()


def test_a_child_has_its_own_contact_state_and_series():
    line, decision = asked()
    parent, child = sorted((c.ticket for c in decision.changes), key=lambda one: one.id)
    assert (child.state, child.contact, child.key) == ("awaiting_other", BEA, "TIE-2026-000001")
    assert child.fields["invoice"] == "12"
    assert child.fields["comment"] == line.fields["reservation"]
    assert (child.links["parent"], parent.links["third"]) == (line.key, child.key)
    assert child.group == ""


def test_nothing_of_the_first_customer_reaches_the_second():
    """(I-T11, I-30) No address, no words, no thread, no key."""
    line, decision = asked()
    child = max((change for change in decision.changes), key=lambda one: one.ticket.id)
    (notice,) = (n for n in decision.notices if n.to.address == BEA)
    assert notice.template == "N_asked"
    assert notice.references == () and notice.in_reply_to == ""
    assert child.articles == ()
    assert {p.address for p in child.ticket.participants} == {BEA}
    assert child.ticket.subject == ""
    kept = f"{notice.values} {child.ticket.fields}"
    assert CLAIRE not in kept and line.key not in kept


def test_the_answer_of_the_child_moves_the_parent():
    line, decision = asked()
    facts = knowing(decision)
    child = max(facts.tickets.values(), key=lambda one: one.id)
    answered = write("Oui, j'ai reçu un autre colis.", facts, on=child, sender=BEA, journal_id=3)
    assert states(answered) == ["closed", "closed"]
    parent = min((c.ticket for c in answered.changes), key=lambda one: one.id)
    assert parent.fields["found"] == "yes"
    assert told(answered) == [("W_found", "team@desk.example")]
    (notice,) = answered.notices
    assert notice.ticket_id == line.id
    assert "autre colis" not in str(notice.values)


def turn_on(parent, cause):
    """A turn in which a customer said something on a ticket."""
    actor = Actor(address=CLAIRE)
    event = Event(
        kind=EventKind.MAIL, actor=actor, cause=cause, at=NOW, requested_at=NOW, said="une plainte"
    )
    return Turn(workflow=CART, desk=DESK, event=event, ticket=parent)


def test_without_a_contact_of_its_own_a_child_has_the_people_and_words_of_its_parent():
    parent = ticket(state="confirmed", fields={})
    turn = EFFECTS["open_child"](turn_on(parent, "t17"), signal="third_party")
    (child,) = turn.others
    assert child.ticket.participants == parent.participants
    assert child.event.said == "une plainte"
    assert child.ticket.id == 8_000_000_017_500
    assert turn.ticket.links["child"] == child.ticket.key


def test_two_children_of_one_event_are_two_tickets():
    turn = turn_on(ticket(state="confirmed", fields={}), "m9")
    for _ in range(2):
        turn = EFFECTS["open_child"](turn, signal="third_party")
    assert [child.ticket.id for child in turn.others] == [9500, 9501]
    assert turn.ticket.links["child"] == "TIE-2026-000001 TIE-2026-000002"


def test_one_event_opens_no_ticket_with_the_number_of_another_one():
    turn = turn_on(ticket(state="confirmed", fields={}), "m9")
    for children, opened in ((499, [9999]), (500, [])):
        numbers = replace(turn.numbers, children=children)
        told_so = EFFECTS["open_child"](replace(turn, numbers=numbers), signal="third_party")
        assert [child.ticket.id for child in told_so.others] == opened


def test_a_signal_that_no_row_hears_opens_nothing():
    turn = turn_on(ticket(state="confirmed", fields={}), "m9")
    assert EFFECTS["open_child"](turn, signal="answered") is turn


def test_a_signal_that_nobody_gives_or_hears_is_a_problem_of_the_file():
    text = FILE.read_text(encoding="utf-8")
    mute = load(text.replace("signal: answered}}", "signal: unheard}}"), "cart.yaml")
    assert len([p for p in problems(mute) if "signal" in p]) == 2


@pytest.mark.parametrize(
    ("right", "wrong", "word"),
    [
        ("copy: [invoice]", "copy: [bill]", "'bill'"),
        ("contact: other_contact", "contact: somebody", "'somebody'"),
        ("{number:012d}", "{count:012d}", "pattern"),
        ("{number:012d}", "CDE-{year}", "{number}"),
        ("field: reservation}", "field: booking}", "'booking'"),
        ("all_in_group: [confirmed", "all_in_group: [agreed", "'agreed'"),
        ("link: third, states: [closed]", "link: third, states: [done]", "'done'"),
        ("    acceptance: {fr", "    yes_please: {fr", "'yes_please'"),
        ("unknown: N_no_line", "unknown: N_what", "'N_what'"),
        ("closes: closed", "closes: shut", "'shut'"),
    ],
)
def test_a_slip_of_the_pen_is_found_before_it_runs(right, wrong, word):
    text = FILE.read_text(encoding="utf-8")
    assert right in text
    found = problems(load(text.replace(right, wrong, 1), "cart.yaml"))
    assert any(word in problem for problem in found)
