"""The judge of our reading: what is right counts, what is wrong is seen, nobody is flattered."""

from dataclasses import replace

import pytest

from parsers.business import BusinessDocument, Confidence, DocumentKind

from .paperwork.fields import FIELDS
from .paperwork.paper import Paper
from .paperwork.score import Mark, kind_mark, share
from .paperwork.specs import papers
from .paperwork.truth import cents, has_fields, party, positions, truth_of


def perfect(paper: Paper) -> BusinessDocument:
    """Return what a reader without fault would read."""
    paper = truth_of(paper)
    return BusinessDocument(
        kind=DocumentKind(paper.kind),
        number=paper.number,
        quotes=paper.quotes,
        orders=paper.orders,
        invoices=paper.invoices,
        rma_numbers=paper.rma_numbers,
        dated=paper.dated,
        valid_until=paper.valid_until,
        net_cents=cents(paper.net),
        tax_cents=cents(paper.tax),
        gross_cents=cents(paper.gross),
        currency=paper.currency,
        seller=party(paper.seller),
        buyer=party(paper.buyer),
        positions=positions(paper),
    )


def mark(paper: Paper, read: BusinessDocument) -> Mark:
    truth = truth_of(paper)
    fields = {name: tuple(compare(truth, read)) for name, compare in FIELDS.items()}
    return Mark(paper=paper, kind=kind_mark(paper, read), read=read, fields=fields)


ORDER = next(paper for paper in papers() if paper.file == "commande_sav.pdf")
SCAN = next(paper for paper in papers() if paper.file == "BC scan.pdf")
INVOICE = next(paper for paper in papers() if paper.file == "facture.pdf")


def test_a_reader_without_fault_is_right_everywhere():
    marks = [mark(paper, perfect(paper)) for paper in papers() if has_fields(paper)]
    assert {name: share(marks, name) for name in FIELDS} == dict.fromkeys(FIELDS, 1.0)
    assert {one.kind for one in marks} == {"right"}


@pytest.mark.parametrize(
    "field, name, value",
    [
        ("number", "number", "X"),
        ("quotes", "quotes", ORDER.quotes[:1]),
        ("orders", "other references", ("X",)),
        ("dated", "date", None),
        ("gross_cents", "gross", 1),
        ("currency", "currency", "CHF"),
        ("buyer", "buyer", party(ORDER.seller)),
    ],
)
def test_a_value_read_wrongly_is_seen(field, name, value):
    read = replace(perfect(ORDER), **{field: value})
    assert share([mark(ORDER, read)], name) < 1


def test_a_position_lost_spoils_no_other_and_one_too_many_is_wrong():
    all_but_one = replace(perfect(ORDER), positions=positions(ORDER)[1:])
    assert share([mark(ORDER, all_but_one)], "positions") == 2 / 3
    twice = replace(perfect(ORDER), positions=positions(ORDER) + positions(ORDER)[:1])
    assert share([mark(ORDER, twice)], "positions") == 3 / 4


def test_an_invoice_called_an_order_is_counted_unless_a_person_decides():
    read = replace(perfect(INVOICE), kind=DocumentKind.ORDER)
    assert mark(INVOICE, read).taken_for_order
    unsure = replace(read, confidence=Confidence.UNSURE)
    assert not mark(INVOICE, unsure).taken_for_order
    assert mark(INVOICE, unsure).kind == "unsure"


def test_a_scan_must_be_called_unreadable_and_left_to_a_person():
    read = BusinessDocument(kind=DocumentKind.ORDER, readable=False)
    assert kind_mark(SCAN, read) == "wrong"
    assert kind_mark(SCAN, replace(read, confidence=Confidence.UNSURE)) == "right"
    assert kind_mark(SCAN, replace(read, confidence=Confidence.UNSURE, readable=True)) == "wrong"
