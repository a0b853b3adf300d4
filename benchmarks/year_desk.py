"""The desk whose year is simulated, and what its people do: who does what how long after what."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from daemon.office import Office
from handlers.calendar import Calendar
from handlers.desk import Agent, Desk, Team
from handlers.token import KeyRing
from handlers.workflow_file import shipped

_SHIPPED: Final = shipped("rma")
RMA: Final = _SHIPPED.model_copy(
    update={
        "notices": {
            name: rule.model_copy(update={"papers": ()}) for name, rule in _SHIPPED.notices.items()
        }
    }
)
CALENDAR: Final = Calendar(quiet=(time(20), time(7, 30)), quiet_days=True)
OFFICE: Final = Office(
    desk=Desk(
        name="rma",
        workflow="rma",
        addresses=("rma@desk.example",),
        title="SAV Exemple",
        calendar=CALENDAR,
        teams=tuple(Team(name=n, addresses=(f"{n}@desk.example",)) for n in RMA.teams),
        agents=(Agent(address="ana@desk.example", name="Ana"),),
        return_address=("SAV", "1 rue du Port", "76600 Le Havre"),
    ),
    workflow=RMA,
    keys=KeyRing(current="k1", keys={"k1": b"a simulated year needs no secret"}),
)
WHOLE: Final = {
    "company": "Exemple SA",
    "return_address": "2 quai Sud, 76600 Le Havre",
    "action": "repair",
    "reference": "LECT-400",
    "quantity": "1",
    "description": "Le lecteur de badges ne répond plus depuis ce matin",
    "purchase_proof": "F-12",
    "phone": "02 35 00 00 00",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """Something a person does on a ticket, unless it left `state` meanwhile. `name` is a command, or
    what a customer's mail means; `given` its arguments, fields or days."""

    at: datetime
    state: str
    name: str
    given: Mapping[str, str] = field(default_factory=dict)


def opening(chance: random.Random) -> tuple[bool, bool]:
    """Return whether a new request is complete, and whether it is under warranty."""
    return chance.random() < 0.7, chance.random() < 0.45


def acts_in(state: str, since: datetime, warranty: bool, chance: random.Random) -> tuple[Act, ...]:
    """Return what people do on a ticket that has just come into a state."""
    acts = _OF_DESK.get(state, _of_customer)(state, since, warranty, chance)
    return tuple(one for one in acts if one is not None)


def _hours(since: datetime, chance: random.Random, mean: float) -> datetime:
    """Return a moment at which the desk is open, so many of its hours later on average."""
    minutes = max(5, int(chance.expovariate(1 / (mean * 60))))
    worked = CALENDAR.onward(since, timedelta(minutes=minutes), "bh")
    return worked.replace(microsecond=0) - timedelta(seconds=chance.randrange(60))


def _days(since: datetime, chance: random.Random, mean: float) -> datetime:
    """Return a moment so many days later on average, at any hour."""
    return since + timedelta(seconds=60 + int(chance.expovariate(1 / (mean * 86_400))))


def _submitted(
    state: str, since: datetime, _warranty: bool, chance: random.Random
) -> tuple[Act, ...]:
    return (Act(at=_hours(since, chance, 9), state=state, name="take"),)


def _in_study(
    state: str, since: datetime, warranty: bool, chance: random.Random
) -> tuple[Act, ...]:
    end = "authorise_return" if warranty else "quote_needed"
    if chance.random() < 0.05:
        end = "refuse"
    if chance.random() > 0.2:
        at = _hours(since, chance, 8)
        return (Act(at=at, state=state, name=end, given={"motive": "hors contrat"}),)
    asked = _hours(since, chance, 4)
    answered = _days(asked, chance, 4) if chance.random() < 0.8 else None
    settled = _hours(answered or CALENDAR.after(asked, "7bd"), chance, 6)
    text = "Quelle est la version du logiciel ?"
    last = Act(at=settled, state=state, name=end, given={"motive": "hors contrat"})
    first = Act(at=asked, state=state, name="info", given={"text": text})
    if answered is None:
        return (first, last)
    return (first, Act(at=answered, state=state, name="answer"), last)


def _quote_due(
    state: str, since: datetime, _warranty: bool, chance: random.Random
) -> tuple[Act, ...]:
    given = {"number": f"D-{chance.randrange(10**9)}", "net": "344.00", "gross": "412.80"}
    return (Act(at=_hours(since, chance, 20), state=state, name="quote", given=given),)


def _to_check(
    state: str, since: datetime, _warranty: bool, chance: random.Random
) -> tuple[Act, ...]:
    good = chance.random() < 0.9
    given = {"verdict": "ok"} if good else {"verdict": "ko", "motive": "montant différent"}
    return (Act(at=_hours(since, chance, 7), state=state, name="order", given=given),)


def _received(
    state: str, since: datetime, _warranty: bool, chance: random.Random
) -> tuple[Act, ...]:
    return (Act(at=_hours(since, chance, 5), state=state, name="take"),)


def _in_progress(
    state: str, since: datetime, _warranty: bool, chance: random.Random
) -> tuple[Act, ...]:
    given = {"carrier": "Colis Express", "tracking": f"CE{chance.randrange(10**9)}"}
    return (Act(at=_hours(since, chance, 30), state=state, name="shipped", given=given),)


_OF_DESK: Final = {
    "submitted": _submitted,
    "in_study": _in_study,
    "quote_due": _quote_due,
    "order_to_check": _to_check,
    "material_received": _received,
    "in_progress": _in_progress,
    "exchange_preparation": _in_progress,
}
_MEAN: Final = {"to_complete": 4.0, "quote_sent": 9.0, "awaiting_material": 9.0}
_NEVER: Final = {"to_complete": 0.2, "quote_sent": 0.25, "awaiting_material": 0.08}
_DOES: Final = {"to_complete": "complete", "quote_sent": "ordered", "awaiting_material": "received"}


def _of_customer(
    state: str, since: datetime, _warranty: bool, chance: random.Random
) -> tuple[Act | None, ...]:
    """Return what happens while the customer has the ball: an answer or none, an absence, a bounce."""
    if state not in _MEAN:
        return ()
    answer = None
    if chance.random() > _NEVER[state]:
        name = "refusal" if state == "quote_sent" and chance.random() < 0.2 else _DOES[state]
        at = _days(since, chance, _MEAN[state])
        if name == "received":
            at = _hours(at, chance, 2)
        answer = Act(at=at, state=state, name=name)
    return (answer, *_out_of_reach(state, since, answer, chance))


def _out_of_reach(
    state: str, since: datetime, answer: Act | None, chance: random.Random
) -> tuple[Act, ...]:
    """Return an absence or a dead address of the contact, now and then."""
    luck, at = chance.random(), _days(since, chance, 4)
    if answer is not None and answer.at <= at:
        return ()
    if luck < 0.07:
        until = (at + timedelta(days=chance.randint(1, 24))).date().isoformat()
        return (Act(at=at, state=state, name="absent", given={"until": until}),)
    if luck < 0.10:
        gone = Act(at=at, state=state, name="bounced")
        mended = Act(at=_hours(at, chance, 40), state=state, name="mended")
        return (gone, mended) if chance.random() < 0.8 else (gone,)
    return ()
