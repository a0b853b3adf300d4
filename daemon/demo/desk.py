"""The daemon of the demo: one service, a desk for each story, configured in a folder of its own."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from daemon.clock import Clock
from daemon.config.file import load
from daemon.config.template import toml_value
from daemon.demo.story import Story
from daemon.rehearsal.scene import contact_of
from daemon.service import Service
from handlers.process.table_rules import rule_of
from storage import listing, outbox
from storage.directory import save_contacts
from storage.listing import Line
from storage.store import Store
from storage.tables import put_rows

PATIENCE = 20.0
LOOK_SECONDS = 0.01

CONFIGURATION = """\
[database]
url = "sqlite:///demo.sqlite3"

[relay]
port = {relay_port}
hello = "mx.demo.example"

[[listen]]
port = 0
hostname = "mx.demo.example"

[desks]
"""

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a mail came to: its row of the journal, its ticket, the messages it caused."""

    mail: Line
    ticket: Line | None
    messages: tuple[Line, ...]


class DemoDesk:
    """The running daemon as seen from outside. `port` takes LMTP."""

    def __init__(self, store: Store, port: int) -> None:
        self._store = store
        self.port = port

    async def outcome(self, message_id: str) -> Outcome:
        """Wait until a mail has its verdict. Raises TimeoutError after PATIENCE seconds."""
        return await wait_for(lambda: self._find(message_id))

    async def all_sent(self) -> None:
        """Wait until no message is on its way. Raises TimeoutError after PATIENCE seconds."""
        await wait_for(lambda: self.messages().keys() <= {"sent", "bounced"} or None)

    def verdicts(self) -> Mapping[str, int]:
        """Count the journal by verdict."""
        with self._store.read() as tx:
            rows = listing.mails(tx, limit=1000)
        return Counter(row["verdict"] for row in rows)

    def messages(self) -> Mapping[str, int]:
        """Count the outbox by state."""
        with self._store.read() as tx:
            return {state: count for state, count in outbox.depth(tx).items() if count}

    def _find(self, message_id: str) -> Outcome | None:
        with self._store.read() as tx:
            rows = listing.mails(tx, message_id=message_id)
            if not rows or rows[0]["verdict"] == "pending":
                return None
            mail, ticket_id = rows[0], rows[0]["ticket_id"]
            oldest_first = reversed(listing.messages(tx))
            caused = [line for line in oldest_first if line["cause"] == f"m{mail['id']}"]
            ticket = listing.show_ticket(tx, ticket_id) if ticket_id else None
        return Outcome(mail=mail, ticket=ticket, messages=tuple(caused))


@asynccontextmanager
async def open_desks(
    folder: Path, clock: Clock, relay_port: int, told: Sequence[Story]
) -> AsyncIterator[DemoDesk]:
    """Run the service until the block ends. Raises what makes it end early."""
    service = Service(load(_configure(folder, relay_port, told)), clock=clock)
    ready = asyncio.Event()
    running = asyncio.create_task(service.run(ready.set))
    await _first(running, ready)
    try:
        with service.store.write() as tx:
            for story in told:
                save_contacts(tx, story.workflow, map(contact_of, story.people.values()))
                for table, rows in story.tables.items():
                    put_rows(
                        tx,
                        story.workflow,
                        table,
                        rows,
                        rule=rule_of(table, story.process.tables),
                    )
        yield DemoDesk(service.store, service.ports[0])
    finally:
        service.stop()
        await running


async def wait_for(look: Callable[[], Found | None]) -> Found:
    """Return what `look` finds, as soon as it is not None.

    Raises TimeoutError after PATIENCE seconds.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            found = look()
            if found is not None:
                return found
            await asyncio.sleep(LOOK_SECONDS)


async def _first(running: asyncio.Task[None], ready: asyncio.Event) -> None:
    """Wait until the service is ready, or has ended instead."""
    waiting = asyncio.create_task(ready.wait())
    await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if running.done():
        await running


def _configure(folder: Path, relay_port: int, told: Sequence[Story]) -> Path:
    """Write the configuration and a signing key. Return the file."""
    keys = folder / "keys"
    keys.mkdir()
    (keys / "k1").write_text(secrets.token_hex(32), encoding="ascii")
    (keys / "k1").chmod(0o600)
    file = folder / "savd.toml"
    desks = "".join(f"{one.workflow} = {toml_value(one.section())}\n" for one in told)
    file.write_text(CONFIGURATION.format(relay_port=relay_port) + desks, encoding="utf-8")
    return file
