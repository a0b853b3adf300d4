"""One LMTP connection (RFC 2033): SMTP with its own greeting and one reply per recipient."""

from __future__ import annotations

from aiosmtpd.smtp import syntax

from daemon.smtp.session import SmtpConnection


class LmtpConnection(SmtpConnection):
    """The server's end of one LMTP connection (RFC 2033)."""

    greeting = "LHLO"
    allow_bare_newlines = True

    @syntax("LHLO hostname")
    async def smtp_LHLO(self, hostname: str | None) -> None:
        """Greet and name the extensions."""
        await self._greet(hostname, extended=True)

    async def smtp_EHLO(self, _hostname: str | None) -> None:
        """Refuse: this is LMTP (RFC 2033 section 4.1)."""
        await self.push("500 5.5.1 This is LMTP, send LHLO")

    async def smtp_HELO(self, _hostname: str | None) -> None:
        """Refuse: this is LMTP (RFC 2033 section 4.1)."""
        await self.push("500 5.5.1 This is LMTP, send LHLO")

    def _answer(self, reply: str, recipients: int) -> str:
        # One reply for each RCPT that was accepted, on every path (RFC 2033 section 4.2).
        return "\r\n".join([reply] * recipients)
