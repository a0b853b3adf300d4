"""How many messages may leave by themselves: weighed one after the other, an agent's never (X-30)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.decision import Decision, Notice, Recipient, Verdict
from handlers.desk import Organisation
from handlers.people.budget import Spent, bound, weighed
from handlers.ticket import Role

from .notice_desk import DESK as SAMPLE_DESK

ANNE = "Anne@client.example"
DESK = replace(SAMPLE_DESK, budget_per_address=3, budget_per_ticket=4, budget_per_desk=5)


def notice(address: str = ANNE, ticket_id: int | None = 1000, **changes: object) -> Notice:
    to = Recipient(address=address, role=Role.CONTACT, language="fr")
    made = Notice(template="N_passed_on", to=to, ticket_id=ticket_id)
    return replace(made, **changes)  # type: ignore[arg-type]


def decided(*notices: Notice, by_agent: bool = False) -> Decision:
    return Decision(verdict=Verdict.APPLIED, notices=notices, by_agent=by_agent)


def fates(decision: Decision, spent: Spent = Spent()) -> list[str]:  # noqa: B008 - a value
    return [one.parked_for or "sent" for one in weighed(decision, spent, DESK).notices]


def test_what_is_within_every_budget_is_charged() -> None:
    (one,) = weighed(decided(notice()), Spent(), DESK).notices
    assert (one.charged, one.parked_for) == (True, "")


@pytest.mark.parametrize(("spent", "fate"), [
    (Spent(addresses={"anne@client.example": 2}), "sent"),
    (Spent(addresses={"anne@client.example": 3}), "address"),
    (Spent(tickets={1000: 3}), "sent"), (Spent(tickets={1000: 4}), "ticket"),
    (Spent(tickets={2000: 9}), "sent"), (Spent(desk=4), "sent"), (Spent(desk=5), "desk"),
    (Spent(desk=5, addresses={"anne@client.example": 3}), "address"),
])  # fmt: skip
def test_what_is_over_a_budget_is_parked_for_it(spent: Spent, fate: str) -> None:
    assert fates(decided(notice()), spent) == [fate]


def test_notices_of_one_decision_count_one_after_the_other() -> None:
    """Spelling of the address does not matter."""
    assert fates(decided(*(notice(who) for who in (ANNE, ANNE.lower(), ANNE, ANNE)))) == [
        *("sent", "sent", "sent"),
        "address",
    ]


def test_what_is_parked_counts_for_nothing() -> None:
    """A loop of one address leaves the desk's budget to the others."""
    anne, bob = notice(ticket_id=None), notice("bob@client.example", ticket_id=None)
    known = Spent(addresses={"anne@client.example": 3}, desk=4)
    assert fates(decided(anne, anne, bob, bob), known) == ["address", "address", "sent", "desk"]


def test_agents_work_items_and_words_of_people_are_free() -> None:
    """They are no loop (X-30)."""
    to = Recipient(address="ana@desk.example", role=Role.AGENT, language="fr")
    free = decided(notice(automatic=False), replace(notice(), to=to))
    used = Spent(addresses={"anne@client.example": 99}, desk=99)
    assert fates(free, used) == ["sent", "sent"]
    assert fates(decided(notice(), by_agent=True), used) == ["sent"]
    assert bound(free) == bound(decided(notice(), by_agent=True)) == ()
    assert not any(one.charged for one in weighed(free, used, DESK).notices)


def test_an_organisation_that_the_desk_asks_things_has_no_daily_number() -> None:
    """It gets one mail for each; the other budgets bind."""
    asked = Organisation(name="eco", transport="mail", address=ANNE)
    desk = replace(DESK, organisations=(asked,))
    spent = Spent(addresses={"anne@client.example": 99})
    assert not weighed(decided(notice()), spent, desk).notices[0].parked_for
    assert weighed(decided(notice()), Spent(desk=5), desk).notices[0].parked_for == "desk"


def test_zero_is_any_number() -> None:
    desk = replace(DESK, budget_per_address=0, budget_per_ticket=0, budget_per_desk=0)
    spent = Spent(addresses={"anne@client.example": 999}, tickets={1000: 999}, desk=999)
    assert weighed(decided(notice()), spent, desk).notices[0].charged
