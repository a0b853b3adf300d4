"""Outside organisations in a rehearsal: they answer what the cast says, at once or in a later step."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from daemon.clock import Clock
from daemon.organisations.envoy import Enclosure, Envoy, HandedOver, InDoubt, NotArrived, Outcome
from daemon.rehearsal.cast import AnswerPart
from daemon.rehearsal.scene import Scene
from handlers.errands.errand import Answer, Errand, Payment, Problem
from handlers.errors import ConfigError
from storage import errands
from storage.store import Store

NODE = 1


class PlayedOrganisation:
    """An organisation that answers as it was told: first what steps of the script said, then what
    the cast says of an operation; the rest it takes and keeps waiting."""

    def __init__(self, usual: Mapping[str, AnswerPart]) -> None:
        self._usual = usual
        self._told: dict[tuple[str, int], deque[AnswerPart]] = defaultdict(deque)

    def tell(self, operation: str, ticket_id: int, part: AnswerPart) -> None:
        """Say what the next errand about a ticket is answered, or the one that waits already."""
        self._told[operation, ticket_id].append(part)

    def carry(self, errand: Errand, enclosure: Enclosure | None) -> Outcome:  # noqa: ARG002
        """Answer an errand, or keep it."""
        part = self._next(errand) or self._usual.get(errand.operation)
        return HandedOver() if part is None else _outcome(part)

    def find(self, errand: Errand) -> Outcome | None:
        """Return what came of an errand that may have arrived: what the next step says of it."""
        part = self._next(errand)
        return None if part is None else _outcome(part)

    def answers(self, waiting: Mapping[str, Errand]) -> Mapping[str, Answer]:
        """Return the answers that steps gave to what waits."""
        found = {}
        for key, errand in waiting.items():
            part = self._next(errand)
            if part is not None:
                found[key] = _answer(part)
        return found

    def accept(self, key: str) -> None:
        """Nothing is offered twice here."""

    def _next(self, errand: Errand) -> AnswerPart | None:
        told = self._told[errand.operation, errand.ticket_id or 0]
        return told.popleft() if told else None


class Organisations:
    """Every organisation that is carried to, of every desk, and its envoy."""

    def __init__(self, store: Store, scenes: tuple[Scene, ...], clock: Clock) -> None:
        self._store = store
        self._played: dict[tuple[str, str], PlayedOrganisation] = {}
        self._envoys: list[Envoy] = []
        for scene in scenes:
            for one in scene.desk.organisations:
                if one.is_carried:
                    part = scene.cast.desk.organisations[one.name]
                    self._add(scene.desk.name, one.name, part.answers, clock)

    def _add(self, desk: str, name: str, answers: Mapping[str, AnswerPart], clock: Clock) -> None:
        played = PlayedOrganisation(answers)
        self._played[desk, name] = played
        self._envoys.append(
            Envoy(self._store, lambda: NODE, played, desk=desk, organisation=name, clock=clock)
        )

    def work(self, hear: Callable[[], int]) -> None:
        """Carry what is due, let the answers be decided by `hear`, until nothing is left."""
        busy = bool(self._envoys)
        while busy:
            busy = any(envoy.step() for envoy in self._envoys)
            while hear():
                busy = True

    def tell(self, desk: str, part: AnswerPart, ticket_id: int) -> None:
        """Let an organisation answer. Raises ConfigError for one that nothing is carried to."""
        for (owner, name), played in self._played.items():
            if owner == desk and part.organisation in ("", name):
                played.tell(part.operation, ticket_id, part)
                return
        known = ", ".join(name for owner, name in self._played if owner == desk)
        raise ConfigError(
            f"answer: nothing is carried to {part.organisation!r} here. Known: {known or 'none'}."
        )

    def next_attempt(self) -> datetime | None:
        """Return when the next errand is tried again, None for never."""
        with self._store.read() as tx:
            return errands.next_attempt(tx)

    def asked(self, ticket_id: int) -> list[dict[str, Any]]:
        """Return what was asked about a ticket so far, oldest first."""
        with self._store.read() as tx:
            return list(errands.of_ticket(tx, ticket_id))


def _outcome(part: AnswerPart) -> Outcome:
    if part.result == "unreachable":
        return NotArrived(why="rehearsed")
    if part.result == "lost":
        return InDoubt(why="rehearsed")
    return _answer(part)


def _answer(part: AnswerPart) -> Answer:
    problems = (Problem(field=name, message=told) for name, told in part.problems.items())
    return Answer(
        result=part.result,
        values=dict(part.values),
        problems=tuple(problems),
        payments=tuple(Payment(**one) for one in part.payments),
    )
