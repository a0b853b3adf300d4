"""Reading the octets of a mail after 354 (RFC 5321 sections 4.1.1.4 and 4.5.2).

The library reads DATA line by line, refuses long lines and lets an endless one fill the memory.
This reads in chunks, looks for the one end mark that is valid, and drops what is over the limit
as it comes.
"""

from __future__ import annotations

import asyncio
from typing import Final

from daemon.smtp.reception import Reception
from daemon.smtp.replies import TOO_BIG, TOO_BUSY

END_OF_MAIL: Final = b"\r\n.\r\n"


class MailReader:
    """Reads one mail. Call `close` when the mail is stored or refused, to free its memory.

    `refusal` is the reply that refuses the mail, "" when it is fine so far. `ended` tells
    whether the end mark was seen; when not, the rest of the connection cannot be understood.
    """

    def __init__(self, reader: asyncio.StreamReader, reception: Reception) -> None:
        self.refusal = ""
        self.ended = False
        self._reader = reader
        self._reception = reception
        self._chunks: list[bytes] = []
        self._size = 0
        self._held = 0

    async def read(self) -> bytes:
        """Return the mail without dot-stuffing, b"" when it is refused.

        Raises asyncio.IncompleteReadError when the peer goes away before the end mark. A mail
        over the limit is read on, and dropped, for as much again: a polite peer hears 552.
        """
        # The CRLF that ended the DATA command is also the first half of the end mark: an empty
        # mail is just ".". Put back, it needs no case of its own, nor does a dot on line one.
        self._reader._buffer[:0] = b"\r\n"  # type: ignore[attr-defined] # noqa: SLF001
        while not self.ended and self._size <= 2 * self._reception.limits.size:
            await self._read_chunk()
        return b"" if self.refusal else self._unstuffed()

    def close(self) -> None:
        """Free the memory held for the mail."""
        self._chunks.clear()
        self._reception.give_back(self._held)
        self._held = 0

    async def _read_chunk(self) -> None:
        try:
            chunk = await self._reader.readuntil(END_OF_MAIL)
            self.ended = True
        except asyncio.LimitOverrunError as overrun:
            # `consumed` leaves the last octets alone, which may be the begin of an end mark.
            chunk = await self._reader.readexactly(overrun.consumed)
        self._size += len(chunk)
        self._keep(chunk)

    def _keep(self, chunk: bytes) -> None:
        if self._size > self._reception.limits.size + len(END_OF_MAIL):
            self.refusal = TOO_BIG
        elif not self.refusal and not self._reception.hold(len(chunk)):
            self.refusal = TOO_BUSY
        if self.refusal:
            self.close()
        else:
            self._held += len(chunk)
            self._chunks.append(chunk)

    def _unstuffed(self) -> bytes:
        mail = b"".join(self._chunks)
        self._chunks.clear()
        return mail[: -len(b".\r\n")].replace(b"\r\n.", b"\r\n")[len(b"\r\n") :]
