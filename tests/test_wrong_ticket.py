"""Which ticket a document is for: it moves only when everything agrees (X-2, F-45, F-48)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.customers.wrong_ticket import destinations_of
from handlers.incoming import Incoming
from handlers.meeting import meet
from handlers.papers.filing import Filed
from handlers.papers.surroundings import FiledAs
from handlers.ticket import Participant, Role
from parsers.business import BusinessDocument, Confidence, DocumentKind, Source
from parsers.mail import Attachment, FileKind

from .people import CLAIRE, KEYS, NOW, RMA, desk, envelope, facts, mail, ticket

HERE = ticket()
THERE = ticket(
    id=8000,
    key="RMA-2026-000008",
    fields={
        "serial": "SN8888",
        "quote_number": "D-8",
        "quote_net": "50.00",
        "quote_gross": "60.00",
    },
)
FOREIGN = replace(
    THERE,
    contact="tom@baker.example",
    organisation="Baker Ltd",
    participants=(Participant(address="tom@baker.example", role=Role.CONTACT),),
)
FITTING = BusinessDocument(
    kind=DocumentKind.ORDER, number="BC-8", quotes=("D-8",), net_cents=5000, gross_cents=6000
)
SURE = FiledAs(kind="order", confidence=Confidence.SURE, reason="")


def _file(read: BusinessDocument, name: str = "bc.pdf") -> Attachment:
    return Attachment(
        filename=name,
        content_type="application/pdf",
        declared_type="application/pdf",
        size=1,
        sha256=name,
        data=b"",
        kind=FileKind.PDF,
        document=read,
    )


def _judged(*papers: BusinessDocument, there=THERE, taken: FiledAs = SURE):
    references = {"D-7": (HERE.id,), "D-8": (there.id,), there.key: (there.id,)}
    references |= {"SN8888": (there.id,), "SN1234": (HERE.id,), HERE.key: (HERE.id,)}
    known = facts(HERE, there, by_reference=references)
    given = mail(sender=CLAIRE)
    incoming = Incoming(journal_id=8, mail=given, envelope=envelope(reverse_path=CLAIRE))
    visit = meet(incoming, known, desk=desk(), workflow=RMA, keys=KEYS, now=NOW)
    files = [_file(paper, f"{n}.pdf") for n, paper in enumerate(papers)]
    return destinations_of(visit, HERE, Filed(promoted=tuple((f, taken) for f in files)))


def test_an_order_that_fits_another_request_moves_there():
    (one,) = _judged(FITTING)
    assert one.moved is not None
    assert one.moved.key == THERE.key


def test_the_number_of_the_request_does_as_well():
    (one,) = _judged(replace(FITTING, quotes=(), rma_numbers=(THERE.key,)))
    assert one.moved is not None


@pytest.mark.parametrize(
    "paper",
    [
        replace(FITTING, gross_cents=6001),
        replace(FITTING, net_cents=None, gross_cents=None),
        replace(FITTING, currency="GBP"),
        replace(FITTING, quotes=(), serials=("SN8888",)),
        replace(FITTING, rma_numbers=(HERE.key,)),
        replace(FITTING, source=Source.GUESS),
    ],
    ids=["amount", "no amount", "currency", "serial alone", "at odds", "guessed"],
)
def test_one_doubt_and_it_waits(paper):
    (one,) = _judged(paper)
    assert one.held
    assert one.moved is None


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        (FOREIGN, SURE),
        (replace(THERE, state="in_progress"), SURE),
        (THERE, replace(SURE, confidence=Confidence.UNSURE)),
        (THERE, replace(SURE, kind="invoice")),
    ],
    ids=["another customer", "not awaited", "unsure", "no order"],
)
def test_it_waits_where_sender_state_or_kind_do_not_fit(there, taken):
    (one,) = _judged(FITTING, there=there, taken=taken)
    assert one.held


def test_each_file_is_judged_by_itself():
    ours = replace(FITTING, number="BC-7", quotes=("D-7",))
    stray = replace(FITTING, number="BC-9", quotes=("D-9",))
    first, second, third = _judged(FITTING, ours, stray)
    assert first.moved is not None
    assert second.stays
    assert third.held


def test_an_order_that_names_nothing_known_stays_when_it_is_the_only_one():
    (one,) = _judged(replace(FITTING, quotes=("D-9",)))
    assert one.stays


def test_an_order_for_both_concerns_both():
    (one,) = _judged(replace(FITTING, quotes=("D-7", "D-8")))
    assert one.stays
    assert [other.key for other in one.also] == [THERE.key]


def test_serial_numbers_beside_the_quotes_change_nothing():
    (one,) = _judged(replace(FITTING, quotes=("D-7", "D-8"), serials=("SN1234", "SN8888")))
    assert [other.key for other in one.also] == [THERE.key]


def test_an_order_that_only_lists_devices_concerns_its_own_request():
    (one,) = _judged(replace(FITTING, quotes=(), serials=("SN1234", "SN8888")))
    assert one.stays
    assert one.also == ()


def test_why_a_document_waits_is_said():
    (one,) = _judged(replace(FITTING, gross_cents=6001))
    assert one.why == "its amount is not that of the quote of RMA-2026-000008"


def test_an_order_for_several_leaves_other_customers_alone():
    (one,) = _judged(replace(FITTING, quotes=("D-7", "D-8")), there=FOREIGN)
    assert one.stays
    assert one.also == ()


def test_a_signed_quote_names_itself():
    paper = replace(FITTING, kind=DocumentKind.SIGNED_QUOTE, number="D-8", quotes=())
    (one,) = _judged(paper, taken=replace(SURE, kind="signed_quote"))
    assert one.moved is not None
