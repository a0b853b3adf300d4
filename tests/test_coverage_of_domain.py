"""The coverage page says what rehearsals and tests really name."""

from . import coverage_of_domain as coverage


def test_ids_are_found_alone_in_lists_and_in_ranges():
    told = "Both (A-27, F-4a) count (I-T5x), X-20..X-22, X-15 to X-16 and Q-U1…3; RMA-12 and A-2026-7 not"
    found = coverage.ids_in(told)
    assert sorted(set(found)) == sorted(
        ["A-27", "F-4a", "I-T5x", "X-20", "X-21", "X-22", "X-15", "X-16", "Q-U1", "Q-U2", "Q-U3"]
    )


def test_no_title_names_an_id_that_does_not_exist():
    assert coverage.unknown() == {}
