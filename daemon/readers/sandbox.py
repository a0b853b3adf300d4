"""The walls around a process that reads foreign bytes: what it gives up, and what is known of it.

No descriptor but one pipe, no new privileges, Landlock, limits, no module loaded later, a filter
on system calls. Each wall stands alone, so where the kernel lacks one the others hold: without
seccomp and Landlock no file can be opened and no socket made, because no descriptor is left for
them.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import resource
import sys
from contextlib import suppress
from importlib.machinery import BuiltinImporter, FrozenImporter
from pathlib import Path
from typing import Final

from daemon.readers import landlock, seccomp

_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_GET_SECCOMP: Final = 21
_MOST_DESCRIPTORS: Final = 1 << 16
MOST_TASKS: Final = 4096
KEPT: Final = 3
"""The descriptor that stays, beside the standard ones, which then lead nowhere."""


def keep_only(descriptor: int) -> int:
    """Move one open descriptor to KEPT, lead 0 to 2 nowhere and close every other one.

    Among those closed are the fork server's own pipes, through which a reader could end others.
    """
    kept, nowhere = map(_beyond, (descriptor, os.open(os.devnull, os.O_RDWR)))
    for standard in range(KEPT):
        os.dup2(nowhere, standard, inheritable=False)
    os.dup2(kept, KEPT, inheritable=False)
    os.closerange(KEPT + 1, _MOST_DESCRIPTORS)
    return KEPT


def _beyond(descriptor: int) -> int:
    """Copy to where nothing is overwritten: a standard one that was closed is the next in turn."""
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, KEPT + 1)


def close_in(memory: int, *, threads: bool = False) -> str:
    """Give up what reading does not need; nothing of it comes back. Return what holds, in words.

    `memory`: octets of address space. `threads`: more of them may be started, where a filter can
    tell them from processes. Everything reading needs must have been imported before, and only one
    thread may run.
    """
    libc = _libc()
    be_first_to_go()
    is_humble = give_up_privileges(libc)
    landlocked = landlock.install(libc) if is_humble else 0
    limit(memory, tasks=MOST_TASKS if threads else 0)
    forget_modules()
    filtered = is_humble and seccomp.install(libc, threads=threads)
    if not filtered:
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    return in_words(is_filtered=filtered, landlock_version=landlocked)


def give_up_privileges(libc: ctypes.CDLL) -> bool:
    """Let no program ever raise our rights (setuid); without this the kernel builds no walls."""
    return int(libc.prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0)) == 0


def be_first_to_go() -> None:
    """Let the kernel end this process before any other, should the machine run out of memory."""
    with suppress(OSError):  # no /proc is there: then it chooses by size
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def limit(memory: int, *, tasks: int = 0) -> None:
    """Bound the address space (octets) and the tasks of our user, of whatever process they are; no
    further descriptor, file's octet or core."""
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, tasks),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (lowest, lowest))


def forget_modules() -> None:
    """Let a module that is not loaded by now not exist: its loader would run into the walls."""
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter]


def offered() -> str:
    """Say which walls this kernel has, without building any."""
    libc = _libc()
    knows_filters = seccomp.is_known_machine() and libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) >= 0
    return in_words(is_filtered=knows_filters, landlock_version=landlock.version(libc))


def in_words(*, is_filtered: bool, landlock_version: int) -> str:
    """Name the walls for the log and for the administrator: "limits, Landlock 6, seccomp"."""
    walls = ["limits"]
    if landlock_version:
        walls.append(f"Landlock {landlock_version}")
    if is_filtered:
        walls.append("seccomp")
    return ", ".join(walls)


def lacking(walls: str) -> str:
    """Say which walls are missing and what would bring them, "" when all stand."""
    remedies = {
        "Landlock": "no Landlock: it needs Linux 5.13 with landlock among its security modules",
        "seccomp": f"no seccomp: it needs Linux on x86_64 or aarch64, this is {platform.machine()}",
    }
    return "; ".join(remedy for name, remedy in remedies.items() if name not in walls)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
