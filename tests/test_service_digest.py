"""A running savd sends its digest when the clock says so, and once."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from daemon.clock import SetClock
from daemon.config.file import load
from daemon.service import Service

from .relays import Relay
from .services import configure, until
from .stores import a_step, a_ticket, opened, write

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
DIGEST = """
[desks.rma.teams.after_sales]
addresses = ["team@desk.example"]

[desks.rma.digest]
daily = "08:00"
managers = ["boss@desk.example"]
"""


async def running(folder, clock, relay):
    """Start savd with a clock of the test's; return it and what ends it."""
    service = Service(load(configure(folder, relay=relay.port, extra=DIGEST)), clock=clock)
    ready = asyncio.Event()
    task = asyncio.create_task(service.run(ready.set))
    await ready.wait()

    async def end():
        service.stop()
        with suppress(asyncio.CancelledError):
            await task

    return service, end


def test_the_digest_reaches_the_relay_once_whatever_restarts(tmp_path):
    asyncio.run(two_mornings(tmp_path))


async def two_mornings(tmp_path):
    relay, clock = await Relay().start(), SetClock(MONDAY - timedelta(minutes=30))
    service, end = await running(tmp_path, clock, relay)
    at = MONDAY - timedelta(days=4)
    ticket = a_ticket(7000, state="in_study", opened_at=at, requested_at=at)
    step = a_step(at=at, transition="F-T1", from_state="new", to_state="in_study")
    write(service.store, opened(ticket, steps=(step,)))
    clock.set(MONDAY)
    await until(lambda: len(relay.taken) == 2)
    await end()
    service, end = await running(tmp_path, clock, relay)
    clock.set(MONDAY + timedelta(days=1))
    await until(lambda: len(relay.taken) == 4)
    await end()
    await relay.stop()
    assert [one.recipient for one in relay.taken] == 2 * ["team@desk.example", "boss@desk.example"]
    assert all(b"Auto-Submitted: auto-generated" in one.data for one in relay.taken)
