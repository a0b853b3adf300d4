"""A listener in its own thread and loop, and a plain socket to talk to it octet by octet."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from daemon.smtp.listeners import Listener, listen
from daemon.smtp.reception import Door
from handlers.envelope import RawMail

PATIENCE = 20.0


class Journal:
    """Takes mails; can be told to keep the senders waiting or to fail."""

    def __init__(self) -> None:
        self.mails: list[RawMail] = []
        self.arrived = threading.Semaphore(0)
        self.held_back: list[Future[None]] | None = None
        self.error: Exception | None = None

    def accept(self, raw: RawMail) -> Future[None]:
        future: Future[None] = Future()
        self.mails.append(raw)
        if self.error:
            future.set_exception(self.error)
        elif self.held_back is not None:
            self.held_back.append(future)
        else:
            future.set_result(None)
        self.arrived.release()
        return future

    def wait(self) -> RawMail:
        assert self.arrived.acquire(timeout=PATIENCE), "no mail arrived"
        return self.mails[-1]


def is_known(address: str) -> bool:
    local, _, domain = address.lower().partition("@")
    if local.partition("+")[0] == "trouble":
        raise ZeroDivisionError("canary-7351")
    return domain == "desk.example" and local.partition("+")[0] in {"rma", "sales"}


class Served:
    """A running listener."""

    def __init__(self, door: Door, journal: Journal, known: Callable[[str], bool]) -> None:
        self.journal = journal
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        coroutine = listen(door, accept=journal.accept, known_recipient=known)
        self.listener: Listener = asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)
        self.port = self.listener.port

    def call(self, function: Callable[[], None]) -> None:
        """Run something on the listener's loop."""
        self._loop.call_soon_threadsafe(function)

    def stop(self, grace: float = 5) -> Future[None]:
        return asyncio.run_coroutine_threadsafe(self.listener.stop(grace), self._loop)

    def close(self) -> None:
        self.stop(0).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()


@contextmanager
def serve(
    door: Door, journal: Journal | None = None, known: Callable[[str], bool] = is_known
) -> Iterator[Served]:
    served = Served(door, journal or Journal(), known)
    try:
        yield served
    finally:
        served.close()


class Wire:
    """A client that says exactly what it is told to."""

    def __init__(self, port: int, *, source: str = "127.0.0.1", banner: bool = True) -> None:
        self.socket = socket.create_connection(
            ("127.0.0.1", port), timeout=PATIENCE, source_address=(source, 0)
        )
        self._file = self.socket.makefile("rb")
        if banner:
            self.banner = self.reply()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._file.close()
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reply(self) -> str:
        """Read one reply, continuation lines included; "" at the end of the connection."""
        lines = []
        while True:
            try:
                line = self._file.readline().decode().rstrip("\r\n")
            except ConnectionError:
                return ""
            lines.append(line)
            if line[3:4] != "-":
                return "\n".join(lines)

    def say(self, *lines: str | bytes) -> list[str]:
        """Send each line and read its reply before the next."""
        replies = []
        for line in lines:
            self.send((line.encode() if isinstance(line, str) else line) + b"\r\n")
            replies.append(self.reply())
        return replies

    def begin(self, *recipients: str, greeting: str = "EHLO") -> None:
        """Go as far as 354."""
        said = self.say(f"{greeting} client.example", "MAIL FROM:<ann@customer.example>")
        said += self.say(
            *[f"RCPT TO:<{address}>" for address in recipients or ["rma@desk.example"]]
        )
        assert [reply[:3] for reply in said] == ["250"] * len(said), said
        assert self.say("DATA")[0].startswith("354")

    def rest(self) -> str:
        """Read all that comes until the connection ends."""
        try:
            return self._file.read().decode()
        except ConnectionError:
            return ""
