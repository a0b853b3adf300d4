"""One pass after the other over one IMAP folder: what is missing is fetched and handed over."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from daemon.imap.session import ImapSession, Listed, MailboxSettings
from handlers.envelope import Envelope, RawMail
from handlers.errors import TemporaryFailure

log = logging.getLogger(__name__)

FULL_PASS_SECONDS: Final = 3600
BATCH_MAILS: Final = 50
BATCH_OCTETS: Final = 16 << 20
ATTEMPTS: Final = 3
LEDGER_STEP: Final = 5_000

Accept = Callable[[RawMail], Future[None]]


class Ledger(Protocol):
    """What the journal knows of mailboxes. Called from mailbox threads."""

    def missing(self, mailbox: str, uidvalidity: int, uids: Sequence[int]) -> Collection[int]:
        """Return those of `uids` (5,000 at most) the journal has no mail of."""

    def fence(self, mailbox: str, connected: datetime) -> datetime:
        """Return the moment of the first connect; `connected`, recorded durably, when this is it.

        It must be kept before the first mail is: a crash in the middle of the first pass must
        not turn the rest of the backlog into new mail.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class _HandedOver:
    uid: int
    raw: RawMail
    future: Future[None]


class Reading:
    """Reads one folder through one session. Lives and dies with the session."""

    def __init__(
        self,
        session: ImapSession,
        settings: MailboxSettings,
        *,
        accept: Accept,
        ledger: Ledger,
        fence: datetime,
        too_big: Callable[[int, int], None],
        clock: Callable[[], datetime],
        stopping: threading.Event,
    ) -> None:
        self._session = session
        self._settings = settings
        self._accept = accept
        self._ledger = ledger
        self._fence = fence
        self._too_big = too_big
        self._clock = clock
        self._stopping = stopping
        self._start = 1
        self._full_pass_at = 0.0
        self._attempts: Counter[int] = Counter()
        self._unfinished: set[int] = set()
        self._done_with: set[int] = set()

    def sweep(self) -> None:
        """Make one pass: hand over what the journal lacks, flag or move what it has.

        Looks only at what came since the last pass; from time to time, and first, at all. Raises
        when the session is of no use or the journal takes no mail; nothing is marked then.
        """
        start = self._choose_start()
        uids = self._session.uids(start)
        missing = self._find_missing(uids)
        self._settle_known(start, set(uids) - missing)
        self._unfinished.clear()
        self._fetch_all(sorted(missing - self._done_with))
        # Never past a mail that is not in the journal yet.
        self._start = min(self._unfinished, default=uids[-1] + 1 if uids else start)

    def _choose_start(self) -> int:
        if self._full_pass_at and time.monotonic() - self._full_pass_at < FULL_PASS_SECONDS:
            return self._start
        self._full_pass_at = time.monotonic()
        return 1

    def _find_missing(self, uids: Sequence[int]) -> set[int]:
        name, validity = self._settings.name, self._session.uidvalidity
        found: set[int] = set()
        for first in range(0, len(uids), LEDGER_STEP):
            found.update(self._ledger.missing(name, validity, uids[first : first + LEDGER_STEP]))
        return found

    def _settle_known(self, start: int, known: set[int]) -> None:
        """Make up for flags and moves that a crash or a lost connection left undone."""
        if known:
            self._settle(sorted(known & self._session.unsettled(start)))

    def _settle(self, uids: Sequence[int]) -> None:
        try:
            self._session.settle(uids)
        except IMAPClientAbortError:
            raise
        except (
            IMAPClientError
        ) as error:  # over quota, no such folder: the mails are safe all the same
            log.warning("mailbox %s: mails not marked: %s", self._settings.name, error)

    def _fetch_all(self, uids: Sequence[int]) -> None:
        batch: list[_HandedOver] = []
        octets = 0
        for listed in self._session.list(uids):
            if self._stopping.is_set():
                break
            handed = self._fetch(listed)
            if handed:
                batch.append(handed)
                octets += listed.size
            if len(batch) >= BATCH_MAILS or octets >= BATCH_OCTETS:
                self._collect(batch)
                batch, octets = [], 0
        self._collect(batch)

    def _fetch(self, listed: Listed) -> _HandedOver | None:
        if listed.size > self._settings.size_limit:
            self._done_with.add(listed.uid)
            self._too_big(listed.uid, listed.size)
            return None
        body = self._session.body(listed.uid)
        if body is None:
            self._fail(listed.uid, "the server has no octets for it")
            return None
        return self._hand_over(listed.uid, self._wrap(listed, body))

    def _wrap(self, listed: Listed, body: bytes) -> RawMail:
        envelope = Envelope(
            reverse_path="",
            recipients=(self._settings.address,),
            path=f"imap:{self._settings.name}",
            path_key=f"{self._session.uidvalidity}:{listed.uid}",
            # A date in the future would shift every deadline that counts from it.
            received_at=min(listed.arrived.astimezone(UTC), self._clock()),
            peer=self._settings.host,
            mute=listed.arrived < self._fence,
        )
        return RawMail(data=body, envelope=envelope)

    def _hand_over(self, uid: int, raw: RawMail) -> _HandedOver:
        return _HandedOver(uid=uid, raw=raw, future=self._accept(raw))

    def _collect(self, batch: Sequence[_HandedOver]) -> None:
        """Wait until the journal has answered for all of them, and settle what it took."""
        refused = self._settle_taken(batch)
        for each in refused:
            # One mail the store chokes on fails its whole group: alone, only itself.
            again = self._hand_over(each.uid, each.raw)
            for still in self._settle_taken([again]):
                self._fail(still.uid, f"not stored: {still.future.exception()!r}")

    def _settle_taken(self, batch: Sequence[_HandedOver]) -> list[_HandedOver]:
        """Return what the store choked on; raise when it takes no mail at all."""
        self._await([each.future for each in batch])
        answered = [each for each in batch if each.future.done()]
        self._settle([each.uid for each in answered if not each.future.exception()])
        refused = [each for each in answered if each.future.exception()]
        for each in refused:
            error = each.future.exception()
            if isinstance(error, TemporaryFailure):
                raise error
        return refused

    def _await(self, futures: Sequence[Future[None]]) -> None:
        # No journal answer is worth hanging for when we are told to stop; the ledger knows later.
        while wait(futures, timeout=0.2).not_done and not self._stopping.is_set():
            pass

    def _fail(self, uid: int, reason: str) -> None:
        """Note a mail that is not in the journal; after a few passes leave it to a person."""
        self._attempts[uid] += 1
        if self._attempts[uid] >= ATTEMPTS:
            self._done_with.add(uid)
            log.error("mailbox %s: UID %d given up for now: %s", self._settings.name, uid, reason)
        else:
            self._unfinished.add(uid)
            log.warning("mailbox %s: UID %d not taken: %s", self._settings.name, uid, reason)
