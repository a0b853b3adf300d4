"""Group commit: mails that arrive together share one durable write.

DESCRIPTION
    Every intake hands its mails to one `Acceptance` and says yes (250, a flag, exit 0) only when
    the future it got has resolved. One thread collects what is waiting and gives it to `append`
    in one group, so that fifty mails cost one fsync instead of fifty.

PROMISE
    A future that resolved means: that mail is committed. A future that failed means: the sender
    still owns the mail. Nothing is retried here and nothing is dropped.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from handlers.envelope import RawMail
from handlers.errors import StoreUnavailable

log = logging.getLogger(__name__)

GATHER_SECONDS: Final = 0.002
GROUP_MAILS: Final = 500
GROUP_BYTES: Final = 64 << 20

Append = Callable[[Sequence[RawMail]], None]
"""Write and commit all of the mails durably, or raise StoreUnavailable and keep none."""

_Waiting = tuple[RawMail, Future[None]]


class Acceptance:
    """The single writer between the intakes and the journal. Safe to call from any thread.

    `append` is called on one thread only. `gather` is how long (seconds) the first mail of a
    group waits for company. At most `depth` mails or `depth_bytes` octets wait; what comes on
    top is refused with StoreUnavailable. `on_accepted` is called after each committed group.
    """

    def __init__(
        self,
        append: Append,
        *,
        on_accepted: Callable[[], None] = lambda: None,
        gather: float = GATHER_SECONDS,
        depth: int = 5_000,
        depth_bytes: int = 512 << 20,
    ) -> None:
        self._append = append
        self._on_accepted = on_accepted
        self._gather = gather
        self._depth = depth
        self._depth_bytes = depth_bytes
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._closed = False
        self._changed = threading.Condition()
        self._writer = threading.Thread(target=self._run, name="acceptance", daemon=True)
        self._writer.start()

    def accept(self, raw: RawMail) -> Future[None]:
        """Queue a mail; the future resolves once it is durable, or fails with the reason.

        Never blocks and never raises: a full queue and a closed acceptance fail the future with
        StoreUnavailable, any error of `append` fails the futures of its whole group.
        """
        future: Future[None] = Future()
        with self._changed:
            refusal = self._refusal(len(raw.data))
            if not refusal:
                self._waiting.append((raw, future))
                self._waiting_bytes += len(raw.data)
                self._changed.notify()
        if refusal:
            future.set_exception(StoreUnavailable(refusal))
        return future

    def close(self) -> None:
        """Refuse new mails, write those that wait, and return when the writer has ended."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._writer.join()

    def _refusal(self, size: int) -> str:
        if self._closed:
            return "the intake is stopping; the sender keeps the mail and tries again"
        # A mail alone in the queue is always taken, however big it is.
        full = self._waiting_bytes + size > self._depth_bytes and self._waiting
        if full or len(self._waiting) >= self._depth:
            return f"{len(self._waiting)} mails wait to be stored already; try again later"
        return ""

    def _run(self) -> None:
        while group := self._next_group():
            self._write(group)

    def _next_group(self) -> list[_Waiting]:
        """Wait for mail and take what is there; [] once closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            # While one group is being written the next gathers by itself; the pause only serves
            # the first mails of a burst, which would otherwise each pay for their own fsync.
            if self._gather and not self._closed:
                self._changed.wait_for(self._is_group_full, timeout=self._gather)
            return self._take()

    def _is_group_full(self) -> bool:
        return self._closed or len(self._waiting) >= GROUP_MAILS

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        size = 0
        while self._waiting and len(group) < GROUP_MAILS and size < GROUP_BYTES:
            raw, future = self._waiting.popleft()
            size += len(raw.data)
            group.append((raw, future))
        self._waiting_bytes -= size
        return group

    def _write(self, group: list[_Waiting]) -> None:
        group = [item for item in group if item[1].set_running_or_notify_cancel()]
        if not group:
            return
        try:
            self._append([raw for raw, _ in group])
        except BaseException as error:  # noqa: BLE001 - whatever it is, the senders must hear of it
            log.warning("group of %d mails not stored: %s", len(group), error)
            for _, future in group:
                future.set_exception(error)
            return
        for _, future in group:
            future.set_result(None)
        self._wake()

    def _wake(self) -> None:
        try:
            self._on_accepted()
        except Exception:  # the mails are safe; a deaf pipeline finds them at its next tick
            log.exception("the pipeline could not be woken")
