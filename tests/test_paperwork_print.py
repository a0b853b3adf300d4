"""The papers we print to measure ourselves: enough of them, different, and always the same."""

from collections import Counter

from .paperwork.build import file_of
from .paperwork.specs import papers


def test_the_same_paper_is_printed_with_the_same_bytes():
    for paper in papers()[::5]:
        assert file_of(paper) == file_of(paper)


def test_there_are_papers_in_four_languages_and_many_layouts():
    counts = Counter(paper.language for paper in papers())
    assert counts.keys() == {"fr", "nl", "de", "en"}
    assert min(counts.values()) >= 5
    assert len({paper.style for paper in papers()}) >= 20


def test_every_paper_has_a_file_name_of_its_own():
    assert len({paper.file for paper in papers()}) == len(papers())
