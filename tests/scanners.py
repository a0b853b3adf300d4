"""A clamd that says what it is told to: one answer to every command, over a loopback socket."""

from __future__ import annotations

import socket
import struct
import threading

EICAR = b"".join(
    (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!", b"$H+H*")
)
"""The harmless file that every scanner takes for a virus, in pieces: this file is none."""


class ScriptedClamd:
    """Answers each connection with `answer(data)`; `seen` are the files it was shown.

    An answer of None hangs up with a reset, "" never comes. `most` octets are taken of a file,
    then the connection is reset, as clamd does beyond StreamMaxLength.
    """

    def __init__(self, answer, *, most=1 << 30, path=""):
        self._answer, self._most = answer, most
        self.seen = []
        self._ended = threading.Event()
        if path:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(path)
            self._listener.listen()
        else:
            self._listener = socket.create_server(("127.0.0.1", 0))
            self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self):
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line):
        with line, line.makefile("rb") as heard:
            command = b""
            while not command.endswith(b"\0"):
                command += heard.read(1)
            data = self._file(heard) if command == b"zINSTREAM\0" else command
            said = None if data is None else self._answer(data)
            if said == "":
                self._ended.wait()
            elif said is None:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                line.sendall(said.encode() + b"\0")

    def _file(self, heard):
        data = b""
        while (size := struct.unpack("!I", heard.read(4))[0]) != 0:
            if len(data) + size > self._most:
                return None
            data += heard.read(size)
        self.seen.append(data)
        return data


def verdict(data):
    """Find the test file, and nothing else."""
    return "stream: Eicar-Test-Signature FOUND" if EICAR in data else "stream: OK"


def living(data):
    """Answer as clamd does: its version when asked for it, else the verdict on a file."""
    return "ClamAV 1.4.3/27800" if data == b"zVERSION\0" else verdict(data)
