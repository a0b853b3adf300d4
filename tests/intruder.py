"""A reader that was taken over: it tries what the mail names.

Every child that replaces one imports this, so nothing heavy is imported here.
"""

import ctypes
import mmap
import os
import resource
import socket
import subprocess
import threading
from pathlib import Path

from handlers.understanding import Understood
from parsers.mail import ParsedMail
from parsers.read import read

ATTEMPTS = {
    b"read": lambda: Path(__file__).read_bytes(),
    b"write": lambda: Path("/dev/shm/intruder").write_text("x"),
    b"temporary": lambda: os.open("/dev/shm", os.O_TMPFILE | os.O_WRONLY),
    b"folder": lambda: list(Path("/").iterdir()),
    b"make": lambda: Path("/dev/shm/intruder").mkdir(),
    b"mode": lambda: Path(__file__).chmod(0o644),
    b"unloaded": lambda: __import__("wave"),
    b"code": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC),
    b"limit of another": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)),
    b"limit of its own": lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
    b"duplicate": lambda: os.dup(3),
    b"fork": os.fork,
    b"program": lambda: os.execv("/bin/true", ["true"]),
    b"spawn": lambda: subprocess.run(["/bin/true"], check=False),
    b"thread": lambda: threading.Thread(target=print).start(),
    b"signal": lambda: os.kill(os.getppid(), 0),
    b"internet": lambda: socket.create_connection(("127.0.0.1", 9), 1),
    b"unix": lambda: socket.socket(socket.AF_UNIX),
    b"pair": socket.socketpair,
    b"packets": lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    b"kernel": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    b"trace": lambda: checked(ctypes.CDLL(None).ptrace(0, 0, 0, 0)),
    b"ring": lambda: checked(ctypes.CDLL(None).syscall(425, 1, 0)),
    b"old calls": lambda: checked(ctypes.CDLL(None).syscall(0x40000000 | 39)),
}


def checked(result):
    """Raise what libc reports."""
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")


def attempt(data, desk):
    """Try what the mail names; read it when it names nothing."""
    if data in ATTEMPTS:
        ATTEMPTS[data]()
        return ParsedMail(text="nothing stopped me")
    return Understood(mail=read(data))
