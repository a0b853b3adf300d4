r"""One connection to one IMAP folder, with the traps of imaplib and of servers closed.

PROMISE
    Nothing a server says makes us hold much more than the longest mail we take, or wait longer
    than the read timeout for its next octets. Mails are only ever peeked at: \Seen belongs to
    people. A session lives on one thread; only `interrupt` may be called from another.
"""

from __future__ import annotations

import logging
import select
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError, ProtocolError

log = logging.getLogger(__name__)
# It logs every line of every mail at DEBUG, and each connection at INFO.
logging.getLogger("imapclient").setLevel(logging.WARNING)

CONNECT_SECONDS: Final = 10
READ_SECONDS: Final = 60
MOST_LINES: Final = 100_000
"""Untagged lines a server may send without finishing a command."""
SEARCH_STEP: Final = 20_000
"""Messages per SEARCH: imaplib breaks at a reply line of 1,000,000 octets."""
FETCH_STEP: Final = 500
BREATH_SECONDS: Final = 0.2
"""Between two passes when a server announces mail without end."""

Security = Literal["tls", "starttls", "plain"]
After = Literal["flag", "move", "leave"]


@dataclass(frozen=True, kw_only=True, slots=True)
class MailboxSettings:
    """One IMAP folder that is read (docs: configuration).

    `name` is our own name for it and never changes; `address` is the desk address its mails are
    for. `after` says what happens to a mail once it is ours: the keyword `keyword` is set, it is
    moved to the folder `processed`, or nothing. What is older than `fence` is filed and never
    answered; None means the moment of the first connect. `size_limit` in octets.
    """

    name: str
    host: str
    user: str
    address: str
    password: str = field(repr=False)
    port: int = 993
    security: Security = "tls"
    folder: str = "INBOX"
    after: After = "flag"
    keyword: str = "$savd"
    processed: str = "Processed"
    fence: datetime | None = None
    size_limit: int = 35 << 20
    tls: ssl.SSLContext | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A mail as the server lists it: its size in octets and when it came there."""

    uid: int
    size: int
    arrived: datetime


class _BoundedClient(IMAPClient):  # type: ignore[misc] # the library ships no types
    """IMAPClient that refuses literals and floods beyond a bound."""

    def __init__(self, settings: MailboxSettings) -> None:
        self._most_octets = settings.size_limit + (1 << 20)
        self._lines = 0
        super().__init__(
            settings.host,
            port=settings.port,
            ssl=settings.security == "tls",
            ssl_context=settings.tls,
            timeout=SocketTimeout(CONNECT_SECONDS, READ_SECONDS),
        )

    def _create_IMAP4(self) -> Any:  # noqa: N802 - the library's name
        imap = super()._create_IMAP4()
        read, readline = imap.read, imap.readline

        def read_bounded(size: int) -> bytes:
            # Without this a server that announces {2000000000} makes imaplib reserve as much.
            if size > self._most_octets:
                raise ProtocolError(f"the server announces a literal of {size} octets")
            return bytes(read(size))

        def readline_bounded() -> bytes:
            line = bytes(readline())
            self._lines = self._lines + 1 if line.startswith(b"*") else 0
            if self._lines > MOST_LINES:
                raise ProtocolError(f"the server sent {MOST_LINES} lines without an end")
            return line

        imap.read, imap.readline = read_bounded, readline_bounded
        return imap


class ImapSession:
    """A connection with the folder selected, from `open` on.

    Every method raises IMAPClientError or OSError when the connection is of no use any more;
    the one remedy is a new session. `uidvalidity` is the folder's (RFC 3501 section 2.3.1.1).
    """

    def __init__(self, settings: MailboxSettings, *, readonly: bool = False) -> None:
        self.uidvalidity = 0
        self._settings = settings
        self._readonly = readonly
        self._after: After = "leave"
        self._exists = 0
        self._client: Any = None

    def open(self) -> None:
        """Connect, log in and select the folder. Call `cut` afterwards whatever happens."""
        self._client = _BoundedClient(self._settings)
        self._secure()
        self._client.normalise_times = False
        self._client.login(self._settings.user, self._settings.password)
        selected = self._select()
        self.uidvalidity = int(selected[b"UIDVALIDITY"])
        self._exists = int(selected[b"EXISTS"])
        self._after = self._choose_after(selected)

    def uids(self, start: int = 1) -> Sequence[int]:
        """Return the UIDs in the folder from `start` on, ascending.

        All of them (start 1) are asked for in portions; what is expunged meanwhile may shift
        some out of a portion, so a later pass can find what this one did not.
        """
        if start == 1:
            selected = self._select()
            if int(selected[b"UIDVALIDITY"]) != self.uidvalidity:
                raise ProtocolError("the folder was made anew (UIDVALIDITY changed)")
            self._exists = int(selected[b"EXISTS"])
        self._take_news()
        return self._find(start)

    def list(self, uids: Sequence[int]) -> Iterator[Listed]:
        """Tell size and arrival of these mails; those that are gone are left out."""
        for portion in _portions(uids, FETCH_STEP):
            answers = self._client.fetch(portion, ["RFC822.SIZE", "INTERNALDATE"])
            for uid in portion:
                answer = answers.get(uid, {})
                if b"RFC822.SIZE" in answer and b"INTERNALDATE" in answer:
                    size, arrived = answer[b"RFC822.SIZE"], answer[b"INTERNALDATE"]
                    yield Listed(uid=uid, size=int(size), arrived=arrived)

    def body(self, uid: int) -> bytes | None:
        """Return the mail as it is, None when it is gone or the server has no octets for it."""
        answer = self._client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {})
        body = answer.get(b"BODY[]")
        return bytes(body) if body is not None else None

    def settle(self, uids: Sequence[int]) -> None:
        """Flag or move mails that are ours now. Doing it twice, or to mails gone, is harmless."""
        for portion in _portions(uids, FETCH_STEP):
            if self._after == "flag":
                self._client.add_flags(portion, [self._settings.keyword], silent=True)
            elif self._after == "move":
                self._move(portion)

    def unsettled(self, start: int = 1) -> set[int]:
        """Return the UIDs from `start` on that are not flagged or moved yet."""
        if self._after == "leave":
            return set()
        if self._after == "move":
            return set(self._find(start))
        return set(self._find(start, "UNKEYWORD", self._settings.keyword))

    def wait(self, wake: socket.socket, seconds: float) -> None:
        """Return when the server has news, when `wake` is readable, or after `seconds`."""
        # Mail that came since the last listing may have been announced in the answer to any
        # command since; the server then has no reason to say so again while we idle.
        if self._take_news():
            _poll([wake], BREATH_SECONDS)
            return
        if not self._client.has_capability("IDLE"):
            _poll([wake], min(seconds, 30))
            return
        self._client.idle()
        # Dovecot sends "+ idling" and "* 5 EXISTS" in one segment: imaplib then holds the news
        # in its buffer while the socket stays silent. So look into the buffer before waiting.
        if not self._has_buffered():
            _poll([self._client.socket(), wake], seconds)
        if not _poll([wake], 0):
            self._client.idle_done()  # raises when the connection has ended

    def cut(self) -> None:
        """End the connection at once."""
        self.interrupt()
        if self._client is not None:
            with suppress(OSError, IMAPClientError):
                self._client.shutdown()

    def interrupt(self) -> None:
        """Make whatever the session's own thread waits for fail now."""
        if self._client is not None:
            with suppress(OSError, IMAPClientError):
                self._client.socket().shutdown(socket.SHUT_RDWR)

    def _select(self) -> dict[bytes, Any]:
        selected = self._client.select_folder(self._settings.folder, readonly=self._readonly)
        if not {b"EXISTS", b"UIDVALIDITY"} <= selected.keys():
            raise ProtocolError("the server tells neither EXISTS nor UIDVALIDITY on SELECT")
        return dict(selected)

    def _secure(self) -> None:
        if self._settings.security == "plain":
            return
        if bytes(self._client.welcome or b"").startswith(b"* PREAUTH"):
            raise ProtocolError("the server offers a session before TLS (PREAUTH): refused")
        if self._settings.security == "starttls":
            self._client.starttls(self._settings.tls or ssl.create_default_context())

    def _choose_after(self, selected: dict[bytes, Any]) -> After:
        """Choose what this server lets us do with a mail; the ledger alone is enough."""
        wanted = self._settings.after
        if b"READ-ONLY" in selected or self._readonly:
            return "leave"
        if wanted == "move" and not self._can_move():
            log.warning("mailbox %s: the server cannot move; flagging", self._settings.name)
            wanted = "flag"
        if wanted == "flag":
            allowed = {bytes(flag).lower() for flag in selected.get(b"PERMANENTFLAGS", ())}
            if not {b"\\*", self._settings.keyword.lower().encode()} & allowed:
                log.warning("mailbox %s: the server keeps no keywords", self._settings.name)
                return "leave"
        if wanted == "move" and not self._client.folder_exists(self._settings.processed):
            self._client.create_folder(self._settings.processed)
        return wanted

    def _can_move(self) -> bool:
        return any(self._client.has_capability(name) for name in ("MOVE", "UIDPLUS"))

    def _move(self, uids: Sequence[int]) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move(uids, self._settings.processed)
            return
        self._client.copy(uids, self._settings.processed)
        self._client.add_flags(uids, [b"\\Deleted"], silent=True)
        # Only ours: a plain EXPUNGE would take what other people marked as deleted.
        self._client.uid_expunge(uids)

    def _find(self, start: int, *criteria: str) -> Sequence[int]:
        if start > 1:
            # "n:*" names the last mail even when its UID is below n (RFC 3501 section 6.4.8).
            found = self._search("UID", f"{start}:*", *criteria)
            return sorted(uid for uid in found if uid >= start)
        uids: set[int] = set()
        for first in range(1, self._exists + 1, SEARCH_STEP):
            last = min(first + SEARCH_STEP - 1, self._exists)
            uids.update(self._search(f"{first}:{last}", *criteria))
        return sorted(uids)

    def _search(self, *criteria: str) -> Sequence[int]:
        return [int(uid) for uid in self._client.search(list(criteria))]

    def _take_news(self) -> bool:
        """Tell whether new mail was announced since this was last asked."""
        return self._client._imap.response("EXISTS")[1] != [None]  # type: ignore[no-any-return] # noqa: SLF001

    def _has_buffered(self) -> bool:
        connection = self._client.socket()
        connection.setblocking(False)
        try:
            return bool(self._client._imap.file.peek(1))  # noqa: SLF001 - there is no other way
        except ssl.SSLWantReadError:
            return False
        finally:
            connection.settimeout(READ_SECONDS)


def _portions(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (uids[start : start + size] for start in range(0, len(uids), size))


def _poll(sockets: Sequence[socket.socket], seconds: float) -> bool:
    poller = select.poll()
    for each in sockets:
        poller.register(each, select.POLLIN)
    return bool(poller.poll(int(seconds * 1000)))
