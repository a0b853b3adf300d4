"""Keys, reservations and return numbers come out of series that never give one twice."""

from datetime import timedelta

from handlers.numbering import Numbers, furthest
from handlers.steps.effects import assign_number
from handlers.turn import Actor, Event, EventKind, Turn

from .people import NOW, RMA, desk, ticket


def turn(**changes):
    """A turn of a request that has no number yet, decided in November."""
    at = changes.pop("at", NOW)
    actor = Actor(address="claire@dupont.example")
    event = Event(kind=EventKind.OPENING, actor=actor, cause="m1", at=at, requested_at=at)
    fresh = ticket(key="DEM-000007", fields={})
    return Turn(workflow=RMA, desk=desk(), event=event, ticket=fresh, **changes)


def test_a_ticket_gets_its_final_key_once():
    numbered = assign_number(turn(numbers=Numbers(next={"RMA-2026": 412})))
    assert numbered.ticket.key == "RMA-2026-000412"
    again = assign_number(numbered)
    assert (again.ticket.key, again.numbers.drawn) == ("RMA-2026-000412", {"RMA-2026": 1})


def test_a_field_gets_a_number_of_another_series_and_the_key_stays():
    numbered = assign_number(turn(), series="RES", field="reservation")
    assert numbered.ticket.fields == {"reservation": "RES-2026-000001"}
    assert numbered.ticket.key == "DEM-000007"


def test_twelve_digits_count_on_over_the_year():
    """(A-T3) Nothing in the number tells years apart."""
    stood = Numbers(next={"RMA": 202646749})
    for year in (0, 400):
        at = NOW + timedelta(days=year)
        numbered = assign_number(
            turn(numbers=stood, at=at), pattern="{number:012d}", field="rma_number"
        )
        assert numbered.ticket.fields["rma_number"] == "000202646749"
        assert numbered.numbers.drawn == {"RMA": 1}


def test_the_year_is_that_of_the_desk():
    """At half past eleven on New Year's Eve in London it is next year in Paris."""
    eve = NOW.replace(month=12, day=31, hour=23, minute=30)
    assert assign_number(turn(at=eve), digits=4).ticket.key == "RMA-2027-0001"


def test_turns_that_draw_one_after_the_other_are_counted_once():
    first, one = Numbers(next={"A": 5}).draw("A")
    second, two = one.draw("A")
    third, three = one.draw("B")
    assert (first, second, third) == (5, 6, 1)
    assert furthest([one, two, three]).drawn == {"A": 2, "B": 1}
    assert furthest([Numbers(), two]).next == {"A": 5}
    assert furthest([]) == Numbers()
