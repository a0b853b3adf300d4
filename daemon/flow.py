"""The flow: from the accepted mail through the readers into the pipeline.

DESCRIPTION
    Mails that were just accepted stand in a line in memory and go to the readers at once; when
    the line is full they wait in the database, where a look each second finds them, together with
    what failed before, what a dead node left and what another process brought.
    One thread takes mails off the line in order of arrival and hands groups to the pipeline.

PROMISE
    The journal row is the truth: a mail leaves the line only when it has its verdict, or when its
    failure is written down, or when the daemon stops; then the row is still there. A mail that
    fails never holds up the others, and a dead database blames no mail.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from daemon import log
from daemon.address_book import AddressBook
from daemon.clock import Clock
from daemon.line import InLine, Line, Readers
from daemon.pipeline import Read
from daemon.readers.workers import Stopping
from handlers.envelope import RawMail
from handlers.errors import StoreUnavailable, TemporaryFailure
from storage import journal
from storage.journal import Pending
from storage.store import Store

_log = logging.getLogger(__name__)

GROUP_MAILS: Final = 100
GATHER_SECONDS: Final = 0.003
LONG_GROUP_SECONDS: Final = 0.2
LOOK_SECONDS: Final = 1.0
LONGEST_PAUSE: Final = 15.0


class Decider(Protocol):
    """What the flow asks of the pipeline."""

    def process(self, reads: Sequence[Read]) -> None:
        """Decide these mails and commit everything that follows."""

    def fire_timers(self) -> int:
        """Decide the timers that are due; return how many."""

    def hear_answers(self) -> int:
        """Decide what organisations answered; return how many answers."""

    def hear_relay(self) -> int:
        """Decide what follows from messages that did not get through; return how many."""

    def send_digests(self) -> int:
        """Queue the digests whose time has come; return how many messages."""


class Flow:
    """The line of mails and the thread that works it off.

    At most `in_memory` mails stand in line. `on_applied` is called after every committed group:
    there may be messages to send.
    """

    def __init__(
        self,
        store: Store,
        *,
        node: int,
        readers: Readers,
        pipeline: Decider,
        book: AddressBook,
        clock: Clock,
        in_memory: int = 1000,
        on_applied: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._node = node
        self._pipeline = pipeline
        self._book = book
        self._clock = clock
        self._on_applied = on_applied
        self._line = Line(readers, most=in_memory, on_read=self.wake)
        self._look = True
        self._timers = False
        self._closed = False
        self._failures = 0
        self._group = 8
        self.beat = time.monotonic()
        """When the thread last showed life (monotonic seconds)."""
        self._entering = threading.Lock()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="flow", daemon=True)

    def start(self) -> None:
        """Take up what is pending and begin."""
        self._thread.start()

    def is_alive(self) -> bool:
        """Tell whether the thread runs."""
        return self._thread.is_alive()

    def append(self, mails: Sequence[RawMail]) -> None:
        """Write mails into the journal, durably, and let them stand in line.

        For `Acceptance`. Raises StoreUnavailable; then none of them is ours.
        """
        batch = [(desk, raw) for raw in mails for desk in self._book.desks_for(raw.envelope)]
        with self._entering:  # or a look into the database would find them before the line has them
            with self._store.write() as tx:
                ids = journal.append(tx, self._node, batch)
            for journal_id, (desk, raw) in zip(ids, batch, strict=True):
                _tell_accepted(journal_id, desk, raw)
                self._line.enter(Pending(id=journal_id, desk=desk, raw=raw))

    def wake(self, *, look: bool = False, timers: bool = False) -> None:
        """Ask the thread to look into the journal, or at the timers, now."""
        with self._changed:
            self._look |= look
            self._timers |= timers
            self._changed.notify()

    def renew(self, node: int) -> None:
        """Go on as another node: the database connection that stood for the old one was lost."""
        with self._entering:
            self._node = node
        self.wake(look=True)

    def close(self, seconds: float = 5.0) -> None:
        """Finish the group in hand and end the thread; wait for `seconds` at most."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        looked = 0.0
        while not self._closed:
            self.beat = time.monotonic()
            try:
                due = self.beat - looked > LOOK_SECONDS
                if due or self._look or self._line.has_overflowed():
                    looked = self.beat
                    self._look_into_journal()
                self._work()
                self._recover()
            except TemporaryFailure as error:
                self._back_off(error)
            except Exception:  # noqa: BLE001 - whatever it was, the next mail deserves its turn
                _log.exception("the flow stumbled; it goes on")
                self._wait(LOOK_SECONDS)

    def _work(self) -> None:
        """Fire timers when asked, then work off what has been read, or wait for it."""
        if self._timers:
            self._timers = False
            pipeline = self._pipeline
            heard = pipeline.hear_answers() + pipeline.hear_relay()
            if pipeline.fire_timers() + heard + pipeline.send_digests():
                self._on_applied()
        ready = self._line.ready(self._group)
        if 0 < len(ready) < min(len(self._line), self._group):
            time.sleep(GATHER_SECONDS)  # others are being read: one commit may serve them too
            ready = self._line.ready(self._group)
        if ready:
            begun = time.monotonic()
            self._process(ready)
            self._fit_group(time.monotonic() - begun)
        else:
            self._wait(LOOK_SECONDS)

    def _wait(self, seconds: float) -> None:
        with self._changed:
            if not (self._closed or self._timers or self._look or self._line.ready(1)):
                self._changed.wait(seconds)

    def _fit_group(self, took: float) -> None:
        """Keep transactions short: while one lasts, nobody else can write, the intake neither."""
        if took > LONG_GROUP_SECONDS:
            self._group = max(1, self._group // 2)
        elif took < LONG_GROUP_SECONDS / 4:
            self._group = min(GROUP_MAILS, self._group * 2)

    def _recover(self) -> None:
        if self._failures:
            log.connected(what="database", where=self._store.url.render_as_string())
        self._failures = 0

    def _back_off(self, error: Exception) -> None:
        if not self._failures and isinstance(error, StoreUnavailable):
            log.lost(what="database", where=self._store.url.render_as_string(), reason=str(error))
        self._failures += 1
        pause = min(0.1 * 2.0**self._failures, LONGEST_PAUSE)
        with self._changed:
            self._changed.wait_for(lambda: self._closed, timeout=pause)

    def _look_into_journal(self) -> None:
        """Let mails of the journal that nobody works on stand in line, as many as there is room."""
        limit = min(self._line.room, GROUP_MAILS)
        if not limit:
            self._line.overflow()
            return
        self._look = False
        with self._entering, self._store.read() as tx:
            now = self._clock.now()
            found = journal.pending(tx, self._node, limit, now, busy=self._line.ids)
            for pending in found:
                self._line.enter(pending)
        if found:
            self._line.overflow()  # there may be more

    def _process(self, entries: Sequence[InLine]) -> None:
        stopping = [one for one in entries if isinstance(one.reading.exception(), Stopping)]
        self._line.leave(stopping)
        if len(stopping) < len(entries):
            self._decide([one for one in entries if one not in stopping])
            self._on_applied()

    def _decide(self, entries: Sequence[InLine]) -> None:
        """Hand a group to the pipeline; after an accident one by one, to find whose fault it is.

        The pipeline catches what goes wrong with one mail. What comes through is about the
        database (the group stays in line and blames nobody) or was not foreseen at all.
        """
        try:
            self._pipeline.process([_read_of(entry) for entry in entries])
        except TemporaryFailure:
            raise
        except Exception as error:  # noqa: BLE001 - nobody else is there to catch it
            _log.exception("a group of %d mails could not be decided", len(entries))
            if len(entries) == 1:
                self._fail(entries[0], f"{type(error).__name__}: {error}")
            else:
                for entry in entries:
                    self._decide([entry])
                return
        self._line.leave(entries)

    def _fail(self, entry: InLine, trouble: str) -> None:
        """Let the pipeline write a failed attempt down: tried again later, held in the end."""
        self._pipeline.process([replace(_read_of(entry), mail=None, trouble=trouble)])


def _read_of(entry: InLine) -> Read:
    """Return what came of the reading, for the pipeline: the mail, or the trouble with it."""
    pending, error = entry.pending, entry.reading.exception()
    understood = None if error else entry.reading.result()
    return Read(
        journal_id=pending.id,
        desk=pending.desk,
        raw=pending.raw,
        mail=understood.mail if understood else None,
        sheets=understood.sheets if understood else None,
        trouble=str(error) if error else "",
        attempts=pending.attempts,
        requester=pending.requester,
    )


def _tell_accepted(journal_id: int, desk: str, raw: RawMail) -> None:
    envelope = raw.envelope
    log.accepted(
        journal_id=journal_id,
        desk=desk,
        path=envelope.path,
        sender=envelope.reverse_path,
        size=len(raw.data),
    )
