"""A reading process as its parent sees it: started, asked, heard, ended."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import threading
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import Final

from daemon.readers.channel import Channel
from daemon.readers.reader import READY, Bounds, serve

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 2.0
MOST_GREETING: Final = 1 << 10

_CONTEXT: Final = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["daemon.readers.reader", "daemon.readers.preload"])
# The library looks after all children whenever one starts, and that not thread by thread.
_BIRTHS: Final = threading.Lock()


def prepare() -> None:
    """Let the fork server load what readers need while the caller still loads its own."""
    forkserver.ensure_running()


class Child:
    """One process that reads, and our end of its pipe. Raises ChildProcessError when it does not
    start. `walls` names what confines it, `answered` counts what it was asked."""

    def __init__(self, reading: Callable[..., object], bounds: Bounds) -> None:
        line, other = socket.socketpair()
        self.channel, theirs = Channel(line), Connection(other.detach())
        self.answered = 0
        self._process = _CONTEXT.Process(
            target=serve, args=(theirs, reading, bounds), daemon=True, name="savd-reader"
        )
        try:
            with _BIRTHS:
                self._process.start()
        except BaseException:
            self.channel.close()
            raise
        finally:
            theirs.close()
        try:
            said = self.channel.receive(START_SECONDS, MOST_GREETING)
        except (EOFError, OSError) as error:
            self.end()
            raise ChildProcessError("a reading process did not start") from error
        self.walls = said.removeprefix(READY).decode()

    def kill(self) -> None:
        """End it if it still lives; the number of a dead one may be another process's."""
        with _BIRTHS:
            if self._process.is_alive():
                self._process.kill()

    def end(self) -> None:
        """Hang up and end it."""
        self.channel.close()
        self.kill()
        with _BIRTHS:
            self._process.join(STOP_SECONDS)

    def cause(self) -> str:
        """Say what a dead one died of. One that still talks is hung up on first, and ends of it."""
        self.channel.close()
        with _BIRTHS:
            self._process.join(STOP_SECONDS)
            code = self._process.exitcode
        if code is None or code >= 0:
            return f"exit {code}"
        if -code == signal.SIGXCPU:
            return "too much processor time"
        if -code == signal.SIGSYS:
            return "SIGSYS: it asked the kernel for what reading never needs"
        return signal.Signals(-code).name
