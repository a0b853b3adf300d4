"""What the journal tells the mailbox threads: which mails it lacks, and where the fence stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from storage import directory, journal
from storage.store import Store

FENCES = "mailbox_fence"


class JournalLedger:
    """The ledger of one desk's mailboxes. Raises StoreUnavailable when the database is dead."""

    def __init__(self, store: Store, desk: str) -> None:
        self._store = store
        self._desk = desk

    def missing(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> Collection[int]:
        """Return those of `uids` the journal has no mail of."""
        with self._store.read() as tx:
            return journal.missing_uids(tx, self._desk, mailbox, uidvalidity, uids)

    def fence(self, mailbox: str, connected: datetime) -> datetime:
        """Return the moment of the first connect; it is `connected`, kept durably, the first time."""
        with self._store.write() as tx:
            row = directory.find_row(tx, self._desk, FENCES, mailbox)
            if row:
                return datetime.fromisoformat(row["at"])
            kept = {"at": connected.isoformat()}
            directory.save_rows(tx, self._desk, FENCES, [(mailbox, kept)])
            return connected
