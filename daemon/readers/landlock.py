"""No file, no network, no signal to others, by the kernel's Landlock (Linux 5.13 and later).

A ruleset that handles every right the kernel knows and allows none: what is open stays usable,
nothing more can be opened, made, renamed or reached. It holds beside the seccomp filter, so a
mistake in one is no hole.
"""

from __future__ import annotations

import ctypes
import os
import struct
from typing import Final

_CREATE_RULESET: Final = 444  # the same numbers on every architecture
_RESTRICT_SELF: Final = 446
_ASK_VERSION: Final = 1
# By ABI version: how many rights over files there are, over TCP, and how many scopes.
_FILES: Final = (0, 13, 14, 15, 15, 16)
_TCP: Final = (0, 0, 0, 0, 2)
_SCOPES: Final = (0, 0, 0, 0, 0, 0, 2)


def version(libc: ctypes.CDLL) -> int:
    """Return the version of the kernel's Landlock, 0 when it has none or it is switched off."""
    return max(0, _call(libc, _CREATE_RULESET, None, 0, _ASK_VERSION))


def install(libc: ctypes.CDLL) -> int:
    """Deny this process everything Landlock can deny. Return the version, 0 when it did not work.

    No new privileges must have been given up before.
    """
    found = version(libc)
    if not found:
        return 0
    wanted = ruleset(found)
    ours = _call(libc, _CREATE_RULESET, wanted, len(wanted), 0)
    if ours < 0:
        return 0
    done = _call(libc, _RESTRICT_SELF, ours, 0, 0)
    os.close(ours)
    return found if done == 0 else 0


def ruleset(version: int) -> bytes:
    """Return the struct landlock_ruleset_attr that handles all a version knows."""
    rights = (_all(_FILES, version), _all(_TCP, version), _all(_SCOPES, version))
    known = 1 + (version >= len(_TCP) - 1) + (version >= len(_SCOPES) - 1)
    return struct.pack(f"={known}Q", *rights[:known])


def _all(bits: tuple[int, ...], version: int) -> int:
    return int((1 << bits[min(version, len(bits) - 1)]) - 1)


def _call(libc: ctypes.CDLL, number: int, first: bytes | int | None, *rest: int) -> int:
    start = ctypes.c_char_p(first) if isinstance(first, bytes) else ctypes.c_long(first or 0)
    return int(libc.syscall(ctypes.c_long(number), start, *map(ctypes.c_long, rest)))
