"""One connection to the relay: send a message, say what became of it."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass, field

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from daemon.config.model import Tls
from handlers.message import Attempt, Message, OutboxState

_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, kw_only=True, slots=True)
class RelaySettings:
    """Where messages go. `seconds` bounds each step of a conversation. An empty `user` does not
    log in, an empty `hello` stands for the host's name."""

    host: str = "127.0.0.1"
    port: int = 25
    tls: Tls = "none"
    context: ssl.SSLContext | None = field(default=None, repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    hello: str = ""
    seconds: float = 60.0


class RelayDown(Exception):
    """The relay does not talk to us at all: no message is to blame."""


class RelayConnection:
    """A conversation with the relay, opened when needed and kept for many messages."""

    def __init__(self, settings: RelaySettings) -> None:
        self._settings = settings
        self._client: SMTP | None = None

    async def send(self, message: Message) -> Attempt:
        """Send one message and return SENT, DEFERRED, BOUNCED or UNCERTAIN with the relay's words.

        Raises RelayDown when no conversation could be opened: nothing was tried.
        """
        reused = self._client is not None
        client = await self._open()
        try:
            return await self._send(client, message)
        except SMTPResponseException as error:
            await self._reset(client)
            return _refused(error.code, error.message)
        except (SMTPException, OSError) as error:
            self.close()
            if reused:  # the relay hangs up on lines that were idle for long
                return await self.send(message)
            return Attempt(state=OutboxState.DEFERRED, reply=_words(error))
        except ValueError as error:
            await self._reset(client)
            return Attempt(state=OutboxState.BOUNCED, reply=f"not an address: {error}")

    async def greet(self) -> None:
        """Open the conversation and log in. Raises RelayDown with the reason."""
        await self._open()

    async def quit(self) -> None:
        """Take leave, politely when the relay answers within a second."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            await client.quit(timeout=1)
        except (SMTPException, OSError):
            client.close()

    def close(self) -> None:
        """Drop the line."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def _open(self) -> SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        self.close()
        chosen = self._settings
        client = SMTP(
            hostname=chosen.host,
            port=chosen.port,
            local_hostname=chosen.hello or socket.gethostname(),
            timeout=chosen.seconds,
            use_tls=chosen.tls == "implicit",
            # None would use STARTTLS where offered and go on in clear where an attacker strips it.
            start_tls=chosen.tls == "starttls",
            tls_context=chosen.context,
        )
        try:
            await client.connect()
            await client.ehlo()
            if chosen.user:
                await client.login(chosen.user, chosen.password)
        except (SMTPException, OSError) as error:
            client.close()
            raise RelayDown(_words(error)) from error
        self._client = client
        return client

    async def _send(self, client: SMTP, message: Message) -> Attempt:
        data = wire_form(message.data)
        plain = message.recipient.isascii() and message.reverse_path.isascii()
        if not plain and not client.supports_extension("smtputf8"):
            raise SMTPResponseException(553, "the relay takes no addresses outside ASCII")
        options = _options(client, message.data, data, plain=plain)
        encoding = "ascii" if plain else "utf-8"
        await client.mail(message.reverse_path, options=options, encoding=encoding)
        await client.rcpt(message.recipient, encoding=encoding)
        start = await client.execute_command(b"DATA")
        if start.code != 354:
            raise SMTPResponseException(start.code, start.message)
        protocol = client.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        protocol.write(data)
        # From here on the relay may have the message although we never hear of it.
        try:
            reply = await protocol.read_response(timeout=self._settings.seconds)
        except (SMTPException, OSError) as error:
            self.close()
            return Attempt(state=OutboxState.UNCERTAIN, reply=_words(error))
        if reply.code != 250:
            raise SMTPResponseException(reply.code, reply.message)
        return Attempt(state=OutboxState.SENT, reply=_one_line(f"250 {reply.message}"))

    async def _reset(self, client: SMTP) -> None:
        """Make the conversation ready for the next message, or drop it."""
        try:
            await client.rset()
        except (SMTPException, OSError):
            self.close()


def wire_form(data: bytes) -> bytes:
    """Return a message as it goes over the line: CRLF only, dots doubled, final dot."""
    if _BARE.search(data):
        data = _BARE.sub(b"\r\n", data)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    return _DOT.sub(b"..", data) + b".\r\n"


def _options(client: SMTP, data: bytes, wire: bytes, *, plain: bool) -> list[str]:
    options = []
    if client.supports_extension("size"):
        options.append(f"SIZE={len(wire)}")
    if not data.isascii() and client.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    if not plain:
        options.append("SMTPUTF8")
    return options


def _refused(code: int, text: str) -> Attempt:
    permanent = 500 <= code < 600
    state = OutboxState.BOUNCED if permanent else OutboxState.DEFERRED
    return Attempt(state=state, reply=_one_line(f"{code} {text}"))


def _words(error: BaseException) -> str:
    return _one_line(str(error) or type(error).__name__)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]
