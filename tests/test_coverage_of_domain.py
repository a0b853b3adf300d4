"""The coverage page says what rehearsals and tests really name."""

from . import coverage_of_domain as coverage
from .coverage_of_domain import requirements as known
from .processes import finished_names


def test_ids_are_found_alone_in_lists_and_in_ranges():
    told = "Both (A-27, F-4a) count (I-T5x), X-20..X-22, X-15 to X-16 and Q-U1…3; RMA-12 and A-2026-7 not"
    found = coverage.ids_in(told)
    assert sorted(set(found)) == sorted(
        ["A-27", "F-4a", "I-T5x", "X-20", "X-21", "X-22", "X-15", "X-16", "Q-U1", "Q-U2", "Q-U3"]
    )


def test_no_title_names_an_id_that_does_not_exist():
    assert coverage.unknown() == {}


def test_nothing_of_a_finished_process_is_without_proof():
    finished = {name for part in ("common", *finished_names()) for name in known()[part]}
    assert {name: what for name, what in coverage.missing().items() if name in finished} == {}


def test_every_process_has_its_requirements():
    assert set(finished_names()) < set(known())


def test_a_rehearsal_of_one_process_proves_nothing_of_another():
    rehearsals = coverage.TESTS / "rehearsals"
    told = {
        "A-1": [rehearsals / "rma" / "1.yaml", rehearsals / "claims" / "2.yaml"],
        "X-1": [rehearsals / "rma" / "1.yaml"],
        "R-1": [rehearsals / "rma" / "1.yaml"],
    }
    assert coverage.of_their_process(told) == {"A-1": told["A-1"][1:], "X-1": told["X-1"]}
