"""One connection to the relay: send a message, say what became of it."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass, field

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPResponseException
from aiosmtplib.protocol import SMTPProtocol

from daemon.config.model import Tls
from handlers.message import Attempt, Message, OutboxState

DOT = b".\r\n"
CHUNK = 1 << 16

_BARE = re.compile(rb"(?<!\r)\n|\r(?!\n)")
_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, kw_only=True, slots=True)
class RelaySettings:
    """Where messages go. `seconds` bounds each step of a conversation, `last_seconds` the answer to a
    whole message: whoever is less patient there doubts what only took long (RFC 5321 section
    4.5.3.2.6). An empty `user` does not log in, an empty `hello` stands for the host's name."""

    host: str = "127.0.0.1"
    port: int = 25
    tls: Tls = "none"
    context: ssl.SSLContext | None = field(default=None, repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    hello: str = ""
    seconds: float = 60.0
    last_seconds: float = 600.0


class RelayDown(Exception):
    """The relay does not talk to us at all: no message is to blame."""


class RecipientRefused(SMTPResponseException):
    """The relay does not take this recipient."""


class RelayConnection:
    """A conversation with the relay, opened when needed and kept for many messages.

    `in_doubt` is True from the moment the final dot is written until the relay answers it."""

    def __init__(self, settings: RelaySettings) -> None:
        self._settings = settings
        self._client: SMTP | None = None
        self.in_doubt = False

    async def send(self, message: Message) -> Attempt:
        """Send one message and return SENT, DEFERRED, BOUNCED or UNCERTAIN with the relay's words.

        Raises RelayDown when no conversation could be opened: nothing was tried.
        """
        reused, self.in_doubt = self._client is not None, False
        client = await self._open()
        try:
            return await self._send(client, message)
        except RecipientRefused as error:
            await self._reset(client)
            return _refused(error.code, error.message, of_recipient=True)
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
            refused = f"not an address: {error}"
            return Attempt(state=OutboxState.BOUNCED, reply=refused, of_recipient=True)

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
            raise RecipientRefused(553, "the relay takes no addresses outside ASCII")
        options = _options(client, message.data, data, plain=plain)
        encoding = "ascii" if plain else "utf-8"
        await client.mail(message.reverse_path, options=options, encoding=encoding)
        try:
            await client.rcpt(message.recipient, encoding=encoding)
        except SMTPResponseException as error:
            raise RecipientRefused(error.code, error.message) from error
        start = await client.execute_command(b"DATA")
        if start.code != 354:
            raise SMTPResponseException(start.code, start.message)
        try:
            code, words = await self._hand_over(client, data)
        except (SMTPException, OSError, ValueError) as error:
            if not self.in_doubt:
                raise
            self.close()
            return Attempt(state=OutboxState.UNCERTAIN, reply=_words(error))
        return self._answered(code, words)

    def _answered(self, code: int, words: str) -> Attempt:
        """Return what the answer to a message says. One that is neither yes nor no leaves it in doubt;
        one that came before the message was complete can only be a no."""
        whole, self.in_doubt = self.in_doubt, False
        if not whole:
            self.close()  # it would take what comes next for the rest of the message
        if 400 <= code < 600:
            raise SMTPResponseException(code, words)
        if not whole:
            raise aiosmtplib.SMTPServerDisconnected(f"answered too early: {code} {words}")
        if 200 <= code < 300:
            return Attempt(state=OutboxState.SENT, reply=_one_line(f"{code} {words}"))
        self.close()
        return Attempt(state=OutboxState.UNCERTAIN, reply=_one_line(f"{code} {words}"))

    async def _hand_over(self, client: SMTP, wire: bytes) -> tuple[int, str]:
        """Write a message and return the answer to it. The final dot is written when all before it has
        left: until then the relay surely has nothing that it would deliver."""
        protocol, transport = client.protocol, client.transport
        if protocol is None or not isinstance(transport, asyncio.WriteTransport):
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        transport.set_write_buffer_limits(high=0)
        answer = asyncio.ensure_future(protocol.read_response())
        try:
            for start in range(0, len(wire) - len(DOT), CHUNK):
                protocol.write(wire[start : min(start + CHUNK, len(wire) - len(DOT))])
                await self._drained(protocol, transport)
                if answer.done():
                    break
            else:
                protocol.write(DOT)
                self.in_doubt = True
            # From here on the relay may have the message although we never hear of it.
            response = await asyncio.wait_for(answer, self._settings.last_seconds)
        finally:
            answer.cancel()
        return response.code, response.message

    async def _drained(self, protocol: SMTPProtocol, transport: asyncio.WriteTransport) -> None:
        if transport.get_write_buffer_size():
            waiting = protocol._drain_helper()  # noqa: SLF001 - what StreamWriter.drain calls
            await asyncio.wait_for(waiting, self._settings.seconds)

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
    return _DOT.sub(b"..", data) + DOT


def _options(client: SMTP, data: bytes, wire: bytes, *, plain: bool) -> list[str]:
    options = []
    if client.supports_extension("size"):
        options.append(f"SIZE={len(wire)}")
    if not data.isascii() and client.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    if not plain:
        options.append("SMTPUTF8")
    return options


def _refused(code: int, text: str, *, of_recipient: bool = False) -> Attempt:
    permanent = 500 <= code < 600
    state = OutboxState.BOUNCED if permanent else OutboxState.DEFERRED
    reply = _one_line(f"{code} {text}")
    return Attempt(state=state, reply=reply, of_recipient=of_recipient and permanent)


def _words(error: BaseException) -> str:
    return _one_line(str(error) or type(error).__name__)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]
