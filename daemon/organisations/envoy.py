"""The envoy: carries errands to one outside organisation and brings its answers back.

DESCRIPTION
    A thread for each organisation that is reached by a folder or by HTTP: one that is slow or silent
    holds nobody else up. It takes one errand at a time, commits that, carries it, records what came
    of it, and looks at what was answered since. Deciding is not its business: an answer that is
    recorded waits for the thread that decides.

PROMISE
    Nothing is lost: an errand is a row until its answer is one. Nothing is done twice blindly: after an
    attempt that may have arrived the organisation is first asked what it has; where it cannot be
    asked, a person is.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from daemon import log
from daemon.clock import Clock
from handlers.errands.errand import READ_ONLY, Answer, Errand
from handlers.errors import TemporaryFailure
from handlers.papers.leaving import digest_that_leaves, may_leave
from handlers.ticket import Role
from storage import errands
from storage.blobs import read_blobs
from storage.errands import Carried
from storage.lookup import tickets_by_id
from storage.store import Store

_log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 1.0
LONGEST_PAUSE: Final = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """The file that goes with an errand: the bytes that may leave."""

    name: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOver:
    """The organisation has the errand; its answer comes later."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotArrived:
    """The attempt did not reach the organisation, or it asked us to come again. `why` is for the log."""

    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class InDoubt:
    """The line was lost after the errand had left: nobody here knows whether it arrived."""

    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The organisation does not talk to us as it should (credentials, another interface): trying
    again will not help."""

    why: str


Outcome: TypeAlias = "Answer | HandedOver | NotArrived | InDoubt | Refused"


class Transport(Protocol):
    """One way to an organisation. Methods return outcomes and raise nothing foreseeable."""

    def carry(self, errand: Errand, enclosure: Enclosure | None) -> Outcome:
        """Carry one errand now."""
        ...

    def find(self, errand: Errand) -> Outcome | None:
        """Return what the organisation knows of an errand that may have arrived; NotArrived when it
        surely has nothing of it, None when it cannot be asked."""
        ...

    def answers(self, waiting: Mapping[str, Errand]) -> Mapping[str, Answer]:
        """Return what was answered since, of the errands handed over, by their keys."""
        ...

    def accept(self, key: str) -> None:
        """Learn that an answer is stored: it need not be offered again."""
        ...


class Envoy:
    """Carries the errands of one desk to one organisation.

    `on_answer` is called when an answer waits to be decided. `step` does one round and is what the
    thread repeats; tests call it by themselves.
    """

    def __init__(
        self,
        store: Store,
        node: Callable[[], int],
        transport: Transport,
        *,
        desk: str,
        organisation: str,
        clock: Clock,
        on_answer: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._node = node
        self._transport = transport
        self._desk = desk
        self._organisation = organisation
        self._clock = clock
        self._on_answer = on_answer
        self._unrecorded: tuple[Carried, Outcome] | None = None
        self._in_hand = False
        self._halt = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"envoy {organisation}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon: what is being carried is finished and recorded."""
        self._halt.set()

    def join(self, seconds: float) -> None:
        """Wait for the end, so long at most."""
        if self._thread.is_alive():
            self._thread.join(seconds)

    def is_alive(self) -> bool:
        """Tell whether the thread runs."""
        return self._thread.is_alive()

    def step(self) -> bool:
        """Do one round: what was answered, then one errand. Return whether there was one.

        Raises StoreUnavailable; what was carried meanwhile is recorded in the next round.
        """
        self._catch_up()
        self._gather()
        now = self._clock.now()
        with self._store.read() as tx:
            if not errands.is_due(tx, self._desk, self._organisation, now):
                return False
        self._in_hand = True
        with self._store.write() as tx:
            carried = errands.claim(tx, self._node(), self._desk, self._organisation, now)
        if carried is None:
            self._in_hand = False
            return False
        self._unrecorded = (carried, self._carried(carried))
        self._catch_up()
        return True

    def _catch_up(self) -> None:
        """Record what was carried last; take back a claim of which nobody knows whether it stands."""
        if self._unrecorded is not None:
            self._record(*self._unrecorded)
        elif self._in_hand:
            with self._store.write() as tx:
                errands.take_back(tx, self._node(), self._desk, self._organisation)
        self._unrecorded, self._in_hand = None, False

    def _carried(self, carried: Carried) -> Outcome:
        """Carry an errand; an accident of our own leaves it in doubt and stops no other."""
        try:
            return self._carry(carried)
        except TemporaryFailure as error:  # the database: before anything left
            return NotArrived(why=str(error))
        except Exception as error:  # noqa: BLE001 - whatever it was, it may have arrived
            _log.exception("errand=%s could not be carried", carried.errand.key)
            return InDoubt(why=f"our own trouble: {type(error).__name__}")

    def _run(self) -> None:
        pause = LOOK_SECONDS
        while not self._halt.is_set():
            try:
                if not self.step():
                    self._halt.wait(LOOK_SECONDS)
                pause = LOOK_SECONDS
            except TemporaryFailure:  # the database: the flow says it
                self._halt.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:  # noqa: BLE001 - whatever it was, the next errand deserves its turn
                _log.exception("the envoy to %s stumbled; it goes on", self._organisation)
                self._halt.wait(LONGEST_PAUSE)

    def _gather(self) -> None:
        """Store the answers to what was handed over."""
        with self._store.read() as tx:
            waiting = {one.key: one for one in errands.awaited(tx, self._desk, self._organisation)}
        for key, answer in self._transport.answers(waiting).items():
            with self._store.write() as tx:
                errands.record_answer(tx, key, answer)
            self._transport.accept(key)
            self._tell(key, answer.result)
            self._on_answer()

    def _carry(self, carried: Carried) -> Outcome:
        """Carry an errand, after asking what became of an earlier attempt that may have arrived."""
        errand = carried.errand
        if carried.doubtful and errand.operation not in READ_ONLY:
            found = self._transport.find(errand)
            if found is None:
                return Refused(why="in doubt: it may have arrived")
            if not isinstance(found, NotArrived):
                return found
        enclosure = self._enclosure(errand)
        if errand.document and enclosure is None:
            return Refused(why=f"document {errand.document} may not leave any more")
        return self._transport.carry(errand, enclosure)

    def _enclosure(self, errand: Errand) -> Enclosure | None:
        """Return the file that goes along, as it may leave now."""
        if not errand.document or errand.ticket_id is None:
            return None
        with self._store.read() as tx:
            tickets = tickets_by_id(tx, {errand.ticket_id}, lock=False)
            known = tickets.get(errand.ticket_id)
            documents = known.documents if known else ()
            one = next((d for d in documents if d.number == errand.document), None)
            if one is None or not may_leave(one, Role.OBSERVER):
                return None
            digest = digest_that_leaves(one)
            data = read_blobs(tx, [digest]).get(digest) if digest else None
        if data is None:
            return None
        return Enclosure(name=one.filename, content_type=one.content_type, data=data)

    def _record(self, carried: Carried, outcome: Outcome) -> None:
        now, key = self._clock.now(), carried.errand.key
        with self._store.write() as tx:
            if isinstance(outcome, Answer):
                errands.record_answer(tx, key, outcome)
            elif isinstance(outcome, HandedOver):
                errands.hand_over(tx, carried.id, now)
            elif isinstance(outcome, Refused):
                errands.give_up(tx, carried, outcome.why, doubtful=carried.doubtful)
            else:
                doubtful = isinstance(outcome, InDoubt)
                errands.put_off(tx, carried, outcome.why, now, doubtful=doubtful)
        self._tell_outcome(key, outcome)
        self._on_answer()

    def _tell_outcome(self, key: str, outcome: Outcome) -> None:
        why = getattr(outcome, "why", "")
        word = outcome.result if isinstance(outcome, Answer) else type(outcome).__name__.lower()
        self._tell(key, word, why)

    def _tell(self, key: str, outcome: str, why: str = "") -> None:
        log.errand(key=key, organisation=self._organisation, outcome=outcome, reason=why)
