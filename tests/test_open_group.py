"""A contact has one cart: whatever comes, new lines join it until it is confirmed (A-34)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.proof.problems import problems
from handlers.workflow_file import load

from .carts import CART, FILE, knowing, states, told, write
from .people import CLAIRE, NOW

JOINED = CART.model_copy(
    update={
        "lines": CART.lines.model_copy(
            update={"joined_in": ("to_complete", "in_cart"), "another": ("reason",)}
        )
    }
)
ONE = "Facture : 12\nPosition : 100\nMotif : défectueux"
TWO = "Facture : 12\nPosition : 200\nMotif : quantité manquante"


def mailed(text, facts=None, *, journal_id=1, **how):
    return write(text, facts, journal_id=journal_id, workflow=JOINED, **how)


def groups(decision):
    return [change.ticket.group for change in decision.changes]


def test_a_line_of_a_new_mail_joins_the_cart_and_is_numbered_on():
    """(A-34) The answer tells the new line, and all that is in the cart."""
    decision = mailed(TWO, knowing(mailed(ONE)), journal_id=2)
    assert groups(decision) == ["LIG-000001"]
    (recap,) = decision.notices
    assert [row["line"] for row in recap.values["tickets"]] == [2]
    assert [row["line"] for row in recap.values["lines"]] == [1, 2]


def test_a_line_joins_nothing_when_all_is_confirmed():
    """(A-34) And not the cart of somebody else."""
    first = mailed(ONE)
    facts = knowing(first)
    confirmed = mailed("CONFIRMER", facts, journal_id=2)
    assert states(confirmed) == ["confirmed"]
    assert groups(mailed(TWO, knowing(first, confirmed), journal_id=3)) == ["LIG-000003"]
    theirs = {i: replace(one, contact="tom@baker.example") for i, one in facts.tickets.items()}
    assert groups(mailed(TWO, replace(facts, tickets=theirs), journal_id=3)) == ["LIG-000003"]


def test_a_mail_that_was_held_up_adds_its_lines_behind_those_that_are_there():
    """(A-34) Line 1 stays line 1, whatever the order of the journal."""
    first = mailed(ONE, journal_id=9)
    then = NOW - timedelta(hours=1)
    earlier = {i: replace(one, opened_at=then) for i, one in knowing(first).tickets.items()}
    decision = mailed(TWO, replace(knowing(first), tickets=earlier), journal_id=2)
    assert [row["line"] for row in decision.notices[0].values["tickets"]] == [2]


def test_a_cart_whose_first_line_is_not_at_hand_is_not_joined():
    """(A-34) Its lines could not be numbered."""
    facts = knowing(mailed(f"{ONE}\n\n{TWO}"))
    rest = {i: one for i, one in facts.tickets.items() if one.draft_key != one.group}
    assert groups(mailed(ONE, replace(facts, tickets=rest), journal_id=2)) == ["LIG-000002"]


@pytest.mark.parametrize("text", ["CONFIRMER", "Bonjour, je confirme."])
def test_all_carts_of_old_times_are_confirmed_at_once(text):
    """(A-34) Before contacts had one cart they may have had two."""
    facts = knowing(write(ONE, journal_id=1), write(TWO, journal_id=2))
    assert len({one.group for one in facts.tickets.values()}) == 2
    decision = mailed(text, facts, journal_id=3)
    assert states(decision) == ["confirmed"] * 2
    assert told(decision)[0] == ("N_confirmed", CLAIRE)


def test_a_number_outside_any_thread_needs_one_cart():
    """(A-34) With two of them a person looks, and nothing is confirmed."""
    two = knowing(write(ONE, journal_id=1), write(TWO, journal_id=2))
    assert "confirmed" not in states(mailed("CONFIRMER 1", two, journal_id=3))
    one = knowing(mailed(f"{ONE}\n\n{TWO}"))
    assert states(mailed("CONFIRMER 1", one, journal_id=3)) == ["confirmed"]


def test_a_word_about_confirming_in_a_new_line_confirms_nothing():
    """(A-34, A-50) What a mail with lines says may be about those."""
    text = f"{TWO}\nCommentaire : je confirme par téléphone"
    assert states(mailed(text, knowing(mailed(ONE)), journal_id=2)) == ["in_cart"]


def test_lines_on_the_thread_of_a_cart_that_is_confirmed_begin_another():
    """(A-33, A-34) Whether "ajouter" stands before them or not."""
    first = mailed(ONE)
    confirmed = mailed("CONFIRMER", knowing(first), journal_id=2)
    facts = knowing(first, confirmed)
    line = next(iter(facts.tickets.values()))
    for text in (f"ajouter\n{TWO}", f"{TWO}\n\n{ONE}"):
        decision = mailed(text, facts, on=line, journal_id=3)
        assert set(groups(decision)) == {"LIG-000001", "LIG-000003"}
        assert decision.notices[0].template == "N_cart"


def test_of_two_mails_at_once_only_one_founds_a_cart():
    """(A-34) Both draw the same number: storage refuses the second, and it is decided again. Incomplete
    lines draw no other."""
    first, second = (mailed("Facture : 12", journal_id=n) for n in (1, 2))
    assert states(first) == states(second) == ["to_complete"]
    assert first.numbers.drawn == second.numbers.drawn == {"LIG groups": 1}
    again = mailed("Facture : 12", knowing(first), journal_id=2)
    assert groups(again) == ["LIG-000001"]
    assert not again.numbers.drawn


def test_what_a_cart_says_of_states_and_fields_is_proved():
    """(A-34) A state or field that is none is a mistake of the file."""
    text = FILE.read_text("utf-8").replace(
        "unknown: N_no_line", "unknown: N_no_line\n  joined_in: [nowhere]"
    )
    assert any("nowhere" in one for one in problems(load(text, "cart.yaml")))
