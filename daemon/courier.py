"""The courier: carries messages from the outbox to the relay.

DESCRIPTION
    One task keeps the books: in one transaction it records what the last attempts came to and
    claims the next messages. A few lanes, each with its own connection to the relay, send them;
    the messages to one recipient follow each other.

PROMISE
    A message is sent at most once per claim, its bytes never change. What was claimed and not
    recorded when the process dies is sent again by whoever adopts it, with the same Message-ID.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Final

from daemon import log
from daemon.clock import Clock
from daemon.refusals import Refusals
from daemon.relay import RelayConnection, RelayDown, RelaySettings
from handlers.errors import TemporaryFailure
from handlers.message import Attempt, OutboxState
from handlers.undelivered import AS_USUAL, Waits
from storage import outbox
from storage.outbox import Sendable
from storage.store import Store

_log = logging.getLogger(__name__)

IN_HAND: Final = 200
GATHER_SECONDS: Final = 0.01
POLL_SECONDS: Final = 1.0
LONGEST_PAUSE: Final = 30.0
STOP_SECONDS: Final = 5.0

_Result = tuple[int, Attempt]


class Courier:
    """Sends what the outbox holds. Lives on one event loop; `wake` may be called from anywhere.

    `pool` runs the database calls. `connections` are the lanes, `stop_seconds` is how long they may
    finish what they have in hand, `waits` after how long somebody is told.
    """

    def __init__(
        self,
        store: Store,
        node: int,
        relay: RelaySettings,
        *,
        clock: Clock,
        pool: Executor | None = None,
        connections: int = 4,
        stop_seconds: float = STOP_SECONDS,
        waits: Waits = AS_USUAL,
    ) -> None:
        self._store = store
        self._node = node
        self._relay = relay
        self._clock = clock
        self._pool = pool
        self._connections = connections
        self._stop_seconds = stop_seconds
        self._waits = waits
        self._waiting: dict[str, deque[Sendable]] = {}
        self._ready: asyncio.Queue[str] = asyncio.Queue()
        self._results: list[_Result] = []
        self._in_hand = 0
        self._unrecorded: set[int] = set()
        self._refusals = Refusals()
        self._in_doubt = False
        self._silent_for = 0
        self._is_silent = False
        self._changed = asyncio.Event()
        self._halt = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def relay_is_up(self) -> bool:
        """False while the relay does not talk to us."""
        return not self._is_silent

    def wake(self) -> None:
        """Look into the outbox now: something was committed."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed.set)

    def renew(self, node: int) -> None:
        """Go on as another node: the database connection that stood for the old one was lost."""
        self._node = node
        self.wake()

    async def run(self) -> None:
        """Send until `stop` is called."""
        self._loop = asyncio.get_running_loop()
        lanes = [asyncio.create_task(self._lane()) for _ in range(self._connections)]
        try:
            await self._keep_books()
        finally:
            self.stop()
            await _close(lanes, self._stop_seconds)
            if self._results:
                await self._turn(room=0)

    def stop(self) -> None:
        """Make `run` end soon: what is being sent is finished and recorded, the rest is left."""
        self._halt.set()
        self._changed.set()
        for _ in range(self._connections):
            self._ready.put_nowait("")

    async def _keep_books(self) -> None:
        while not self._halt.is_set():
            self._changed.clear()
            # A relay that is down is asked with one message at a time.
            room = IN_HAND - self._in_hand if self.relay_is_up else int(not self._in_hand)
            claimed = await self._turn(room)
            if claimed < room or not room:
                await self._rest()

    async def _rest(self) -> None:
        """Return when there is something to do: a wake-up, results, or the time to look."""
        if self._is_silent:
            self._silent_for += 1
            await self._pause(min(2.0 ** (self._silent_for - 1), LONGEST_PAUSE))
            return
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._changed.wait()
        except TimeoutError:
            return
        if self._in_hand:
            await self._pause(GATHER_SECONDS)  # the more results, the fewer commits

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._halt.wait()
        except TimeoutError:
            return

    async def _turn(self, room: int) -> int:
        """Record results and claim up to `room` messages, in one transaction. Return how many."""
        results, self._results = self._results, []
        if not results and not room:
            return 0
        loop = asyncio.get_running_loop()
        try:
            claimed = await loop.run_in_executor(self._pool, self._commit, results, room)
        except TemporaryFailure as error:
            self._results = results + self._results
            self._in_doubt = True
            _log.warning("outbox not reached: %s", error)
            await self._pause(POLL_SECONDS)
            return 0
        self._in_doubt = False
        self._unrecorded.difference_update(outbox_id for outbox_id, _ in results)
        for sendable in claimed:
            self._enqueue(sendable)
        return len(claimed)

    def _commit(self, results: Sequence[_Result], room: int) -> tuple[Sendable, ...]:
        now = self._clock.now()
        if not (results or self._in_doubt or self._has_work(room)):
            return ()
        with self._store.write() as tx:
            outbox.record(tx, results, now, self._waits)
            if self._in_doubt:  # the last claim may stand although its commit was not confirmed
                outbox.take_back(tx, self._node, self._unrecorded)
            return outbox.claim(tx, self._node, room, now) if room else ()

    def _has_work(self, room: int) -> bool:
        """Ask beside the writer whether a claim is worth a transaction."""
        if not room:
            return False
        with self._store.read() as tx:
            due = outbox.next_try(tx)
        return due is not None and due <= self._clock.now()

    def _enqueue(self, sendable: Sendable) -> None:
        self._in_hand += 1
        self._unrecorded.add(sendable.id)
        recipient = sendable.message.recipient.lower()
        if recipient in self._waiting:
            self._waiting[recipient].append(sendable)
        else:
            self._waiting[recipient] = deque([sendable])
            self._ready.put_nowait(recipient)

    async def _lane(self) -> None:
        connection = RelayConnection(self._relay)
        try:
            while True:
                recipient = await self._ready.get()
                if self._halt.is_set():
                    return
                await self._send(connection, self._waiting[recipient].popleft())
                if self._waiting[recipient]:
                    self._ready.put_nowait(recipient)
                else:
                    del self._waiting[recipient]
        finally:
            await connection.quit()

    async def _send(self, connection: RelayConnection, sendable: Sendable) -> None:
        message = sendable.message
        try:
            said = await connection.send(message)
            attempt = self._refusals.weighed(message, said, self._clock.now())
            self._relay_answers()
        except RelayDown as error:
            attempt = Attempt(state=OutboxState.DEFERRED, reply=str(error))
            self._relay_is_silent(str(error))
        except asyncio.CancelledError:
            if connection.in_doubt:  # the dot was written: nobody may send it again blindly
                stopped = "we were stopped before the relay answered"
                self._results.append(
                    (sendable.id, Attempt(state=OutboxState.UNCERTAIN, reply=stopped))
                )
            raise
        except Exception as error:  # noqa: BLE001 - one odd message must not stop the others
            _log.exception("message %s could not be tried", message.message_id)
            connection.close()
            # What may have arrived is not sent again, whoever is to blame.
            state = OutboxState.UNCERTAIN if connection.in_doubt else OutboxState.DEFERRED
            attempt = Attempt(state=state, reply=f"our own trouble: {error!r}")
        self._in_hand -= 1
        self._results.append((sendable.id, attempt))
        self._changed.set()
        log.attempted(
            outcome=attempt.state.value,
            message_id=message.message_id,
            recipient=message.recipient,
            notice=message.notice,
            reply=attempt.reply,
        )

    def _relay_answers(self) -> None:
        if self._is_silent:
            log.connected(what="relay", where=self._where)
        self._is_silent, self._silent_for = False, 0

    def _relay_is_silent(self, reason: str) -> None:
        if not self._is_silent:
            log.lost(what="relay", where=self._where, reason=reason)
        self._is_silent = True

    @property
    def _where(self) -> str:
        return f"{self._relay.host}:{self._relay.port}"


async def _close(lanes: Sequence[asyncio.Task[None]], seconds: float) -> None:
    """Let each lane finish the message in hand, for so long, then end it."""
    await asyncio.wait(lanes, timeout=seconds)
    for lane in lanes:
        lane.cancel()
    await asyncio.gather(*lanes, return_exceptions=True)
