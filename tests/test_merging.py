"""Two tickets become one only when they are of one customer (0.4, X-7)."""

from dataclasses import replace

import pytest

from handlers.agents.merging import merge_into
from handlers.facts import Facts
from handlers.turn import Actor, Event, EventKind, Turn

from .people import NOW, RMA, desk, ticket


def merged(here, there, to="RMA-2026-000002"):
    """The errors of merging one ticket into another."""
    event = Event(
        kind=EventKind.COMMAND,
        actor=Actor(address="ana@desk.example"),
        cause="m5",
        at=NOW,
        requested_at=NOW,
        arguments={"to": to},
    )
    one = replace(ticket(id=1), participants=(), **here)
    other = replace(ticket(id=2, key="RMA-2026-000002"), participants=(), **there)
    facts = Facts(tickets={1: one, 2: other}, by_key={one.key: 1, other.key: 2})
    turn = Turn(workflow=RMA, desk=desk(), event=event, ticket=one, facts=facts)
    return [error.code for error in merge_into(turn).errors]


@pytest.mark.parametrize(
    ("here", "there", "errors"),
    [
        ({"organisation": "Dupont", "contact": ""}, {"organisation": "Dupont", "contact": ""}, []),
        ({"contact": "a@b.example"}, {"contact": "A@b.example", "organisation": ""}, []),
        (
            {"organisation": "Dupont", "contact": ""},
            {"organisation": "Baker", "contact": ""},
            ["other_customer"],
        ),
        ({"organisation": "", "contact": ""}, {"organisation": ""}, ["other_customer"]),
    ],
)
def test_nobody_being_the_contact_makes_no_customer_the_same(here, there, errors):
    assert merged(here, there) == errors


@pytest.mark.parametrize("to", ["rma-2026-000002.", "avec RMA-2026-000002", "[RMA-2026-000002]"])
def test_a_number_is_read_with_the_signs_around_it(to):
    assert merged({}, {}, to) == []
