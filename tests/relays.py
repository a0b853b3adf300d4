"""A relay for tests: a small SMTP server that takes messages, or does what it is told instead."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

HANG_UP = "hang up"


@dataclass(frozen=True)
class Taken:
    """A message as the relay got it."""

    sender: str
    recipient: str
    data: bytes


@dataclass
class Relay:
    """`behave(command, argument)` returns a reply of its own, HANG_UP, or "" for the usual one.

    Commands are CONNECT, EHLO, MAIL, RCPT, DATA, "." (the message is complete), RSET.
    `hears` is after how many bytes of a message the line breaks, `refuses_after` after how many it says
    what; `silent_after_dot` never answers a message. `complete` counts those it heard to the end.
    """

    behave: Callable[[str, str], str] = lambda command, argument: ""
    taken: list[Taken] = field(default_factory=list)
    conversations: int = 0
    port: int = 0
    hears: int | None = None
    refuses_after: tuple[int, str] | None = None
    silent_after_dot: bool = False
    complete: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self) -> Relay:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, limit=1 << 26)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        self._server.close()
        for writer in tuple(self._writers):
            writer.close()
        await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.conversations += 1
        self._writers.add(writer)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _converse(self, reader, writer) -> None:
        sender = recipient = ""
        if not self._say(writer, "CONNECT", "", "220 relay.example"):
            return
        while line := (await reader.readline()).decode().strip():
            command, _, rest = line.partition(" ")
            command = command.upper()
            usual = "250 2.0.0 OK"
            if command == "EHLO":
                usual = "250-relay.example\r\n250 SIZE 50000000"
            elif command == "MAIL":
                sender = rest.partition("<")[2].partition(">")[0]
            elif command == "RCPT":
                recipient = rest.partition("<")[2].partition(">")[0]
            elif command == "QUIT":
                writer.write(b"221 Bye\r\n")
                return
            elif command == "DATA":
                if not self._say(writer, "DATA", "", "354 Go on"):
                    return
                if self._last.startswith("354"):
                    if not await self._listen(reader, writer):
                        return
                    data = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
                    self.complete += 1
                    if self.silent_after_dot:
                        await reader.read()
                        return
                    if not self._say(writer, ".", recipient, usual):
                        return
                    if self._last.startswith("250"):
                        self.taken.append(Taken(sender, recipient, data))
                continue
            if not self._say(writer, command, rest, usual):
                return

    async def _listen(self, reader, writer) -> bool:
        """Hear a part of a message as it was told to; False when the line breaks there."""
        if self.hears is not None:
            await reader.readexactly(self.hears)
            writer.transport.abort()
            return False
        if self.refuses_after is not None:
            (after, words), self.refuses_after = self.refuses_after, None
            await reader.readexactly(after)
            writer.write(f"{words}\r\n".encode())
            await reader.read()  # whoever goes on writing is not heard
            return False
        return True

    def _say(self, writer, command: str, argument: str, usual: str) -> bool:
        reply = self.behave(command, argument) or usual
        if reply == HANG_UP:
            return False
        self._last = reply
        writer.write(f"{reply}\r\n".encode())
        return True
