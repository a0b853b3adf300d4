"""Ask ClamAV about a file (clamd(8), command INSTREAM), and never take silence for a clean file.

A file that is longer than clamd takes is not answered: the connection is reset. That, a daemon
that is down or late, and words we do not know are "unscanned".
"""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Literal

ANSWER_OCTETS: Final = 4096
PIECE: Final = 1 << 16
_FOUND: Final = re.compile(r"stream: (?P<name>[^\n]{1,300}) FOUND")

ScanState = Literal["clean", "infected", "unscanned"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """What the scanner says of a file: `told` is the name of what it found, or why it says
    nothing. `seconds`: how long that took."""

    state: ScanState
    told: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClamavSettings:
    """Where clamd listens: a path, or host and port. `seconds` bounds one conversation, `size` is
    the longest file it is asked about (at most its StreamMaxLength)."""

    path: str = ""
    host: str = ""
    port: int = 3310
    seconds: float = 20.0
    size: int = 25 << 20

    @property
    def where(self) -> str:
        """The address, for people."""
        return self.path or f"{self.host}:{self.port}"


class Clamav:
    """Conversations with clamd, `count` at once. Safe to use from several threads."""

    def __init__(self, settings: ClamavSettings, count: int = 1) -> None:
        self._settings = settings
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="clamav")
        self._lines: set[socket.socket] = set()
        self._turn = threading.Lock()
        self._closed = False

    @property
    def size(self) -> int:
        """The longest file it is asked about, in octets."""
        return self._settings.size

    def scan(self, data: bytes) -> Future[Scan]:
        """Have a file looked at. The future never fails; it is cancelled by `close`."""
        try:
            return self._pool.submit(self._timed, data)
        except RuntimeError:  # closed
            late: Future[Scan] = Future()
            late.cancel()
            return late

    def version(self) -> str:
        """Return what clamd says of itself. Raises OSError when it does not answer."""
        answer = self._ask(b"zVERSION\0")
        if not answer.startswith("ClamAV"):
            raise OSError(f"it answers {answer[:80]!r}, which is not ClamAV")
        return answer

    def close(self) -> None:
        """Hang up, whatever is being said."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._turn:
            self._closed = True
            for line in self._lines:
                with suppress(OSError):  # it hung up first
                    line.shutdown(socket.SHUT_RDWR)

    def _timed(self, data: bytes) -> Scan:
        begun = time.monotonic()
        scan = self._scan(data)
        return replace(scan, seconds=time.monotonic() - begun)

    def _scan(self, data: bytes) -> Scan:
        if len(data) > self._settings.size:
            return Scan(state="unscanned", told=f"longer than {self._settings.size} octets")
        try:
            answer = self._ask(b"zINSTREAM\0", data)
        except (OSError, ValueError) as error:
            return Scan(state="unscanned", told=str(error) or type(error).__name__)
        if answer == "stream: OK":
            return Scan(state="clean")
        if found := _FOUND.fullmatch(answer):
            return Scan(state="infected", told=found["name"])
        return Scan(state="unscanned", told=f"clamd says {answer[:200]!r}")

    def _ask(self, command: bytes, data: bytes | None = None) -> str:
        """Return the answer to a command. Raises OSError when it does not come in time."""
        deadline = time.monotonic() + self._settings.seconds
        line = self._connect()
        with self._turn:
            self._lines.add(line)
        try:
            if self._closed:
                raise OSError("we are stopping")
            line.sendall(command)
            for at in range(0, len(data or b""), PIECE):
                piece = (data or b"")[at : at + PIECE]
                line.settimeout(_left(deadline))
                line.sendall(struct.pack("!I", len(piece)) + piece)
            if data is not None:
                line.sendall(bytes(4))
            return _answer(line, deadline)
        finally:
            with self._turn:
                self._lines.discard(line)
            line.close()

    def _connect(self) -> socket.socket:
        settings = self._settings
        if not settings.path:
            address = (settings.host, settings.port)
            return socket.create_connection(address, settings.seconds)
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(settings.seconds)
            line.connect(settings.path)
        except OSError:
            line.close()
            raise
        return line


def _answer(line: socket.socket, deadline: float) -> str:
    """Return the words up to the NUL that ends them. Raises OSError when it does not come."""
    said = b""
    while not said.endswith(b"\0"):
        line.settimeout(_left(deadline))
        piece = line.recv(ANSWER_OCTETS)
        if not piece:
            raise OSError("clamd hung up before it answered")
        said += piece
        if len(said) > ANSWER_OCTETS:
            raise OSError("clamd answers without end")
    return said[:-1].decode("utf-8", "replace").strip()


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left
