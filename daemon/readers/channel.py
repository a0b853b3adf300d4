"""Talk with a process that is not trusted: every word ends in time, and within bounds.

A reader that was taken over may announce more than memory holds, stop in the middle of a word, or
not listen at all. The pipes of multiprocessing would wait for it for ever. What travels is theirs:
four octets of length, then the octets.
"""

from __future__ import annotations

import socket
import struct
import time
from typing import Final

HEAD: Final = struct.Struct("!i")
PIECE: Final = 1 << 20
"""What is asked of the kernel at once: memory is taken for what came, not for what was announced."""


class Channel:
    """Our end of a pair of sockets. Every method raises TimeoutError when its time is up, EOFError
    or OSError when the other end is gone or breaks the rules."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def send(self, data: bytes, seconds: float) -> None:
        """Send a word."""
        self._line.settimeout(seconds)
        self._line.sendall(HEAD.pack(len(data)) + data)

    def receive(self, seconds: float, most: int) -> bytes:
        """Wait for a word of at most `most` octets."""
        deadline = time.monotonic() + seconds
        (size,) = HEAD.unpack(self._exactly(HEAD.size, deadline))
        if not 0 <= size <= most:
            raise OSError(f"an answer of {size} octets was announced, {most} are allowed")
        return self._exactly(size, deadline)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _exactly(self, size: int, deadline: float) -> bytes:
        pieces: list[bytes] = []
        while size:
            # a timeout of 0 would mean "do not wait", and a negative one is an error
            self._line.settimeout(max(0.001, deadline - time.monotonic()))
            piece = self._line.recv(min(size, PIECE))
            if not piece:
                raise EOFError
            if time.monotonic() > deadline:
                raise TimeoutError
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)
