"""The child side of a reading process: bound yourself, then read one thing after the other.

Nothing heavy is imported here but what reads: the fork server loads this once and every child is
a copy of it.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Final

from daemon.readers import sandbox

READY: Final = b"ready "
"""What a reader says first, followed by the walls around it."""

Reading = Callable[..., object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What a reading process may use: octets of address space, processor seconds for one question,
    and whether a library may start threads."""

    memory: int
    cpu_seconds: int
    threads: bool = False


def serve(pipe: Connection, reading: Reading, bounds: Bounds) -> None:
    """Say that we are ready and what confines us, then answer each batch on the pipe with one
    (result, trouble) per question, until the pipe closes."""
    import_module("daemon.readers.preload")
    calm_collector()
    pipe = _only(pipe)
    walls = confine(bounds)
    try:
        pipe.send_bytes(READY + walls.encode())
        while True:
            for asked in pickle.loads(pipe.recv_bytes()):  # noqa: S301 - our own parent
                renew(bounds)
                pipe.send_bytes(answer(reading, asked))
    except (EOFError, BrokenPipeError, ConnectionResetError, MemoryError):
        return


def _only(pipe: Connection) -> Connection:
    """Return the same pipe, now the only thing that is open."""
    descriptor = os.dup(pipe.fileno())
    pipe.close()
    return Connection(sandbox.keep_only(descriptor))


def answer(reading: Reading, asked: tuple[object, ...]) -> bytes:
    """Return the pickled result of one question, or the trouble it gave."""
    try:
        return pickle.dumps((reading(*asked), ""), protocol=5)
    except MemoryError:
        return pickle.dumps((None, "reading needs more memory than allowed"))
    except Exception as error:  # noqa: BLE001 - the parent decides what becomes of it
        return pickle.dumps((None, f"reading failed: {type(error).__name__}: {error}"))


def calm_collector() -> None:
    """Let the garbage collector look at what mails leave, seldom, and never at the program itself.

    A mail makes thousands of short-lived values and hardly a cycle: looking for some after every
    700 of them costs a tenth of the processor.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def confine(bounds: Bounds) -> str:
    """Give up what reading does not need. What is given up cannot be taken back. Return what
    holds, in words."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return sandbox.close_in(bounds.memory, threads=bounds.threads)


def renew(bounds: Bounds) -> None:
    """Give the next question its processor time; the kernel counts for the life of the process."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = int(time.process_time()) + 1 + bounds.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))
