"""Show kept files to the virus scanner again that it has not seen, once it answers: clamd
was down when they came.

What it says is decided like everything else, in a transaction of its own: the files are scanned
before it begins. A file that is never answered stays unscanned and holds up no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from daemon import log
from daemon.applying import apply_decision
from daemon.clamav import Clamav, Scan
from daemon.clock import Clock
from daemon.office import Office
from daemon.staff import office_of
from handlers.scanning import decide_scan
from storage.blobs import read_blobs
from storage.lookup import tickets_by_id
from storage.store import Conflict, Store
from storage.unscanned import Kept, unscanned

EVERY_SECONDS: Final = 60.0
AT_ONCE: Final = 20
"""Files of one round."""

MOST_TRIES: Final = 3


class Rescan:
    """Rounds through the files that no scanner has seen, each going on where the last one ended.

    What the scanner takes and says nothing of is shown to it three times while we run.
    """

    def __init__(
        self,
        store: Store,
        scanner: Clamav,
        offices: Mapping[str, Office],
        clock: Clock,
        ring: Callable[[Connection], None] = lambda _tx: None,
    ) -> None:
        self._store = store
        self._scanner = scanner
        self._offices = offices
        self._clock = clock
        self._ring = ring
        self._behind = (0, 0)
        self._tries: Counter[str] = Counter()

    def round(self) -> int:
        """Have the next files scanned. Return how many the scanner said something of. Raises
        StoreUnavailable."""
        kept = self._next()
        if not kept or not self._is_there():
            return 0
        self._behind = kept[-1].ticket_id, kept[-1].number
        answered = list(self._scans(kept))
        for ticket_id, scans in groupby(answered, key=lambda scan: scan[0].ticket_id):
            self._tell(ticket_id, {one.sha256: scan.told for one, scan in scans})
        return len(answered)

    def _next(self) -> Sequence[Kept]:
        """Return the next files, the first ones again behind the last."""
        with self._store.read() as tx:
            return unscanned(tx, AT_ONCE, behind=self._behind) or unscanned(tx, AT_ONCE)

    def _is_there(self) -> bool:
        """Tell whether the scanner answers."""
        try:
            self._scanner.version()
        except OSError:
            return False
        return True

    def _scans(self, kept: Sequence[Kept]) -> Iterator[tuple[Kept, Scan]]:
        """Yield what the scanner says of files, as long as it says anything at all."""
        for one in kept:
            if one.size > self._scanner.size or self._tries[one.sha256] == MOST_TRIES:
                continue
            with self._store.read() as tx:
                data = read_blobs(tx, [one.sha256]).get(one.sha256)
            if data is None:  # erased meanwhile
                continue
            try:
                scan = self._scanner.scan(data).result()
            except CancelledError:  # we are stopping
                return
            if scan.state != "unscanned":
                log.scanned(file=one.filename, sha256=one.sha256, found=scan.told)
                yield one, scan
            elif not self._is_there():
                return
            else:
                self._tries[one.sha256] += 1

    def _tell(self, ticket_id: int, found: Mapping[str, str]) -> None:
        """Decide and apply what the scanner found in files of a ticket."""
        with suppress(Conflict), self._store.write() as tx:  # the next round comes by again
            tickets = tickets_by_id(tx, {ticket_id})
            ticket = tickets.get(ticket_id)
            office = office_of(tx, self._offices, ticket.desk) if ticket else None
            if ticket is None or office is None:
                return
            now, cause = self._clock.now(), f"s{ticket.id}.{ticket.version}"
            decision = decide_scan(
                ticket, found, desk=office.desk, workflow=office.workflow, cause=cause, now=now
            )
            apply_decision(tx, decision, tickets, office, cause=cause, now=now)
            self._ring(tx)
