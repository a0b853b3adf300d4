"""When an automatic notice may leave: the answer to who just wrote at once, all others when it is not quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from handlers.calendar import Calendar
from handlers.decision import Notice, Recipient
from handlers.people.restraint import not_before
from handlers.ticket import Role

from .people import CLAIRE, desk

NIGHT = datetime(2026, 11, 20, 22, tzinfo=UTC)  # Friday, eleven at night in Paris
MORNING = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
QUIET = desk(calendar=Calendar(quiet=(time(20), time(7, 30)), quiet_days=True))
TOLD = Notice(template="N1", to=Recipient(address=CLAIRE, role=Role.CONTACT, language="fr"))


@pytest.mark.parametrize(
    ("notice", "writer", "leaves"),
    [
        (TOLD, "", MORNING),
        (TOLD, "marc@dupont.example", MORNING),
        (TOLD, CLAIRE.upper(), NIGHT),
        (replace(TOLD, automatic=False), "", NIGHT),
    ],
)
def test_quiet_hours_hold_back_what_nobody_waits_for(notice, writer, leaves):
    assert not_before(notice, QUIET, writer, NIGHT) == leaves


def test_a_desk_without_quiet_hours_holds_nothing_back():
    assert not_before(TOLD, desk(), "", NIGHT) == NIGHT
