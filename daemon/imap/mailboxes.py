"""Reading mailboxes over IMAP: one thread each, from the folder into the journal.

DESCRIPTION
    A pass lists the UIDs, asks the ledger which of them the journal does not have, fetches those
    one by one and hands them over. Only when the journal has a mail is it flagged or moved. Then
    the thread idles until the server has news, two minutes at the most, and passes again.

    What a mail is known by is (mailbox, UIDVALIDITY, UID). Flags are never asked: people, phones
    and other programs set them. A crash anywhere costs at most a fetch done twice.
"""

from __future__ import annotations

import logging
import random
import select
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from imapclient.exceptions import IMAPClientError, LoginError

from daemon import log as tell
from daemon.imap.passes import Accept, Ledger, Reading
from daemon.imap.session import ImapSession, MailboxSettings
from handlers.errors import TemporaryFailure

log = logging.getLogger(__name__)

IDLE_SECONDS: Final = 120
TURN_SECONDS: Final = 2.0
"""How often a node asks whether a mailbox another node serves has become free."""
LONGEST_PAUSE: Final = 20.0
PAUSE_AFTER_REFUSED_LOGIN: Final = 300.0


class Mailbox(threading.Thread):
    """Serves one mailbox until `stop` is called; survives every trouble in between.

    `take` says whether this node may serve the mailbox now (one node at a time may).
    `too_big` hears once a connection of a mail over the limit (UID, octets): it stays where it
    is. `swept_at` is when the last pass ended, None before; `trouble` is what went wrong
    since, "" when nothing did.
    """

    def __init__(
        self,
        settings: MailboxSettings,
        *,
        accept: Accept,
        ledger: Ledger,
        take: Callable[[str], bool] = lambda _: True,
        too_big: Callable[[int, int], None] = lambda _uid, _size: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(name=f"imap-{settings.name}", daemon=True)
        self.settings = settings
        self.swept_at: datetime | None = None
        self.trouble = ""
        self._accept = accept
        self._ledger = ledger
        self._take = take
        self._too_big = too_big
        self._clock = clock
        self._jitter = jitter
        self._stopping = threading.Event()
        self._woken, self._waker = socket.socketpair()
        self._session: ImapSession | None = None
        self._failures = 0

    def stop(self) -> None:
        """Make the thread end soon; join it afterwards. Mails handed over stay handed over."""
        self._stopping.set()
        with suppress(OSError):  # it has ended already
            self._waker.send(b"x")
        if self._session:
            self._session.interrupt()

    def run(self) -> None:
        """Serve whenever it is our turn; after trouble, pause and begin anew."""
        while not self._stopping.is_set():
            try:
                if self._take(self.settings.name):
                    self._serve()
                else:
                    self._pause(TURN_SECONDS * (0.5 + self._jitter()))
            except Exception as error:  # noqa: BLE001 - a thread that died would read no more mail
                self._rest_after(error)
        self._woken.close()
        self._waker.close()

    def _serve(self) -> None:
        session = ImapSession(self.settings)
        self._session = session
        try:
            session.open()
            self._serve_session(session)
        finally:
            self._session = None
            session.cut()

    def _serve_session(self, session: ImapSession) -> None:
        connected = self._clock().replace(microsecond=0)  # as fine as INTERNALDATE is
        fence = self.settings.fence or self._ledger.fence(self.settings.name, connected)
        reading = Reading(
            session,
            self.settings,
            accept=self._accept,
            ledger=self._ledger,
            fence=fence,
            too_big=self._too_big,
            clock=self._clock,
            stopping=self._stopping,
        )
        while not self._stopping.is_set():
            reading.sweep()
            if self.swept_at is None or self._failures:
                tell.connected(what="mailbox", where=self.settings.name)
            self._failures, self.trouble, self.swept_at = 0, "", self._clock()
            session.wait(self._woken, IDLE_SECONDS)
            if not self._take(self.settings.name):
                return

    def _rest_after(self, error: Exception) -> None:
        if self._stopping.is_set():
            return
        self._failures += 1
        self.trouble = f"{type(error).__name__}: {error}"
        pause = min(2.0 ** (self._failures - 1), LONGEST_PAUSE)
        if _is_refused(error):
            pause = PAUSE_AFTER_REFUSED_LOGIN  # trying on would only lock the account
        pause *= 0.5 + self._jitter() / 2
        tell.lost(what="mailbox", where=self.settings.name, reason=self.trouble)
        if not isinstance(error, (IMAPClientError, OSError, TemporaryFailure)):
            log.error("mailbox %s: unforeseen", self.settings.name, exc_info=error)
        self._pause(pause)

    def _pause(self, seconds: float) -> None:
        select.select([self._woken], [], [], seconds)


def list_uids(settings: MailboxSettings) -> tuple[int, Sequence[int]]:
    """Return (UIDVALIDITY, UIDs) of what is in the mailbox now; changes nothing there.

    Raises IMAPClientError or OSError when the mailbox cannot be read.
    """
    session = ImapSession(settings, readonly=True)
    try:
        session.open()
        return session.uidvalidity, session.uids()
    finally:
        session.cut()


def _is_refused(error: Exception) -> bool:
    """Tell whether the server refused us, as opposed to being away for a moment."""
    words = ("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "[LIMIT]", "EXPIRED")
    return isinstance(error, LoginError) and any(word in str(error).upper() for word in words)
