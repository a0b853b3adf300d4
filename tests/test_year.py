"""A small year of a desk: every clock does what another computation says, once (X-27, X-28, X-32, X-33)."""

from __future__ import annotations

import pytest

from benchmarks.year import END, fired, simulate
from benchmarks.year_check import difference, expected
from storage.store import Store


@pytest.mark.proves("X-33")
def test_the_clocks_of_a_year_are_those_of_another_computation(tmp_path):
    store = Store.open(f"sqlite:///{tmp_path}/year.sqlite3", durable=False)
    year = simulate(store, tickets=40, seed=7)
    found = list(fired(store))
    store.close()
    assert len(found) > 40
    assert difference(found, expected(year.lives, END)) == []


def test_the_other_computation_sees_what_is_missing_doubled_or_late():
    one, other = (1, "T-retour", 1, END), (2, "T-retour", 1, END)
    assert difference([one, one], [one]) == [f"too many {one}"]
    assert difference([one], [one, other]) == [f"missing {other}"]
