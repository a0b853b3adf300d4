"""A mail on a group moves the lines it speaks of, with one answer for all (A-30, A-34, A-50, A-64)."""

from dataclasses import replace

import pytest

from handlers.decision import Verdict

from .carts import ANA, knowing, states, told, write
from .people import CLAIRE

FIVE = "Facture\tPosition\tMotif" + "".join(f"\n12\t{n}00\tDéfectueux" for n in range(1, 6))
TEAM = "team@desk.example"


def cart():
    """Five lines in a cart, as storage knows them."""
    return knowing(write(FIVE))


def first(facts):
    return min(facts.tickets.values(), key=lambda one: one.id)


def line(facts, number):
    return sorted(facts.tickets.values(), key=lambda one: one.id)[number - 1]


def test_several_lines_of_one_mail_get_one_answer_and_numbers_in_order():
    """(A-31, A-34, A-36) A reservation number each, one recap."""
    decision = write(FIVE)
    assert states(decision) == ["in_cart"] * 5
    assert told(decision) == [("N_cart", CLAIRE)]
    (recap,) = decision.notices
    rows = recap.values["tickets"]
    assert [row["line"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["fields"]["reservation"] for row in rows] == [
        f"RES-2026-00000{n}" for n in range(1, 6)
    ]
    assert {change.ticket.group for change in decision.changes} == {"LIG-000001"}
    assert recap.ticket_id == 1000


def test_one_line_is_a_group_too():
    decision = write("Facture : 12\nPosition : 100\nMotif : défectueux")
    assert [change.ticket.group for change in decision.changes] == ["LIG-000001"]
    assert told(decision) == [("N_cart", CLAIRE)]


@pytest.mark.parametrize("text", ["CONFIRMER", "oui", "ok", "Je confirme."])
def test_the_whole_cart_is_confirmed_at_once(text):
    """(A-34, A-50) One confirmation, one item for the team once everything is confirmed."""
    facts = cart()
    decision = write(text, facts, on=first(facts), journal_id=2)
    assert decision.verdict is Verdict.APPLIED
    assert states(decision) == ["confirmed"] * 5
    assert told(decision) == [("N_confirmed", CLAIRE), ("W_all", TEAM)]
    keys = [change.ticket.key for change in decision.changes]
    assert sorted(keys) == [f"{n:012d}" for n in range(1, 6)]


def test_a_part_of_the_cart_is_confirmed():
    facts = cart()
    decision = write("CONFIRMER 1,3", facts, on=first(facts), journal_id=2)
    assert states(decision) == ["confirmed", "confirmed"]
    assert [c.ticket.fields["position"] for c in decision.changes] == ["100", "300"]
    (notice,) = decision.notices
    assert [row["line"] for row in notice.values["tickets"]] == [1, 3]


def test_the_rest_is_confirmed_later_and_the_others_are_left_alone():
    facts = cart()
    once = write("CONFIRMER 1,3", facts, on=first(facts), journal_id=2)
    later = {**facts.tickets, **{c.ticket.id: c.ticket for c in once.changes}}
    again = replace(facts, tickets=later, numbers=once.numbers)
    decision = write("CONFIRMER", again, on=first(again), journal_id=3)
    assert [c.ticket.fields["position"] for c in decision.changes] == ["200", "400", "500"]
    assert "W_all" in dict(told(decision))


def test_ok_merci_confirms_nothing():
    """(A-50)"""
    facts = cart()
    decision = write("ok merci", facts, on=first(facts), journal_id=2)
    assert "confirmed" not in states(decision)


def test_a_line_is_cancelled_and_another_corrected():
    """(A-30, A-64)"""
    facts = cart()
    text = "Annuler ligne 2\nLigne 1 motif : Quantité manquante"
    decision = write(text, facts, on=first(facts), journal_id=2)
    assert states(decision) == ["in_cart", "cancelled"]
    assert decision.changes[0].ticket.fields["reason"] == "missing"
    assert dict(told(decision)) == {"N_cancelled": CLAIRE, "N_cart": CLAIRE}


def test_lines_are_added_to_the_cart():
    """(A-30) The recap shows all of them."""
    facts = cart()
    text = "Ajouter :\nFacture : 99\nPosition : 100\nMotif : défectueux"
    decision = write(text, facts, on=first(facts), journal_id=2)
    added = next(change.ticket for change in decision.changes if change.opened)
    assert (added.id, added.group, added.state) == (2000, "LIG-000001", "in_cart")
    (recap,) = (n for n in decision.notices if n.template == "N_cart")
    assert [row["line"] for row in recap.values["tickets"]] == [6]
    assert len(recap.values["lines"]) == 6


def test_a_number_of_no_line_is_told_and_the_others_are_done():
    facts = cart()
    decision = write("CONFIRMER 1,9", facts, on=first(facts), journal_id=2)
    assert states(decision)[0] == "confirmed"
    (notice,) = (n for n in decision.notices if n.template == "N_no_line")
    assert notice.values["unknown"] == ["9"]


@pytest.mark.parametrize(
    "text", ["Je confirme les lignes 1 et 3, pas la ligne 2", "CONFIRMER 1,3 si vous venez demain"]
)
def test_a_condition_moves_no_line(text):
    """(X-16) A person looks at it."""
    facts = cart()
    decision = write(text, facts, on=first(facts), journal_id=2)
    assert set(states(decision)) == {"in_cart"}
    assert told(decision) == [("W_comment", TEAM)]


def test_a_question_about_one_line_is_filed_there():
    facts = cart()
    decision = write("J'ai une remarque sur la ligne 4.", facts, on=first(facts), journal_id=2)
    assert [change.ticket.id for change in decision.changes if change.steps] == [line(facts, 4).id]


def test_a_plain_remark_stays_on_the_ticket_it_answers():
    facts = cart()
    decision = write("Le carton est encore là.", facts, on=line(facts, 2), journal_id=2)
    assert [change.ticket.id for change in decision.changes] == [line(facts, 2).id]
    assert told(decision) == [("W_comment", TEAM)]


def test_what_was_told_or_answered_about_one_line_counts_for_the_group():
    """(X-18, X-30) One notice speaks of all of them."""
    facts = replace(
        cart(), told=frozenset({(1000, "N_cart")}), acknowledged=frozenset({(1000, CLAIRE)})
    )
    third = line(facts, 3)
    assert facts.told_on(third) == {"N_cart"}
    assert facts.was_answered(third, CLAIRE)
    alone = replace(third, id=77, group="")
    assert not facts.told_on(alone) and not facts.was_answered(alone, CLAIRE)


@pytest.mark.parametrize(
    ("lines", "positions"),
    [
        ("lignes=2,4", ["200", "400"]),
        ("lignes=2-4", ["200", "300", "400"]),
        ("ligne=5", ["500"]),
        ("lignes=toutes", ["100", "200", "300", "400", "500"]),
    ],
)
def test_an_agent_commands_several_lines_at_once(lines, positions):
    """One command, one answer to the customer."""
    facts = cart()
    command = f'#refuser {lines} motif="hors délai"'
    decision = write(command, facts, on=first(facts), sender=ANA, journal_id=2)
    moved = [c.ticket for c in decision.changes if c.ticket.state == "cancelled"]
    assert sorted(one.fields["position"] for one in moved) == positions
    assert {one.fields["comment"] for one in moved} == {"hors délai"}
    assert told(decision).count(("N_cancelled", CLAIRE)) == 1


def test_a_command_for_a_line_that_is_none_changes_nothing():
    """(X-39)"""
    facts = cart()
    command = "#refuser lignes=2,9 motif=x"
    decision = write(command, facts, on=first(facts), sender=ANA, journal_id=2)
    assert told(decision) == [("W_command_error", ANA)]
    assert decision.changes == ()


def test_what_is_missing_goes_to_the_line_that_lacks_it():
    """The recap is about the first line; the second one waits for its reason."""
    text = "Facture\tPosition\tMotif\n12\t100\tDéfectueux\n12\t200\t-"
    facts = knowing(write(text))
    assert [one.state for one in facts.tickets.values()] == ["in_cart", "to_complete"]
    decision = write("Motif : quantité manquante", facts, on=first(facts), journal_id=2)
    assert [(c.ticket.id, c.ticket.state) for c in decision.changes] == [(1001, "in_cart")]
    assert decision.changes[0].ticket.fields["reason"] == "missing"
