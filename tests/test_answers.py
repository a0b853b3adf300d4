"""What a reading process sends is taken only as values of our own types."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest

from daemon.answers import load
from handlers.sheet import Sheet
from handlers.understanding import Understood
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
