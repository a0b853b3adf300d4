"""What a reading process sends is taken only as values of our own types."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from daemon.readers.answers import load
from handlers.understanding import Understood
from handlers.words.sheet import Sheet
from parsers.business import BusinessDocument, DocumentKind, Photo, Place, Position
from parsers.files.opening import Opened
from parsers.mail import Address, Bounce, Intent, IntentKind, ParsedMail, Segment, SegmentKind


def test_a_mail_comes_through_whole():
    mail = ParsedMail(
        sender=Address(address="a@b.example", name="Anne"),
        sent_at=datetime(2026, 11, 2, tzinfo=UTC),
        back_on=date(2026, 12, 4),
        segments=(Segment(kind=SegmentKind.NEW, text="Bonjour"),),
        intent=Intent(kind=IntentKind.THANKS, only=True),
        bounces=(Bounce(recipient="x@y.example"),),
    )
    sent = Understood(mail=mail, sheets=(Sheet(values={"serial": "SN1"}),))
    assert load(pickle.dumps((sent, ""), protocol=5)) == (sent, "")


class Call:
    def __init__(self, *call):
        self.call = call

    def __reduce__(self):
        return self.call[0], self.call[1:]


@pytest.mark.parametrize(
    "answer",
    [
        Call(eval, "1"),
        Call(print, "x"),
        Call(__import__, "os"),
        Call(getattr, "x", "y"),
        Call(pickle.loads, b""),
    ],
)
def test_nothing_is_called(answer):
    with pytest.raises(pickle.UnpicklingError):
        load(pickle.dumps(answer))


@pytest.mark.parametrize(
    "code", [b"cparsers.mail\ndataclass\n.", b"cparsers.mail\nfield\n.", b"cos\nsystem\n."]
)
def test_what_our_modules_only_import_is_no_type_of_ours(code):
    with pytest.raises(pickle.UnpicklingError):
        load(code)


@pytest.mark.parametrize(
    "code",
    [
        b"\x80\x05Nr\xff\xff\xff\xff.",  # a memo of 64 GB
        b"\x80\x05Np4294967295\n.",
        b"\x80\x05}" + b")" + b"\x85" * 1_000_000 + b"Ns.",  # a key that overflows the stack
        b"\x80\x05(" + b")" * 10 + b"\x91.",
        b"\x80\x05Pname\n.",
    ],
    ids=["memo", "memo in words", "deep key", "frozenset", "persistent"],
)
def test_a_short_answer_costs_little(code):
    with pytest.raises(pickle.UnpicklingError):
        load(code)


def test_a_paper_with_all_it_can_hold_comes_through():
    places = {
        f"positions.{n}": Place(page=1, line="x", box=(1.0, 2.5, 3.0, 4.0)) for n in range(99)
    }
    position = Position(reference="A", quantity=Decimal("1.50"), net_cents=2**40)
    paper = BusinessDocument(
        kind=DocumentKind.ORDER,
        positions=(position,) * 99,
        quotes=tuple(f"D-{n}" for n in range(99)),
        dated=date(2026, 11, 2),
        places=places,
        text="é" * 70_000,
    )
    photo = Photo(width=4032, height=3024, copy=b"\xff\xd8\xff" + bytes(2 << 20), located=True)
    sent = Opened(document=paper, photo=photo)
    assert load(pickle.dumps((sent, ""), protocol=5)) == (sent, "")
