"""The reception: what all connections of one SMTP or LMTP listener share.

It knows who may connect, which recipients exist, how much may be held in memory at once, and
where an accepted mail goes. One reception lives on one event loop and needs no lock.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import ssl
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, Protocol

from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as Transaction
from aiosmtpd.smtp import Session as Dialogue

from daemon.smtp.replies import STOPPING, TOO_MUCH_CHATTER, TROUBLE
from handlers.envelope import Envelope, RawMail

log = logging.getLogger(__name__)

Accept = Callable[[RawMail], Future[None]]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MOST_CHATTER: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one listener bears (docs: configuration). Sizes in octets, times in seconds."""

    size: int = 35 << 20
    connections: int = 500
    connections_per_peer: int = 20
    recipients: int = 100
    held: int = 256 << 20
    """Octets of unfinished mails in memory, of all connections together."""
    command_seconds: float = 60
    data_seconds: float = 600
    data_rate: int = 500
    """Octets per second below which a mail is cut, after the first `command_seconds`."""
    store_seconds: float = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """Where one listener stands and who may come in. An empty `peers` lets everybody in."""

    hostname: str
    host: str = "127.0.0.1"
    port: int = 0
    protocol: Literal["smtp", "lmtp"] = "lmtp"
    peers: tuple[Network, ...] = ()
    tls: ssl.SSLContext | None = None
    limits: Limits = field(default_factory=Limits)


class Connection(Protocol):
    """What the reception asks of a connection."""

    peer: str

    def leave(self) -> None:
        """Say 421 and close, unless a mail is on its way."""

    def abort(self) -> None:
        """Close at once."""


class Reception:
    """The shared state of one listener, and its judgement on MAIL and RCPT."""

    def __init__(
        self,
        door: Door,
        accept: Accept,
        known_recipient: Callable[[str], bool],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.door = door
        self.limits = door.limits
        self.stopping = False
        self.connections: set[Connection] = set()
        self._accept = accept
        self._known_recipient = known_recipient
        self._clock = clock
        self._per_peer: Counter[str] = Counter()
        self._held = 0
        self._empty = asyncio.Event()
        self._empty.set()

    def admit(self, connection: Connection) -> str:
        """Count the connection in and return "", or return the reply that refuses it."""
        refusal = self._refusal(connection.peer)
        if refusal:
            log.warning("connection refused peer=%s reply=%r", connection.peer, refusal)
            return refusal
        self.connections.add(connection)
        self._per_peer[connection.peer] += 1
        self._empty.clear()
        return ""

    def release(self, connection: Connection) -> None:
        """Count a connection out. Doing so twice is harmless."""
        if connection not in self.connections:
            return
        self.connections.discard(connection)
        self._per_peer[connection.peer] -= 1
        if not self._per_peer[connection.peer]:
            del self._per_peer[connection.peer]
        if not self.connections:
            self._empty.set()

    def hold(self, size: int) -> bool:
        """Reserve `size` octets of memory; False when all is in use. Give back what was got."""
        if self._held + size > self.limits.held:
            return False
        self._held += size
        return True

    def give_back(self, size: int) -> None:
        """Return reserved octets."""
        self._held -= size

    async def store(self, mail: bytes, transaction: Transaction, peer: str) -> str:
        """Hand a mail over and return "" once it is durable, else the reply that says try again.

        The store goes on when the connection ends meanwhile, or when it takes longer than
        `store_seconds`: the sender then comes back with a mail that the journal knows.
        """
        sender = transaction.mail_from or ""
        envelope = Envelope(
            reverse_path="" if sender == "<>" else sender,
            recipients=tuple(dict.fromkeys(transaction.rcpt_tos)),
            path=self.door.protocol,
            received_at=self._clock(),
            peer=peer,
        )
        try:
            stored = asyncio.wrap_future(self._accept(RawMail(data=mail, envelope=envelope)))
            async with asyncio.timeout(self.limits.store_seconds):
                await asyncio.shield(stored)
        except Exception as error:  # noqa: BLE001 - every trouble of ours is a "try again later"
            log.warning("mail not accepted path=%s error=%r", self.door.protocol, error)
            return TROUBLE
        return ""

    async def wait_until_empty(self) -> None:
        """Return when the last connection has ended."""
        await self._empty.wait()

    async def handle_MAIL(
        self,
        _server: SMTP,
        _dialogue: Dialogue,
        transaction: Transaction,
        address: str,
        options: list[str],
    ) -> str:
        """Open a transaction."""
        if not address.isascii() and not transaction.smtp_utf8:
            return "553 5.6.7 An address outside ASCII needs SMTPUTF8 (RFC 6531)"
        transaction.mail_from = address
        transaction.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self,
        server: SMTP,
        _dialogue: Dialogue,
        transaction: Transaction,
        address: str,
        _options: list[str],
    ) -> str:
        """Take a recipient that is ours."""
        if len(transaction.rcpt_tos) >= self.limits.recipients:
            return "452 4.5.3 Too many recipients, please send the mail again to the rest"
        if address == "<>" or not self._known_recipient(address):
            if server.chatter():  # type: ignore[attr-defined] # our own subclass
                return TOO_MUCH_CHATTER
            return "550 5.1.1 No such address here"
        transaction.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    def _refusal(self, peer: str) -> str:
        if self.stopping:
            return STOPPING
        if self.door.peers and not self._is_invited(peer):
            return "554 5.7.1 No service for your address"
        if len(self.connections) >= self.limits.connections:
            return "421 4.7.0 Too many connections, please try again later"
        if self._per_peer[peer] >= self.limits.connections_per_peer:
            return "421 4.7.0 Too many connections from your address, please try again later"
        return ""

    def _is_invited(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:  # a Unix socket has no address; who may write to it is a file mode
            return True
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self.door.peers)
