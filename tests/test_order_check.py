"""The order laid beside the quote it answers (F-34, F-46, F-47, F-51)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.order_check import check_order, cites_replaced_quote, early_order
from handlers.ticket import Document

from .people import CLAIRE, NOW, ticket


def _order(**fields: str) -> Document:
    return Document(
        number=1,
        kind="order",
        filename="bc.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0",
        author=CLAIRE,
        at=NOW,
        cause="m9",
        fields=fields,
    )


def _ticket(order: Document, **fields: str):
    return replace(ticket(), documents=(order,), fields={**ticket().fields, **fields})


def _said(it):
    return {check.name: check.agrees for check in check_order(it)}


def test_an_order_that_says_the_same_agrees():
    it = _ticket(
        _order(quotes="D-7", gross="120.00", net="100.00"),
        quote_net="100.00",
        quote_valid_until="2026-12-01",
    )
    assert _said(it) == {
        "quote_number": True,
        "quote_net": True,
        "quote_gross": True,
        "quote_valid_until": True,
    }


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"quotes": "D-6"}, "quote_number"),
        ({"gross": "119.99"}, "quote_gross"),
        ({"gross": "120.00", "currency": "USD"}, "quote_gross"),
    ],
)
def test_a_difference_is_told(fields, name):
    assert _said(_ticket(_order(**fields)))[name] is False


def test_what_the_order_does_not_say_is_left_to_a_person():
    assert _said(_ticket(_order())) == {
        "quote_number": None,
        "quote_net": None,
        "quote_gross": None,
        "quote_valid_until": None,
    }


def test_an_order_after_the_last_day_is_told():
    assert _said(_ticket(_order(), quote_valid_until="2026-11-01"))["quote_valid_until"] is False


def test_an_early_order_fits_by_its_amount_only():
    assert early_order(_ticket(_order(gross="120.00"))) is not None
    assert early_order(_ticket(_order(gross="130.00"))) is None
    assert early_order(_ticket(_order())) is None


def test_an_order_that_cites_only_the_replaced_quote_is_noticed():
    it = _ticket(_order(), quote_number="D-8", quote_replaced="D-7")
    assert cites_replaced_quote(it, _order(quotes="D-7"))
    assert not cites_replaced_quote(it, _order(quotes="D-7 D-8"))
    assert not cites_replaced_quote(it, _order(quotes="D-1"))
