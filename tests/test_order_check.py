"""The order laid beside the quote it answers (F-34, F-46, F-47, F-48, F-51)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from handlers.papers.comparison import Agreement
from handlers.papers.order_check import check_order, early_order
from handlers.papers.paper_fields import fields_of
from handlers.papers.quotes import cites_replaced_quote
from handlers.ticket import Document
from parsers.business import BusinessDocument, Position

from .people import CLAIRE, NOW, ticket

PARIS = "Europe/Paris"
ONE = Position(reference="LECT-400", quantity=Decimal(1), unit_price=Decimal("100.00"))
TWO = Position(reference="PSU-12", quantity=Decimal(2), unit_price=Decimal("10.00"))


def _paper(kind: str, flags: frozenset[str] = frozenset(), at: datetime = NOW, **fields: str):
    return Document(
        number=1 if kind == "quote" else 2,
        kind=kind,
        filename=f"{kind}.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0",
        author=CLAIRE,
        at=at,
        cause="m9",
        fields=fields,
        flags=flags,
    )


def _order(**fields: str) -> Document:
    return _paper("order", **fields)


def _ticket(*papers: Document, **fields: str):
    return replace(ticket(), documents=papers, fields={**ticket().fields, **fields})


def _said(it):
    return {check.name: check.verdict.value for check in check_order(it, PARIS)}


def _with(kind: str, *positions: Position, **fields: str) -> Document:
    return _paper(kind, **fields_of(BusinessDocument(positions=positions)), **fields)


def test_an_order_that_says_the_same_agrees():
    it = _ticket(
        _order(quotes="D-7", gross="120.00", net="100.00", currency="EUR", buyer="DUPONT S.A."),
        quote_net="100.00",
        quote_valid_until="2026-12-01",
        company="Dupont",
    )
    assert set(_said(it).values()) == {"agrees"}
    assert list(_said(it)) == [
        *(
            "quote_number",
            "quote_net",
            "quote_gross",
            "quote_currency",
            "customer",
            "quote_valid_until",
        )
    ]


@pytest.mark.parametrize(
    ("fields", "name", "verdict"),
    [
        ({"quotes": "D-6"}, "quote_number", "unknown_quote"),
        ({"gross": "119.99"}, "quote_gross", "differs"),
        ({"gross": "120.00", "currency": "USD"}, "quote_gross", "differs"),
        ({"currency": "USD"}, "quote_currency", "differs"),
        ({"buyer": "Boulangerie Petit"}, "customer", "differs"),
    ],
)
def test_a_difference_is_told(fields, name, verdict):
    assert _said(_ticket(_order(**fields), company="Dupont"))[name] == verdict


def test_the_currency_that_was_told_goes_before_that_of_the_quotes_file():
    it = _ticket(_order(gross="120.00", currency="CHF"), quote_currency="CHF")
    assert _said(it)["quote_gross"] == _said(it)["quote_currency"] == "agrees"
    quoted = _paper("quote", currency="EUR")
    it = _ticket(quoted, _order(gross="120.00", currency="EUR"), quote_currency="CHF")
    assert _said(it)["quote_gross"] == _said(it)["quote_currency"] == "differs"


def test_what_the_order_does_not_say_is_left_to_a_person():
    assert set(_said(_ticket(_order())).values()) == {"not_said"}


def test_the_vat_is_compared_when_both_papers_tell_it():
    it = _ticket(_paper("quote", tax="20.00"), _order(tax="19.00"))
    assert _said(it)["tax"] == "differs"
    assert "tax" not in _said(_ticket(_order()))


def test_the_last_day_lasts_until_midnight_at_the_desk():
    last = {"quote_valid_until": "2026-11-01"}
    evening, night = (datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (22, 23))
    assert _said(_ticket(_paper("order", at=evening), **last))["quote_valid_until"] == "agrees"
    assert _said(_ticket(_paper("order", at=night), **last))["quote_valid_until"] == "differs"


def test_an_order_on_the_replaced_quote_is_told_as_such():
    it = _ticket(_order(quotes="D-6"), quote_replaced="D-6")
    assert _said(it)["quote_number"] == "replaced_quote"


def test_a_signed_quote_is_the_quote_it_shows():
    assert _said(_ticket(_paper("signed_quote", number="D-7")))["quote_number"] == "agrees"
    assert _said(_ticket(_paper("signed_quote", number="D-6")))["quote_number"] == "unknown_quote"


def test_an_order_that_cannot_be_read_says_so_and_nothing_else():
    it = _ticket(_paper("order", flags=frozenset({"unreadable"})))
    reading, dates = check_order(it, PARIS)
    assert (reading.name, reading.order) == ("reading", "unreadable")
    assert dates.name == "quote_valid_until"


def test_an_order_for_another_device_is_told():
    assert _said(_ticket(_order(serials="SN1234 SN9")))["serial"] == "agrees"
    assert _said(_ticket(_order(serials="SN9")))["serial"] == "differs"
    assert "serial" not in _said(_ticket(_order()))


def test_what_was_guessed_from_a_picture_is_shown_and_decides_nothing():
    guess = _paper("order", frozenset({"unreadable"}), source="guess", quotes="D-6", gross="120.00")
    it = _ticket(guess, quote_replaced="D-6")
    assert _said(it)["quote_gross"] == "agrees"
    assert _said(it)["reading"] == "doubtful"
    assert early_order(it) is None
    assert not cites_replaced_quote(it, guess)


def test_doubts_of_the_reading_are_shown():
    it = _ticket(_order(doubts="totals siret", source="guess"))
    doubts = [c.order for c in check_order(it, PARIS) if c.verdict is Agreement.DOUBTFUL]
    assert doubts == ["totals", "siret", "guess"]


def test_registration_numbers_say_more_than_names():
    quote = _paper("quote", buyer_siret="73282932000074")
    same = _order(buyer="Groupe Martin", buyer_siret="73282932000082")
    other = _order(buyer="Dupont", buyer_vat="FR40303265045")
    assert _said(_ticket(quote, same, company="Dupont"))["customer"] == "agrees"
    assert _said(_ticket(quote, other, company="Dupont"))["customer"] == "differs"


def test_a_buyer_that_only_resembles_the_customer_is_for_a_person_to_judge():
    it = _ticket(_order(buyer="Boulangerie Martin"), company="Martin")
    other = replace(it, contact="x@autre.example", organisation="")
    assert _said(other)["customer"] == "doubtful"
    assert _said(replace(other, contact="x@martin.example"))["customer"] == "agrees"


def test_a_buyer_that_only_our_quote_bears_is_for_a_person_to_judge():
    """The quote may have gone to another company than the request is of (F-34)."""
    quote, order = _paper("quote", buyer="Groupe Martin"), _order(buyer="Groupe Martin")
    it = replace(_ticket(quote, order, company="Dupont SA"), contact="x@autre.example")
    assert _said(it)["customer"] == "doubtful"
    assert _said(_ticket(quote, order, company=""))["customer"] == "agrees"


def test_positions_that_agree_take_one_line():
    it = _ticket(_with("quote", ONE, TWO), _with("order", TWO, ONE))
    lines = [c for c in check_order(it, PARIS) if c.name == "positions"]
    assert [(c.quote, c.order, c.verdict) for c in lines] == [("2", "2", Agreement.AGREES)]


def test_positions_that_differ_are_told_one_by_one():
    more = replace(ONE, quantity=Decimal(3))
    new = Position(description="Frais de port", quantity=Decimal(1))
    it = _ticket(_with("quote", ONE, TWO), _with("order", more, new))
    told = [(c.about, c.quote, c.order, c.verdict) for c in check_order(it, PARIS) if c.about]
    assert told == [
        ("LECT-400", "1 100.00", "3 100.00", Agreement.DIFFERS),
        ("PSU-12", "2 10.00", "", Agreement.MISSING),
        ("Frais de port", "", "1 ?", Agreement.ADDED),
    ]


def test_positions_of_one_side_alone_are_only_counted():
    lines = [c for c in check_order(_ticket(_with("order", ONE)), PARIS) if c.name == "positions"]
    assert [(c.quote, c.order, c.verdict) for c in lines] == [("", "1", Agreement.NOT_SAID)]


def test_an_order_for_several_quotes_is_compared_with_their_sum():
    together = {"together": "RMA-1 RMA-2", "together_net": "300.00"}
    it = _ticket(
        _with("quote", ONE), _with("order", ONE, TWO, net="300.00", **together), quote_net="100.00"
    )
    net = next(c for c in check_order(it, PARIS) if c.name == "quote_net")
    assert (net.quote, net.quotes, net.verdict) == ("300.00", 2, Agreement.AGREES)
    assert _said(it)["positions"] == "agrees"


def test_an_early_order_fits_by_its_amount_only():
    assert early_order(_ticket(_order(gross="120.00"))) is not None
    assert early_order(_ticket(_order(gross="130.00"))) is None
    assert early_order(_ticket(_order())) is None


def test_an_order_that_cites_only_the_replaced_quote_is_noticed():
    it = _ticket(_order(), quote_number="D-8", quote_replaced="D-7")
    assert cites_replaced_quote(it, _order(quotes="D-7"))
    assert not cites_replaced_quote(it, _order(quotes="D-7 D-8"))
    assert not cites_replaced_quote(it, _order(quotes="D-1"))
