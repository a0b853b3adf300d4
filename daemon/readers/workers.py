"""Reading processes: every foreign byte is looked at where it can do no harm.

DESCRIPTION
    A few children of a fork server read: mails in one pool, files in another. Each has bounded
    memory and time, can reach no file, no network and no program (daemon/readers/sandbox.py), and is
    replaced when it dies, hangs or has lived its life: many mails, or one file. One thread per
    child hands over small batches through a pipe and takes the results back; no child can keep it
    waiting (daemon/readers/channel.py).

PROMISE
    Every future resolves: with what was read, or with ReadingFailed and the reason. What kills its
    reader costs itself one attempt; the others of its batch go to the next.
"""

from __future__ import annotations

import logging
import os
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Final, Generic, TypeVar, TypeVarTuple

from daemon.log import sheltered
from daemon.readers.answers import load
from daemon.readers.child import STOP_SECONDS, Child
from daemon.readers.reader import Bounds
from daemon.readers.sandbox import lacking

log = logging.getLogger(__name__)

BATCH: Final = 16
BATCH_BYTES: Final = 1 << 20
MAILS_PER_LIFE: Final = 10_000
MOST_OCTETS: Final = 1 << 28
"""A longer answer is not believed: a mail holds its files once, and its words a few times."""

TROUBLE_LENGTH: Final = 500
"""Characters of what a reader says went wrong: it goes into the log."""

Result = TypeVar("Result")
Asked = TypeVarTuple("Asked")


class Reply(Future[Result]):
    """What will have been read. `seconds`: how long a reader was at it, once it is there."""

    seconds = 0.0


_Job = tuple[tuple[Any, ...], Reply[Result]]


class ReadingFailed(Exception):
    """The reader died, hung or stumbled over what it read. The message says how."""


class NoReader(ReadingFailed):
    """No reading process could be had. It is no fault of what was to be read."""


class Stopping(ReadingFailed):
    """The workers were closed before it was read. It is no fault of what was to be read."""


