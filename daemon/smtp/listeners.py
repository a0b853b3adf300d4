"""The SMTP and LMTP listeners.

    Postfix --LMTP--> listener -> reception -> accept -> journal

DESCRIPTION
    daemon.smtp.session   one connection: the protocol
    daemon.smtp.lmtp   what LMTP does otherwise
    daemon.smtp.data      the octets of one mail
    daemon.smtp.reception      what the connections of a listener share: who, how many, where to
    daemon.smtp.replies        texts, paths, why a mail is refused
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from daemon.smtp.lmtp import LmtpConnection
from daemon.smtp.reception import Accept, Door, Reception
from daemon.smtp.session import SmtpConnection

log = logging.getLogger(__name__)


class Listener:
    """A listening socket and its connections."""

    def __init__(self, server: asyncio.Server, reception: Reception) -> None:
        self._server = server
        self._reception = reception

    @property
    def port(self) -> int:
        """The port that is listened on, also when 0 was asked for."""
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self, grace: float = 10) -> None:
        """Stop listening, let mails on their way finish for `grace` seconds, then close all.

        What is cut off after that has got no 250: the sender still has it.
        """
        self._reception.stopping = True
        self._server.close()
        for connection in tuple(self._reception.connections):
            connection.leave()
        try:
            async with asyncio.timeout(grace):
                await self._reception.wait_until_empty()
        except TimeoutError:
            log.warning("%d connections cut while stopping", len(self._reception.connections))
            for connection in tuple(self._reception.connections):
                connection.abort()
            await self._reception.wait_until_empty()
        await self._server.wait_closed()


async def listen(
    door: Door,
    *,
    accept: Accept,
    known_recipient: Callable[[str], bool],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Listener:
    """Listen on `door` and hand every mail to `accept`; return once connections are taken.

    `accept` returns a future that resolves when the mail is durable; only then is 250 said.
    `known_recipient` judges each RCPT address (sub-addresses included) on the event loop, so it
    must not block. Raises OSError when the address cannot be bound.
    """
    # The library logs every command, with the addresses in it, at INFO and some at WARNING.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    reception = Reception(door, accept, known_recipient, clock)
    connection = LmtpConnection if door.protocol == "lmtp" else SmtpConnection
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: connection(reception), door.host, door.port, backlog=1024
    )
    return Listener(server, reception)
