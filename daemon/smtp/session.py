"""One SMTP or LMTP connection: aiosmtpd's protocol and commands, with its traps closed.

DESCRIPTION
    Kept from the library: the command loop, MAIL, RCPT, STARTTLS, RSET, VRFY, HELP. Replaced:
    how DATA is read (in chunks, not by lines), what happens at a disconnect, all limits, and
    every reply to trouble of ours, which is 451 and never shows the reason to the peer.

PROMISE
    A 250 after DATA is written after the mail is durable and for no other reason. Only
    CR LF . CR LF ends a mail. Memory per connection is bounded by the size limit.
"""

# The library finds commands by names in capitals, and types session and envelope as optional
# though they are there from the first octet on.

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import Any, Final

from aiosmtpd.smtp import SMTP, syntax

from daemon.smtp import replies
from daemon.smtp.data import MailReader
from daemon.smtp.reception import MOST_CHATTER, Reception

log = logging.getLogger(__name__)

TLS_HELLO: Final = b"\x16\x03"


class SmtpConnection(SMTP):
    """The server's end of one SMTP connection (RFC 5321, 2920, 1870, 6152, 6531, 3207)."""

    greeting = "EHLO"
    allow_bare_newlines = False
    command_size_limit = 2048
    line_length_limit = 65536
    """Only the size of the read buffer, and the longest run of octets outside DATA."""

    def __init__(self, reception: Reception) -> None:
        super().__init__(
            reception,
            data_size_limit=reception.limits.size,
            enable_SMTPUTF8=True,
            hostname=reception.door.hostname,
            ident="ESMTP savd" if self.greeting == "EHLO" else "LMTP savd",
            tls_context=reception.door.tls,
            timeout=reception.limits.command_seconds,
            loop=asyncio.get_running_loop(),
        )
        # The library shares one dict among all connections and lets it grow with each EHLO.
        self.command_size_limits = defaultdict(lambda: self.command_size_limit)
        self._smtp_methods.pop("AUTH", None)
        self.peer = ""
        self._reception = reception
        self._refused = False
        self._chatter = 0
        self._received = 0
        self._run = 0
        self._data_since: float | None = None
        self._data_before = 0

    # The transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit or refuse the peer; called a second time when STARTTLS has put TLS between."""
        if self._original_transport is None:
            self.peer = str((transport.get_extra_info("peername") or [""])[0])
            refusal = self._reception.admit(self)
            if refusal:
                self._refused = True
                assert isinstance(transport, asyncio.WriteTransport)
                transport.write(f"{refusal}\r\n".encode())
                transport.close()
                return
        super().connection_made(transport)
        if self._original_transport is None and self._handler_coroutine is not None:
            self._handler_coroutine.add_done_callback(_forget)

    def connection_lost(self, error: Exception | None) -> None:
        """Count the connection out; what is being stored goes on being stored."""
        if self._refused:
            return
        self._reception.release(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """Take octets, and cut off who sends no lines at all."""
        if self._refused:
            return
        if not self._received and data.startswith(TLS_HELLO):
            self.abort()
            return
        self._received += len(data)
        super().data_received(data)
        newline = data.rfind(b"\n")
        self._run = self._run + len(data) if newline < 0 else len(data) - newline - 1
        if self._data_since is None and self._run > self.line_length_limit:
            self._close(replies.ENDLESS_LINE)

    def eof_received(self) -> bool | None:
        """Let the commands already sent be answered: the peer may have closed its half only."""
        if self._refused or self.session is None:
            return False
        asyncio.StreamReaderProtocol.eof_received(self)
        return self.session.ssl is None

    def leave(self) -> None:
        """Say 421 and close, unless a mail is on its way."""
        if self._data_since is None:
            self._close(replies.STOPPING)

    def abort(self) -> None:
        """Close at once, dropping what is not sent yet."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    def _close(self, reply: str) -> None:
        if isinstance(self.transport, asyncio.WriteTransport) and not self.transport.is_closing():
            self.transport.write(f"{reply}\r\n".encode())
            self.transport.close()

    def _timeout_cb(self) -> None:
        left = self._data_seconds_left()
        if left > 0:
            self._reset_timeout(left)
        else:
            log.info("connection cut for slowness peer=%s", self.peer)
            self._close(replies.TOO_SLOW)

    def _data_seconds_left(self) -> float:
        """Tell how long the mail being read may still take, given how much of it has come."""
        if self._data_since is None:
            return 0
        limits = self._reception.limits
        earned = (self._received - self._data_before) / limits.data_rate
        allowed = min(limits.data_seconds, limits.command_seconds + earned)
        return self._data_since + allowed - self.loop.time()

    # Commands

    async def push(self, status: Any) -> None:
        """Send a reply. 421 announces that we close, so we do."""
        text = status if isinstance(status, str) else str(status, "utf-8", "replace")
        await super().push(replies.enhance(text))
        if text.startswith("421") and self.transport is not None:
            self.transport.close()

    async def handle_exception(self, error: Exception) -> str:
        """Answer trouble without telling the peer what it was."""
        if isinstance(error, asyncio.IncompleteReadError):
            if self.transport is not None:
                self.transport.close()
            return replies.GONE
        log.error("connection trouble peer=%s", self.peer, exc_info=error)
        return replies.TROUBLE

    async def check_helo_needed(self, helo: str = "") -> bool:
        """Answer 503 and return True when the peer has not greeted yet."""
        return await super().check_helo_needed(helo or self.greeting)

    def chatter(self) -> bool:
        """Count a command that brings no mail nearer; True when there were too many."""
        self._chatter += 1
        return self._chatter > MOST_CHATTER

    @syntax("EHLO hostname")
    async def smtp_EHLO(self, hostname: str | None) -> None:
        """Greet and name the extensions (RFC 5321 section 4.1.1.1)."""
        await self._greet(hostname, extended=True)

    @syntax("HELO hostname")
    async def smtp_HELO(self, hostname: str | None) -> None:
        """Greet."""
        await self._greet(hostname, extended=False)

    async def smtp_RSET(self, arg: str | None) -> None:
        """Forget the transaction."""
        await self._idly(super().smtp_RSET, arg)

    async def smtp_NOOP(self, arg: str | None) -> None:
        """Do nothing."""
        await self._idly(super().smtp_NOOP, arg)

    async def smtp_VRFY(self, arg: str | None) -> None:
        """Tell nothing (RFC 5321 section 7.3)."""
        await self._idly(super().smtp_VRFY, arg)

    async def smtp_HELP(self, arg: str | None) -> None:
        """List the commands."""
        await self._idly(super().smtp_HELP, arg)

    async def smtp_GET(self, _arg: str | None) -> None:
        """Send a browser away before its lines are taken for commands."""
        await self.push(replies.NOT_SMTP)

    smtp_POST = smtp_PUT = smtp_HEAD = smtp_OPTIONS = smtp_CONNECT = smtp_GET

    async def smtp_DATA(self, arg: str | None) -> None:
        """Read a mail, store it, answer (RFC 5321 section 4.1.1.4)."""
        if refusal := self._refuse_data(arg):
            await self.push(refusal)
            return
        self._data_since, self._data_before = self.loop.time(), self._received
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            await self._receive(MailReader(self._reader, self._reception))
        finally:
            self._data_since = None
            self._run = 0
        if self._reception.stopping:
            self.leave()

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        return replies.split_path(arg) or (None, None)

    async def _greet(self, hostname: str | None, *, extended: bool) -> None:
        if self.chatter():
            await self.push(replies.TOO_MUCH_CHATTER)
            return
        if not hostname or not hostname.isprintable():
            await self.push(f"501 5.5.4 Syntax: {self.greeting if extended else 'HELO'} hostname")
            return
        assert self.session is not None
        self._set_rset_state()  # type: ignore[no-untyped-call]
        self.session.extended_smtp = extended
        self.session.host_name = hostname
        lines = [self.hostname, *(self._extensions() if extended else [])]
        reply = "".join(f"250-{line}\r\n" for line in lines[:-1]) + f"250 {lines[-1]}"
        # Not through our own push: a greeting carries no enhanced status code (RFC 2034).
        await super().push(reply)

    def _extensions(self) -> list[str]:
        tls = ["STARTTLS"] if self.tls_context and not self._tls_protocol else []
        size = f"SIZE {self._reception.limits.size}"
        return ["PIPELINING", size, "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", *tls, "HELP"]

    async def _idly(self, command: Any, arg: str | None) -> None:
        if self.chatter():
            await self.push(replies.TOO_MUCH_CHATTER)
        else:
            await command(arg)

    def _refuse_data(self, arg: str | None) -> str:
        assert self.session is not None
        assert self.envelope is not None
        if not self.session.host_name:
            return f"503 5.5.1 Send {self.greeting} first"
        if not self.envelope.rcpt_tos:
            return "503 5.5.1 Need RCPT first"
        return "501 5.5.4 Syntax: DATA" if arg else ""

    async def _receive(self, reader: MailReader) -> None:
        assert self.envelope is not None
        recipients = len(self.envelope.rcpt_tos)
        try:
            reply = await self._reply_to_mail(reader)
        finally:
            reader.close()
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(self._answer(reply or "250 2.0.0 Accepted", recipients))
        if not reply:
            self._chatter = 0
        if not reader.ended and self.transport is not None:
            self.transport.close()

    async def _reply_to_mail(self, reader: MailReader) -> str:
        """Read, judge and store one mail; "" once it is durable, else the reply that refuses it."""
        try:
            mail = await reader.read()
            refusal = reader.refusal or replies.judge(
                mail, allow_bare_newlines=self.allow_bare_newlines
            )
        except (asyncio.IncompleteReadError, ConnectionError):
            raise
        except Exception:
            log.exception("mail not read peer=%s", self.peer)
            return replies.TROUBLE
        if refusal:
            log.warning("mail refused peer=%s reply=%r", self.peer, refusal)
            return refusal
        # The peer has done its part: from here on the clock is ours, not its own.
        self._reset_timeout(2 * self._reception.limits.store_seconds)
        assert self.envelope is not None
        return await self._reception.store(mail, self.envelope, self.peer)

    def _answer(self, reply: str, _recipients: int) -> str:
        return reply


def _forget(task: asyncio.Task[None]) -> None:
    """Take note of how a connection ended, so that asyncio does not log it as forgotten."""
    if not task.cancelled():
        task.exception()