class Workers(Generic[Result, *Asked]):
    """The reading processes of one kind. Safe to call from any thread.

    `count` children (0: one per core) call `reading` with what `read` is given; it is pickled into
    them. `memory` octets may be mapped by one, `seconds` of wall clock are given to one question,
    `octets` may be answered, and after `life` questions a child is replaced by a fresh one. `name`
    is said in the log. `threads`: libraries may start some. `walls` names what confines them, "" until the first has started.
    """

    def __init__(
        self,
        reading: Callable[[*Asked], object],
        count: int = 0,
        *,
        memory: int = 1 << 30,
        seconds: float = 20.0,
        life: int = MAILS_PER_LIFE,
        octets: int = MOST_OCTETS,
        name: str = "mails",
        threads: bool = False,
    ) -> None:
        self.count = count or len(os.sched_getaffinity(0))
        self.walls = ""
        self._bounds = Bounds(memory=memory, cpu_seconds=max(1, round(seconds)), threads=threads)
        self._seconds, self._life, self._octets = seconds, life, octets
        self._reading, self._name = reading, name
        self._jobs: deque[_Job[Result]] = deque()
        self._closed = False
        self._changed = threading.Condition()
        self._children: list[Child | None] = [None] * self.count
        self._threads = [
            threading.Thread(target=self._run, args=(n,), name=f"{name}-{n}", daemon=True)
            for n in range(self.count)
        ]
        for thread in self._threads:
            thread.start()

    def read(self, *asked: *Asked) -> Reply[Result]:
        """Queue something to be read; the reply fails with ReadingFailed when it cannot be."""
        reply: Reply[Result] = Reply()
        self._queue([(asked, reply)])
        return reply

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
        _refuse(waiting)
        deadline = time.monotonic() + STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        for child in self._children:
            if child:
                child.kill()
        for thread in self._threads:
            thread.join()

    def _queue(self, jobs: Sequence[_Job[Result]], *, first: bool = False) -> None:
        with self._changed:
            closed = self._closed
            if not closed and first:
                self._jobs.extendleft(reversed(jobs))
            elif not closed:
                self._jobs.extend(jobs)
            self._changed.notify(len(jobs))
        if closed:
            _refuse(jobs)

    def _run(self, number: int) -> None:
        self._warm_up(number)
        while batch := self._next_batch():
            try:
                left = self._read_batch(number, batch)
            except Exception as error:
                log.exception("a reading process could not be used")
                self._end(number)  # what it still says would be taken for another's answer
                left = []
                for _, reply in batch:
                    _fail(reply, NoReader(f"no reading process: {error}"))
            if left:
                self._queue(left, first=True)
            self._warm_up(number)
        self._end(number)

    def _warm_up(self, number: int) -> None:
        """Have a child there before it is needed."""
        if self._children[number] or self._closed:
            return
        try:
            self._children[number] = self._start()
        except Exception:
            log.exception("a reading process did not start; the next question will try again")

    def _next_batch(self) -> list[_Job[Result]]:
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._closed)
            # Leave the other children their share: a batch saves little, an idle core costs much.
            share = min(BATCH, self._life, -(-len(self._jobs) // self.count))
            batch: list[_Job[Result]] = []
            size = 0
            while len(batch) < share and size < BATCH_BYTES:
                batch.append(self._jobs.popleft())
                size += sum(len(one) for one in batch[-1][0] if isinstance(one, bytes))
            return batch

    def _read_batch(self, number: int, batch: list[_Job[Result]]) -> list[_Job[Result]]:
        """Have a batch read. Return what was not begun because the reader came to its end."""
        child = self._children[number] = self._children[number] or self._start()
        asked = pickle.dumps([question for question, _ in batch], protocol=5)
        for position, (_, reply) in enumerate(batch):
            begun = time.monotonic()
            try:
                if position == 0:
                    child.channel.send(asked, self._seconds)
                said = child.channel.receive(self._seconds, self._octets)
                trouble = _pass_on(said, reply, begun)
            except TimeoutError:
                trouble = f"reading took longer than {self._seconds:g} s"
            except (EOFError, OSError):
                trouble = f"the reading process died ({child.cause()})"
            if trouble:
                self._end(number)
                accident = Stopping if self._closed else ReadingFailed
                _fail(reply, accident(trouble), begun)
                return batch[position + 1 :]
        child.answered += len(batch)
        if child.answered >= self._life:
            self._end(number)
        return []

    def _start(self) -> Child:
        child = Child(self._reading, self._bounds)
        with self._changed:
            known, self.walls = self.walls, child.walls
        if child.walls != known:  # once, and again should it change
            sheltered(
                what=self._name, readers=self.count, walls=child.walls, lacking=lacking(child.walls)
            )
        return child

    def _end(self, number: int) -> None:
        child, self._children[number] = self._children[number], None
        if child:
            child.end()


def _pass_on(said: bytes, reply: Reply[Any], begun: float) -> str:
    """Pass one result on and return "", or return what the trouble is."""
    try:
        result, trouble = load(said)
    except Exception as error:  # noqa: BLE001 - a pickle of a hostile reader raises anything
        return f"the reading process answered with something else ({error})"
    if not trouble and reply.set_running_or_notify_cancel():
        reply.seconds = time.monotonic() - begun
        reply.set_result(result)
    return str(trouble)[:TROUBLE_LENGTH]


def _refuse(jobs: Sequence[_Job[Any]]) -> None:
    for _, reply in jobs:
        _fail(reply, Stopping("the workers are stopping"))


def _fail(reply: Reply[Any], error: ReadingFailed, begun: float | None = None) -> None:
    if not reply.done() and reply.set_running_or_notify_cancel():
        reply.seconds = time.monotonic() - begun if begun is not None else 0.0
        reply.set_exception(error)
