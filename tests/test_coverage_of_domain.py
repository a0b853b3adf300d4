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


def test_the_page_says_nothing_untrue():
    told = coverage.untrue(coverage.PAGE.read_text(encoding="utf-8"))
    assert told == [], "run `make coverage-of-domain`"


def test_a_page_that_names_a_wrong_file_or_no_file_is_untrue():
    page = coverage.page()
    assert coverage.untrue(page) == []
    row = next(line for line in page.splitlines() if line.startswith("| X-5 |"))
    id_, what, _ = row.strip("| ").split(" | ")
    wrong = page.replace(row, f"| {id_} | {what} | [x](../tests/test_docs.py) |")
    assert coverage.untrue(wrong) == ["X-5: tests/test_docs.py"]
    nothing = page.replace(row, f"| {id_} | {what} | **nothing yet** |")
    assert coverage.untrue(nothing) == ["X-5: has a proof by now"]
    assert coverage.untrue(page.replace(row, "")) == ["X-5: no such row"]


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
