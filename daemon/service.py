"""The service: everything that runs while savd runs, started and stopped in the right order.

DESCRIPTION
    One event loop holds the listeners, the courier and the tick. Threads: the acceptance, the flow
    (one pipeline), one per reading process, one per mailbox, and a few for the courier's and
    our own database calls.

    start   database, schema, node, what earlier lives left; readers, flow, courier; then the
            doors and mailboxes; then systemd hears READY=1
    stop    doors and mailboxes first, then what was accepted is written, then the group in hand;
            the rest is in the journal and goes on at the next start
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import Final

from sqlalchemy import Connection

from daemon import log
from daemon.accept import Acceptance
from daemon.address_book import AddressBook
from daemon.clock import Clock, SystemClock
from daemon.config.file import database_url
from daemon.config.model import Configuration
from daemon.config.organisations import envoys_of, transports_of
from daemon.courier import Courier
from daemon.doors import DOOR_SECONDS, open_doors
from daemon.flow import Flow
from daemon.imap.ledger import JournalLedger
from daemon.imap.mailboxes import Mailbox
from daemon.imports.folders import folders_of
from daemon.office import Office, offices_of
from daemon.organisations.envoys import Envoys
from daemon.pipeline import Pipeline
from daemon.readers.reader import calm_collector
from daemon.readers.reading import Reading
from daemon.rescan import EVERY_SECONDS, Rescan
from daemon.smtp.listeners import Listener
from daemon.systemd import notify, watchdog_seconds
from daemon.ticks import start_ticking
from daemon.version import program_version
from daemon.wiring import door_of, mailbox_of, reading_of, relay_of, waits_of
from handlers.errors import TemporaryFailure
from handlers.understanding import Understanding
from storage.migrations import migrate
from storage.nodes import Node, adopt_dead, inherit
from storage.store import Store
from storage.wakeup import Wakeup

TICK_SECONDS: Final = 1.0
DATABASE_SECONDS: Final = 30.0
STUCK_SECONDS: Final = 120.0


class Service:
    """One `savd run`. `ports` tells where it listens once it is ready.

    Raises ConfigError before anything starts; `run` raises StoreUnavailable when the database
    stays out of reach for half a minute and OSError when an address cannot be listened on.
    """

    store: Store
    node: Node
    reading: Reading
    courier: Courier
    flow: Flow
    envoys: Envoys
    wakeup: Wakeup
    acceptance: Acceptance

    def __init__(
        self,
        configuration: Configuration,
        *,
        clock: Clock | None = None,
        rescan_seconds: float = EVERY_SECONDS,
    ) -> None:
        values = configuration.values
        self.configuration = configuration
        self.clock = clock or SystemClock()
        self._rescan_seconds = rescan_seconds
        self.offices: Mapping[str, Office] = offices_of(configuration)
        self.book = AddressBook(office.desk for office in self.offices.values())
        self._relay = relay_of(configuration, values.relay)
        self._doors = [door_of(configuration, section) for section in values.listen]
        self._mailboxes = [mailbox_of(configuration, one, self.offices) for one in values.mailbox]
        self._folders = folders_of(
            configuration, lambda desk: self.node.take(f"folder:{desk}"), self._wake
        )
        transports_of(configuration)  # what is wrong with them is said before anything starts
        self._listeners: list[Listener] = []
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="database")
        self._stop = asyncio.Event()
        self._adopting = False
        self._trouble: BaseException | None = None

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports listened on, in the order of the configuration."""
        return tuple(listener.port for listener in self._listeners)

    async def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Run until `stop` is called. Raises what makes going on impossible."""
        # What is pushed last is stopped first: the doors, then the way of a mail, the database.
        async with AsyncExitStack() as started:
            await self._start(started)
            on_ready()
            notify("READY=1")
            await self._stop.wait()
            notify("STOPPING=1")
            stopping = time.monotonic()
        log.stopped(seconds=time.monotonic() - stopping)
        if self._trouble:
            raise self._trouble

    def stop(self) -> None:
        """End in order, soon. On the event loop only."""
        self._stop.set()

    async def _start(self, started: AsyncExitStack) -> None:
        started.callback(self._pool.shutdown)
        await self._in_thread(self._open_store)
        started.push_async_callback(self._in_thread, self._close_store)
        self._build()
        for part in (self.wakeup, self.reading):
            started.push_async_callback(self._in_thread, part.close)
        courier = asyncio.create_task(self.courier.run())
        courier.add_done_callback(self._courier_ended)
        started.push_async_callback(self._end_courier, courier)
        self.flow.start()
        self.acceptance = Acceptance(self.flow.append)
        started.push_async_callback(self._in_thread, self.flow.close)
        started.push_async_callback(self._in_thread, self.acceptance.close)
        for others in (self.envoys, self._folders):
            others.start()
            started.push_async_callback(self._in_thread, others.close)
        self._open_mailboxes(started)
        self._listeners = await open_doors(
            self._doors,
            started,
            accept=self.acceptance.accept,
            known_recipient=self.book.knows,
            clock=self.clock.now,
            file=self.configuration.file,
        )
        self._tick_every_second(started)
        calm_collector()
        where = self.store.url.render_as_string()
        log.started(version=program_version(), node=self.node.id, database=where)

    async def _in_thread(self, call: Callable[[], object]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._pool, call)

    def _open_store(self) -> None:
        self.store = Store.open(database_url(self.configuration), wait=DATABASE_SECONDS)
        try:
            migrate(self.store)
            self.node = Node.open(self.store, self.clock.now())
            self._adopt()  # what an earlier life left comes before what arrives now
        except BaseException:
            self.store.close()
            raise

    def _adopt(self) -> int:
        """Take over what is nobody's. Return how many rows."""
        with self.store.write() as tx:
            rows = adopt_dead(tx, self.node.id)
        if rows:
            log.adopted(rows=rows)
        return rows

    def _close_store(self) -> None:
        self.node.close()
        self.store.close()

    def _build(self) -> None:
        values = self.configuration.values
        limits = values.limits
        workflows = {name: one.workflow for name, one in self.offices.items()}
        self.reading = reading_of(self.configuration, Understanding(workflows=workflows))
        self.courier = Courier(
            self.store,
            self.node.id,
            self._relay,
            clock=self.clock,
            pool=self._pool,
            connections=values.relay.connections,
            waits=waits_of(values.relay),
        )
        pipeline = Pipeline(
            store=self.store, offices=self.offices, clock=self.clock, ring=self._ring
        )
        self.flow = Flow(
            self.store,
            node=self.node.id,
            readers=self.reading,
            pipeline=pipeline,
            book=self.book,
            clock=self.clock,
            in_memory=limits.in_memory,
            on_applied=self.courier.wake,
        )
        self.envoys = envoys_of(self.configuration, self.store, lambda: self.node.id, self._hear)
        self.wakeup = Wakeup(self.store, self._wake)

    def _hear(self) -> None:
        self.flow.wake(timers=True)

    def _ring(self, tx: Connection) -> None:
        """Wake the other nodes when this commits; on SQLite there are none."""
        if self.store.dialect == "postgresql":
            self.wakeup.ring(tx)

    def _wake(self) -> None:
        """Look for mails to decide and messages to send: somebody committed something."""
        self.courier.wake()
        self.flow.wake(look=True)

    def _open_mailboxes(self, started: AsyncExitStack) -> None:
        threads: list[Mailbox] = []
        for settings in self._mailboxes:
            thread = Mailbox(
                settings,
                accept=self.acceptance.accept,
                ledger=JournalLedger(self.store, self.book.desk_of(settings.address)),
                take=lambda name: self.node.take(f"mailbox:{name}"),
                too_big=partial(_tell_too_big, settings.name),
                clock=self.clock.now,
            )
            thread.start()
            threads.append(thread)
            started.push_async_callback(self._in_thread, partial(thread.join, DOOR_SECONDS))
        for thread in threads:  # all are told before one is waited for
            started.callback(thread.stop)

    def _tick_every_second(self, started: AsyncExitStack) -> None:
        """Ticks only wake; what is due is a row."""
        jobs = [(self._tick, TICK_SECONDS)]
        if self.reading.scanner:
            rescan = Rescan(self.store, self.reading.scanner, self.offices, self.clock, self._ring)
            jobs.append((partial(self._scan_kept, rescan), self._rescan_seconds))
        if pause := watchdog_seconds():
            jobs.append((self._tell_alive, pause))
        started.callback(start_ticking(jobs).shutdown, wait=False)

    async def _tick(self) -> None:
        self.flow.wake(timers=True)
        if self._adopting:
            return
        self._adopting = True
        try:
            await self._in_thread(self._look_after_nodes)
        except TemporaryFailure:
            return  # the flow has said it; the next tick tries again
        finally:
            self._adopting = False

    async def _scan_kept(self, rescan: Rescan) -> None:
        with suppress(TemporaryFailure):  # the flow has said it; the next round tries again
            await self._in_thread(rescan.round)
        self.courier.wake()

    async def _tell_alive(self) -> None:
        stuck = time.monotonic() - self.flow.beat > STUCK_SECONDS
        if self.flow.is_alive() and self.reading.are_alive() and not stuck:
            notify("WATCHDOG=1")

    def _look_after_nodes(self) -> None:
        """Take over what is nobody's; when our own place was lost, take a new one."""
        if not self.node.alive():
            lost, self.node = self.node, Node.open(self.store, self.clock.now())
            self.courier.renew(self.node.id)
            self.flow.renew(self.node.id)
            lost.close()
            with self.store.write() as tx:
                inherit(tx, lost.id, self.node.id)
        if self._adopt():
            self._wake()

    def _courier_ended(self, courier: asyncio.Task[None]) -> None:
        """Stop when the courier ends by itself: it should not."""
        if not self._stop.is_set() and not courier.cancelled():
            self._trouble = courier.exception() or RuntimeError("the courier ended")
            self.stop()

    async def _end_courier(self, courier: asyncio.Task[None]) -> None:
        self.courier.stop()
        await asyncio.wait([courier])


def _tell_too_big(mailbox: str, uid: int, size: int) -> None:
    log.too_big(mailbox=mailbox, uid=uid, size=size)
