"""How well business papers must be read: the figures that nobody may spoil."""

import pytest

from .paperwork.build import file_of
from .paperwork.score import judge_all, kinds_right, share
from .paperwork.specs import papers


@pytest.fixture(scope="module")
def marks():
    return judge_all((paper, file_of(paper)) for paper in papers())


def test_no_quote_and_no_invoice_is_taken_for_an_order(marks):
    assert [mark.paper.file for mark in marks if mark.taken_for_order] == []


def test_nearly_all_papers_are_told_for_what_they_are(marks):
    wrong = [
        (mark.paper.file, mark.paper.kind, mark.read.kind) for mark in marks if mark.kind != "right"
    ]
    assert kinds_right(marks) >= 0.98, wrong


@pytest.mark.parametrize(
    "name, floor",
    [
        ("number", 0.98),
        ("quotes", 0.98),
        ("other references", 0.95),
        ("date", 0.98),
        ("net", 0.98),
        ("gross", 0.98),
        ("seller", 0.95),
        ("buyer", 0.95),
        ("positions", 0.98),
    ],
)
def test_a_field_is_read_right_on_nearly_all_papers(marks, name, floor):
    wrong = [
        (mark.paper.file, one.truth, one.read)
        for mark in marks
        for one in mark.fields.get(name, ())
        if not one.right
    ]
    assert share(marks, name) >= floor, wrong
