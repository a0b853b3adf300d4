"""Reading processes: every foreign byte is looked at where it can do no harm.

DESCRIPTION
    A few long-lived children of a fork server read mails. Each has bounded memory and time, can
    reach no file, no network and no program (daemon/sandbox.py), and is replaced when it dies,
    hangs or has read many mails. One thread per child hands over small batches through a pipe
    and takes the results back; no child can keep it waiting (daemon/channel.py).

PROMISE
    Every future resolves: with the mail as read, or with ReadingFailed and the reason. A mail
    that kills its reader costs itself one attempt; the others of its batch go to the next.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import signal
import socket
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Final

from daemon.answers import load
from daemon.channel import Channel
from daemon.log import sheltered
from daemon.reader import READY, Bounds, Reading, serve
from daemon.sandbox import lacking
from handlers.understanding import Understood

log = logging.getLogger(__name__)

BATCH_MAILS: Final = 16
BATCH_BYTES: Final = 1 << 20
MAILS_PER_LIFE: Final = 10_000
START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 2.0
MOST_OCTETS: Final = 1 << 28
"""A longer answer is not believed: a mail holds its files once, and its words a few times."""

TROUBLE_LENGTH: Final = 500
"""Characters of what a reader says went wrong: it goes into the log."""

_Job = tuple[bytes, str, "Future[Understood]"]


class ReadingFailed(Exception):
    """The reader died, hung or stumbled over this mail. The message says how."""


class Stopping(ReadingFailed):
    """The workers were closed before the mail was read. It is no fault of the mail."""


@dataclass(slots=True)
class _Reader:
    """A child, our end of its pipe, and how many mails it has read."""

    child: BaseProcess
    channel: Channel
    read: int = 0


class Workers:
    """The reading processes. Safe to call from any thread.

    `count` children (0: one per core) call `reading` with the bytes of each mail and the name of
    its desk; it is pickled into them. `memory` octets may be mapped by one, `seconds` of wall
    clock are given to one mail. `walls` names what confines them, "" until the first has started.
    """

    def __init__(
        self,
        reading: Reading,
        count: int = 0,
        *,
        memory: int = 1 << 30,
        seconds: float = 20.0,
    ) -> None:
        self.count = count or len(os.sched_getaffinity(0))
        self.walls = ""
        self._bounds = Bounds(memory=memory, cpu_seconds=max(1, round(seconds)))
        self._seconds = seconds
        self._reading = reading
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["daemon.reader", "daemon.preload"])
        # The library looks after all children whenever one starts, and that not thread by thread.
        self._births = threading.Lock()
        self._jobs: deque[_Job] = deque()
        self._closed = False
        self._changed = threading.Condition()
        self._readers: list[_Reader | None] = [None] * self.count
        self._threads = [
            threading.Thread(target=self._run, args=(n,), name=f"worker-{n}", daemon=True)
            for n in range(self.count)
        ]
        for thread in self._threads:
            thread.start()

    def read(self, data: bytes, desk: str) -> Future[Understood]:
        """Queue a mail to be read; the future fails with ReadingFailed when it cannot be."""
        future: Future[Understood] = Future()
        self._queue([(data, desk, future)])
        return future

    def are_alive(self) -> bool:
        """Tell whether every thread that feeds a child still runs."""
        return all(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """Fail what waits with Stopping; give what is being read two seconds; end all children."""
        with self._changed:
            self._closed = True
            waiting = list(self._jobs)
            self._jobs.clear()
            self._changed.notify_all()
        self._refuse(waiting)
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        for reader in self._readers:
            if reader:
                self._kill(reader)
        for thread in self._threads:
            thread.join()

    def _queue(self, jobs: list[_Job], *, first: bool = False) -> None:
        with self._changed:
            closed = self._closed
            if not closed and first:
                self._jobs.extendleft(reversed(jobs))
            elif not closed:
                self._jobs.extend(jobs)
            self._changed.notify(len(jobs))
        if closed:
            self._refuse(jobs)

    def _refuse(self, jobs: list[_Job]) -> None:
        for _, _, future in jobs:
            _fail(future, Stopping("the workers are stopping"))

    def _run(self, number: int) -> None:
        self._warm_up(number)
        while batch := self._next_batch():
            try:
                left = self._read_batch(number, batch)
            except Exception as error:
                log.exception("a reading process could not be used")
                self._end(number)  # what it still says would be taken for another mail's
                left = []
                for _, _, future in batch:
                    _fail(future, ReadingFailed(f"no reading process: {error}"))
            if left:
                self._queue(left, first=True)
        self._end(number)

    def _warm_up(self, number: int) -> None:
        """Start the child before the first mail needs it."""
        try:
            self._readers[number] = self._start()
        except Exception:
            log.exception("a reading process did not start; the first mail will try again")

    def _next_batch(self) -> list[_Job]:
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closed)
            # Leave the other children their share: a batch saves little, an idle core costs much.
            share = min(BATCH_MAILS, -(-len(self._jobs) // self.count))
            batch: list[_Job] = []
            size = 0
            while len(batch) < share and size < BATCH_BYTES:
                batch.append(self._jobs.popleft())
                size += len(batch[-1][0])
            return batch

    def _read_batch(self, number: int, batch: list[_Job]) -> list[_Job]:
        """Have a batch read. Return what was not begun because the reader came to its end."""
        reader = self._readers[number] = self._readers[number] or self._start()
        asked = pickle.dumps([(data, desk) for data, desk, _ in batch], protocol=5)
        for position, (_, _, future) in enumerate(batch):
            try:
                if position == 0:
                    reader.channel.send(asked, self._seconds)
                trouble = self._take(reader, future)
            except TimeoutError:
                trouble = f"reading took longer than {self._seconds:g} s"
            except (EOFError, OSError):
                trouble = f"the reading process died ({self._cause(reader)})"
            if trouble:
                self._end(number)
                accident = Stopping if self._closed else ReadingFailed
                _fail(future, accident(trouble))
                return batch[position + 1 :]
        reader.read += len(batch)
        if reader.read >= MAILS_PER_LIFE:
            self._end(number)
        return []

    def _take(self, reader: _Reader, future: Future[Understood]) -> str:
        """Pass one result on and return "", or return what the trouble is."""
        said = reader.channel.receive(self._seconds, MOST_OCTETS)
        try:
            understood, trouble = load(said)
        except Exception as error:  # noqa: BLE001 - a pickle of a hostile reader raises anything
            return f"the reading process answered with something else ({error})"
        if not trouble and future.set_running_or_notify_cancel():
            future.set_result(understood)
        return str(trouble)[:TROUBLE_LENGTH]

    def _start(self) -> _Reader:
        line, other = socket.socketpair()
        ours, theirs = Channel(line), Connection(other.detach())
        arguments = (theirs, self._reading, self._bounds)
        child = self._context.Process(target=serve, args=arguments, daemon=True, name="savd-reader")
        with self._births:
            child.start()
        theirs.close()
        reader = _Reader(child, ours)
        try:
            said = ours.receive(START_SECONDS, MOST_OCTETS)
        except (EOFError, OSError) as error:
            self._kill(reader)
            raise ChildProcessError("a reading process did not start") from error
        self._tell_walls(said.removeprefix(READY).decode())
        return reader

    def _tell_walls(self, walls: str) -> None:
        """Log what confines the readers, once, and again should it change."""
        with self._changed:
            known, self.walls = self.walls, walls
        if walls != known:
            sheltered(readers=self.count, walls=walls, lacking=lacking(walls))

    def _end(self, number: int) -> None:
        reader, self._readers[number] = self._readers[number], None
        if reader is None:
            return
        reader.channel.close()
        self._kill(reader)
        with self._births:
            reader.child.join(STOP_SECONDS)

    def _kill(self, reader: _Reader) -> None:
        """End a child that still lives; the number of a dead one may be another process's."""
        with self._births:
            if reader.child.is_alive():
                reader.child.kill()

    def _cause(self, reader: _Reader) -> str:
        with self._births:
            reader.child.join(STOP_SECONDS)
            code = reader.child.exitcode
        if code is None or code >= 0:
            return f"exit {code}"
        if -code == signal.SIGXCPU:
            return "too much processor time"
        if -code == signal.SIGSYS:
            return "SIGSYS: it asked the kernel for what reading never needs"
        return signal.Signals(-code).name


def _fail(future: Future[Understood], error: ReadingFailed) -> None:
    if not future.done() and future.set_running_or_notify_cancel():
        future.set_exception(error)
