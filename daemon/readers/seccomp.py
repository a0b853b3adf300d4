"""A filter on system calls for a process that reads (seccomp-bpf, Linux on x86_64, aarch64).

DECISIONS
    allowed  what computing needs: read and write on the open pipe, memory, clocks, signals, the
             end. Never executable memory, never a signal to or a limit of another process, and
             of the own limits only that of processor time: root could raise the others again.
    killed   what only an intruder asks for: a program, a process, a socket, another process's
             memory, the kernel's insides. The kernel ends the process (SIGSYS) before the call
             does anything, and the parent sees a reader dead of it.
    threads  of the own process, where files are opened and only there: the decoder of HEIC
             (libde265) starts one for every picture and gives up without it. A thread stands
             behind the same walls. Made as pthread_create makes it, and in no other way.
    refused  everything else, with EPERM. Libraries try harmless things (look for a font, for the
             time zone) and must get an ordinary error, which costs at most the mail.

A call that a later kernel adds is refused. Calls of another architecture (32 bits, x32) kill.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_PR_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2
_EPERM: Final = 1
_ENOSYS: Final = 38
_PROT_EXEC: Final = 4
_RLIMIT_CPU: Final = 0
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | _EPERM
_ABSENT: Final = 0x00050000 | _ENOSYS
_KILL: Final = 0x80000000
# Classic BPF: load a word, compare, return. Words of struct seccomp_data: number, architecture,
# instruction pointer, six arguments of eight octets each.
_LOAD: Final = 0x20
_IF_EQUAL: Final = 0x15
_IF_AT_LEAST: Final = 0x35
_IF_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4
_ARGUMENT: Final = (16, 24, 32)

# name: its number on (x86_64, aarch64), None where the architecture has no such call. What is
# asked most stands first.
_PLAIN: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "read": (0, 63), "write": (1, 64), "futex": (202, 98), "munmap": (11, 215),
    "mremap": (25, 216), "madvise": (28, 233), "brk": (12, 214), "readv": (19, 65),
    "writev": (20, 66), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62),
    "sched_yield": (24, 124), "getrandom": (318, 278), "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115), "nanosleep": (35, 101),
    "gettimeofday": (96, 169), "time": (201, None), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "getpid": (39, 172), "gettid": (186, 178), "poll": (7, None),
    "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "restart_syscall": (219, 128), "exit": (60, 93), "exit_group": (231, 94),
    "getrusage": (98, 165), "sched_getaffinity": (204, 123), "sysinfo": (99, 179),
}  # fmt: skip
# Allowed with memory that cannot be run; of our own process alone.
_MEMORY: Final = {"mmap": (9, 222), "mprotect": (10, 226)}
_OWN: Final = {"kill": (62, 129), "tgkill": (234, 131)}
_LIMITS: Final = {"prlimit64": (302, 261)}
# What a new thread asks for. The flags of clone(2) are those of glibc's pthread_create and of musl's
# (CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID; DETACHED):
# no process, no namespace. clone3 hides its flags from a filter; told that there is none, libraries
# take clone.
_THREAD: Final = {"rseq": (334, 293), "set_robust_list": (273, 99)}
_CLONE: Final = {"clone": (56, 220)}
_CLONE3: Final = {"clone3": (435, 435)}
_THREAD_FLAGS: Final = (0x3D0F00, 0x7D0F00)
_HOSTILE: Final[Mapping[str, tuple[int | None, int | None]]] = {
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "clone": (56, 220), "clone3": (435, 435), "socket": (41, 198), "socketpair": (53, 199),
    "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "bpf": (321, 280),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "mount": (165, 40), "umount2": (166, 39), "move_mount": (429, 429), "fsopen": (430, 430),
    "open_tree": (428, 428), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "setuid": (105, 146),
    "setgid": (106, 144), "setresuid": (117, 147), "setresgid": (119, 149), "capset": (126, 91),
    "personality": (135, 92), "reboot": (169, 142),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class _Machine:
    """An architecture: which column of the tables, AUDIT_ARCH_*, and its first foreign number."""

    column: int
    audit: int
    foreign: int = 0


_MACHINES: Final = {
    "x86_64": _Machine(column=0, audit=0xC000003E, foreign=0x40000000),
    "aarch64": _Machine(column=1, audit=0xC00000B7),
}

Instruction = tuple[int, int, int, int]


def is_known_machine(machine: str = "") -> bool:
    """Tell whether the tables know this architecture (default: the one we run on)."""
    name = machine or platform.machine()
    return name in _MACHINES and ctypes.sizeof(ctypes.c_void_p) == 8


def program(machine: str, pid: int, *, threads: bool = False) -> tuple[Instruction, ...]:
    """Return the filter for an architecture of `is_known_machine`, for the process `pid`, which
    may start threads or not."""
    return tuple(_instructions(_MACHINES[machine], pid, threads=threads))


def install(libc: ctypes.CDLL, *, threads: bool = False) -> bool:
    """Filter this process from now on, for ever. False: the kernel or the architecture cannot.

    No new privileges must have been given up before, and only one thread may run; others may be
    started later if `threads`.
    """
    if not is_known_machine():
        return False
    lines = program(platform.machine(), os.getpid(), threads=threads)
    code = b"".join(struct.pack("=HBBI", *one) for one in lines)
    memory = ctypes.create_string_buffer(code, len(code))
    wanted = struct.pack("@HP", len(code) // 8, ctypes.addressof(memory))
    mode, filtering = ctypes.c_ulong(_MODE_FILTER), ctypes.c_char_p(wanted)
    return int(libc.prctl(_PR_SET_SECCOMP, mode, filtering, 0, 0)) == 0


def _instructions(machine: _Machine, pid: int, *, threads: bool) -> Iterator[Instruction]:
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield from _unless(_IF_EQUAL, machine.audit, _KILL)
    yield _LOAD, 0, 0, _NUMBER
    if machine.foreign:
        yield from _when(_IF_AT_LEAST, machine.foreign, _KILL)
    for number in _numbers(_PLAIN, machine):
        yield from _when(_IF_EQUAL, number, _ALLOW)
    for number in _numbers(_MEMORY, machine):
        yield from _arguments(number, [(2, _IF_ANY_BIT, _PROT_EXEC)], (_REFUSE, _ALLOW))
    for number in _numbers(_OWN, machine):
        yield from _arguments(number, [(0, _IF_EQUAL, pid)], (_ALLOW, _KILL))
    for number in _numbers(_LIMITS, machine):
        own = [(0, _IF_EQUAL, 0), (1, _IF_EQUAL, _RLIMIT_CPU)]
        yield from _arguments(number, own, (_ALLOW, _REFUSE))
    if threads:
        yield from _thread_calls(machine)
    for number in _numbers(_HOSTILE, machine):
        yield from _when(_IF_EQUAL, number, _KILL)
    yield _RETURN, 0, 0, _REFUSE


def _thread_calls(machine: _Machine) -> Iterator[Instruction]:
    for number in _numbers(_THREAD, machine):
        yield from _when(_IF_EQUAL, number, _ALLOW)
    for number in _numbers(_CLONE3, machine):
        yield from _when(_IF_EQUAL, number, _ABSENT)
    for number in _numbers(_CLONE, machine):
        yield from _one_of(number, 0, _THREAD_FLAGS, (_ALLOW, _KILL))


def _numbers(
    table: Mapping[str, tuple[int | None, int | None]], machine: _Machine
) -> Iterator[int]:
    return (n for n in (columns[machine.column] for columns in table.values()) if n is not None)


def _when(test: int, value: int, verdict: int) -> Iterator[Instruction]:
    yield test, 0, 1, value
    yield _RETURN, 0, 0, verdict


def _unless(test: int, value: int, verdict: int) -> Iterator[Instruction]:
    yield test, 1, 0, value
    yield _RETURN, 0, 0, verdict


def _arguments(
    number: int, tests: Sequence[tuple[int, int, int]], verdicts: tuple[int, int]
) -> Iterator[Instruction]:
    """Return the first verdict when every test (position, test, value) holds, else the second."""
    yield _IF_EQUAL, 0, 2 * len(tests) + 2, number
    for done, (position, test, value) in enumerate(tests, 1):
        yield _LOAD, 0, 0, _ARGUMENT[position]
        yield test, 0, 2 * (len(tests) - done) + 1, value
    yield _RETURN, 0, 0, verdicts[0]
    yield _RETURN, 0, 0, verdicts[1]


def _one_of(
    number: int, position: int, values: Sequence[int], verdicts: tuple[int, int]
) -> Iterator[Instruction]:
    """Return the first verdict when the argument at `position` is one of the values, else the
    second."""
    yield _IF_EQUAL, 0, len(values) + 3, number
    yield _LOAD, 0, 0, _ARGUMENT[position]
    for done, value in enumerate(values):
        yield _IF_EQUAL, len(values) - done, 0, value
    yield _RETURN, 0, 0, verdicts[1]
    yield _RETURN, 0, 0, verdicts[0]
