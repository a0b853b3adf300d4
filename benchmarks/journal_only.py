"""savd's intake alone: LMTP, group commit, journal row; nobody reads or decides.

python -m benchmarks.journal_only --config FILE
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from daemon import log
from daemon.accept import Acceptance
from daemon.address_book import AddressBook
from daemon.config.file import database_url, load
from daemon.office import offices_of
from daemon.smtp.listeners import listen
from daemon.wiring import door_of
from storage import journal
from storage.store import Store


async def main() -> None:
    configuration = load(Path(sys.argv[2]))
    log.set_up(level="info")
    store = Store.open(database_url(configuration))
    book = AddressBook(office.desk for office in offices_of(configuration).values())

    def append(mails):
        with store.write() as tx:
            journal.append(
                tx, 1, [(desk, raw) for raw in mails for desk in book.desks_for(raw.envelope)]
            )

    acceptance = Acceptance(append)
    door = door_of(configuration, configuration.values.listen[0])
    listener = await listen(door, accept=acceptance.accept, known_recipient=book.knows)
    log.listening(protocol="lmtp", host="127.0.0.1", port=listener.port)
    log.started(version="", node=1, database="")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
