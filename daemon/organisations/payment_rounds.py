"""Ask organisations once a day what they paid, at the time the configuration says (Q-46).

A round is an errand like any other, and its key bears the day: whoever asks, and however often, it is
kept once. A round that was missed, because nothing ran, is made up for on the same day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from daemon.office import Office
from handlers.desk import Organisation
from handlers.errands.errand import Errand, errand_key

PAYMENTS = "payments"


class PaymentRounds:
    """The rounds of every desk; remembers which are asked, so that a look costs nothing."""

    def __init__(self, offices: Mapping[str, Office]) -> None:
        self._offices = offices
        self._asked: set[str] = set()

    def due(self, now: datetime) -> tuple[Errand, ...]:
        """Return the rounds of today that are not remembered yet."""
        return tuple(one for one in self._rounds(now) if one.key not in self._asked)

    def remember(self, rounds: Iterable[Errand]) -> None:
        """Learn that these rounds are kept durably: not before, or a lost database costs a day."""
        self._asked |= {one.key for one in rounds}

    def _rounds(self, now: datetime) -> Iterator[Errand]:
        for name, office in self._offices.items():
            local = now.astimezone(ZoneInfo(office.desk.time_zone))
            for one in office.desk.organisations:
                if not _is_asked(office, one):
                    continue
                if local.time() >= time.fromisoformat(one.payments_at):
                    yield _round(name, one.name, local)


def _is_asked(office: Office, one: Organisation) -> bool:
    known = office.workflow.errands.get(one.name, {})
    return bool(one.payments_at) and one.is_carried and PAYMENTS in known


def _round(desk: str, organisation: str, local: datetime) -> Errand:
    cause = f"d{local:%Y%m%d}-{desk}-{organisation}"
    return Errand(
        key=errand_key(cause, None, PAYMENTS),
        desk=desk,
        organisation=organisation,
        operation=PAYMENTS,
    )
