"""A loop that never rests is told every day, not only on its first (X-30)."""

from datetime import timedelta

from .test_parking import NOW, filled, happen, rows, store, store_url, to

__all__ = ["store", "store_url"]


def test_a_team_hears_every_day_of_messages_that_are_parked_every_hour(store):
    filled(store)
    for number in range(10, 10 + 72):
        happen(store, number, to(), at=NOW + (number - 9) * timedelta(hours=1))
    told = [notice for notice, _, _ in rows(store) if notice == "W_parked"]
    assert len(told) in (3, 4)
