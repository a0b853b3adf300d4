"""The papers we print to measure ourselves: enough of them, different, and always the same."""

import re
from collections import Counter

import pypdfium2

from .paperwork import figures
from .paperwork.build import file_of
from .paperwork.draft import PRICED, Draft, style_of
from .paperwork.specs import papers
from .paperwork.truth import has_fields


def squashed(text):
    return re.sub(r"\s+", "", text).lower()


def printed(paper):
    with pypdfium2.PdfDocument(file_of(paper)) as document:
        return squashed("".join(page.get_textpage().get_text_range() for page in document))


def places_of(draft, amount):
    whole = "whole" in draft.style.extra and amount == amount.to_integral_value()
    return 0 if whole else 2


def promised(paper):
    """What must stand on the sheet, as its program prints it."""
    draft = Draft(paper, style_of(paper))
    yield from (paper.number, draft.day(paper.dated), paper.seller.name, paper.buyer.name)
    yield from (*paper.quotes, *paper.orders, *paper.invoices, *paper.rma_numbers)
    yield draft.day(paper.valid_until)
    if paper.form in PRICED:
        shown = (paper.net, paper.gross, *(one.net for one in paper.items))
        yield from (
            figures.number(one, draft.style.numbers, places_of(draft, one)) for one in shown
        )


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


def test_whatever_must_be_read_is_printed():
    for paper in papers():
        if (
            has_fields(paper)
            and not paper.extra.get("plain")
            and paper.extra.get("scan") != "clean"
        ):
            text = printed(paper)
            absent = [one for one in promised(paper) if squashed(one) not in text]
            assert absent == [], paper.file
