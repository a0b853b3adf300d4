"""A reading process has nothing but its pipe: no file, no network, no other process or program."""

import encodings
import mmap
import pkgutil
import platform
import re
import resource
import signal
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.readers import landlock, sandbox, seccomp
from daemon.readers.reading import Costs, Reading
from daemon.readers.workers import ReadingFailed, Workers
from handlers.understanding import Understanding
from parsers.files.opening import with_opened_files
from parsers.read import read

from . import papers
from .intruder import ATTEMPTS, attempt
from .test_tnef import container

ROOT = Path(__file__).parents[1]
MAILS = sorted((Path(__file__).parent / "mails").glob("*.eml"))
FILTERED = "seccomp" in sandbox.offered()
KILLED = "SIGSYS"

# The limits refuse some of these too; only the filter ends the process.
DEADLY = [b"fork", b"program", b"thread", b"signal", b"internet", b"unix", b"pair"]
DEADLY += [b"packets", b"kernel", b"trace", b"ring"]
DEADLY += [b"old calls"] if platform.machine() == "x86_64" else []
REFUSED = [name for name in ATTEMPTS if name not in {*DEADLY, b"old calls"}]


@pytest.fixture(scope="module")
def workers():
    one = Workers(attempt, 1)
    yield one
    one.close()


@pytest.fixture(scope="module")
def file_readers():
    one = Workers(attempt, 1, threads=True)
    yield one
    one.close()


@pytest.fixture(scope="module")
def readers():
    some = Reading(Understanding(workflows={}), Costs(workers=1))
    yield some
    some.close()


def trouble(workers, data):
    with pytest.raises(ReadingFailed) as caught:
        workers.read(data, "rma").result(60)
    return str(caught.value)


@pytest.mark.parametrize("name", REFUSED, ids=bytes.decode)
def test_what_a_library_might_try_is_an_ordinary_error(workers, name):
    reason = trouble(workers, name)
    assert re.search(r"PermissionError|ModuleNotFoundError|not allowed", reason) or not FILTERED


@pytest.mark.parametrize("name", DEADLY, ids=bytes.decode)
def test_what_only_an_intruder_tries_ends_the_reader_and_never_the_daemon(workers, name):
    reason = trouble(workers, name)
    assert KILLED in reason or not FILTERED
    assert workers.read(b"\nnext", "rma").result(60).mail.text == "next"


@pytest.mark.parametrize("name", [one for one in DEADLY if one != b"thread"], ids=bytes.decode)
def test_who_may_start_threads_may_start_nothing_else(file_readers, name):
    assert KILLED in trouble(file_readers, name) or not FILTERED


def test_a_thread_is_started_only_where_files_are_opened(file_readers):
    if FILTERED:
        told = file_readers.read(b"thread", "rma").result(60)
        assert told.text == "nothing stopped me"


@pytest.mark.parametrize("name", REFUSED, ids=bytes.decode)
def test_a_reader_of_files_has_no_file_either(file_readers, name):
    reason = trouble(file_readers, name)
    assert re.search(r"PermissionError|ModuleNotFoundError|not allowed", reason) or not FILTERED


@pytest.mark.parametrize("mail", MAILS, ids=lambda path: path.stem)
def test_every_mail_of_ours_is_read_there_as_it_is_read_here(readers, mail):
    data = mail.read_bytes()
    assert readers.read(data, "rma").result(60).mail == with_opened_files(read(data))


@pytest.mark.parametrize(
    "paper",
    [papers.order_pdf, papers.signed_quote_pdf, papers.scan_pdf, papers.columns_pdf],
)
def test_papers_are_read_there_as_they_are_read_here(readers, paper):
    data = b"Content-Type: application/pdf\n\n" + paper()
    found = readers.read(data, "rma").result(60).mail
    assert found == with_opened_files(read(data))
    assert found.attachments[0].document


def test_the_files_of_outlook_are_found_there(readers):
    data = b"Content-Type: application/ms-tnef\n\n" + container()
    assert readers.read(data, "rma").result(60).mail == read(data)
    assert len(read(data).attachments) == 1


CODECS = [module.name for module in pkgutil.iter_modules(encodings.__path__)]
CODECS += ["x-unknown", "windows-1252", "iso-8859-15", "utf-8"]
TEXTS = (
    "Größe, façade à réparer, élève",
    "Привет, как дела сегодня",
    "修理をお願いします。",
    "您好",
)


@pytest.mark.parametrize("codec", CODECS)
def test_every_charset_is_decoded_there_declared_or_not(readers, codec):
    for text in TEXTS:
        try:
            body = text.encode(codec, "ignore")
        except (LookupError, UnicodeError):
            body = text.encode("cp1252", "ignore")
        for declared in (codec, "us-ascii"):
            head = f"Content-Type: text/plain; charset={declared}\nSubject: =?{codec}?q?=E9?=\n\n"
            data = head.encode() + body
            assert readers.read(data, "rma").result(60).mail == read(data)


def test_the_reader_says_what_confines_it(workers):
    assert workers.read(b"\na", "rma").result(60)
    assert workers.walls == sandbox.offered()
    assert workers.walls.startswith("limits")


def in_a_child(program):
    """Run statements in a fresh Python; return what it printed."""
    begin = "import os, socket\nfrom daemon.readers import landlock, sandbox, seccomp\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{begin}{TRIED}{program}"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout or str(done.returncode)


TRIED = """
def tried(call, *arguments):
    try:
        return call(*arguments) and "done"
    except OSError as error:
        return type(error).__name__
libc = sandbox._libc()
sandbox.give_up_privileges(libc)
"""


def test_the_limits_alone_leave_no_file_and_no_socket():
    program = """
sandbox.limit(1 << 30)
print(tried(os.open, "/dev/null", 0), tried(socket.socket))
"""
    assert in_a_child(program) == "OSError OSError\n"


def test_landlock_alone_leaves_no_file():
    program = """
if landlock.install(libc):
    print(tried(os.open, "/dev/null", 0), tried(os.listdir, "/"), tried(os.rmdir, "/tmp/none"))
"""
    if "Landlock" in sandbox.offered():
        assert in_a_child(program).startswith("PermissionError PermissionError")


def test_the_filter_alone_leaves_no_file_and_no_socket():
    if FILTERED:
        begin = "seccomp.install(libc)\n"
        files = begin + 'print(tried(os.open, "/dev/null", 0), tried(os.stat, "/"))'
        assert in_a_child(files) == "PermissionError PermissionError\n"
        assert in_a_child(begin + "socket.socket()") == str(-signal.SIGSYS)


def test_one_descriptor_is_kept_and_the_standard_ones_lead_nowhere():
    program = """
others = [os.open("/dev/zero", 0) for _ in range(20)]
kept = sandbox.keep_only(os.dup(1))
names = sorted(os.listdir("/proc/self/fd"), key=int)[:-1]  # the last one lists the folder
targets = [os.readlink(f"/proc/self/fd/{name}") for name in names]
os.write(kept, f"{names} {targets[:3]}".encode())
"""
    told = in_a_child(program)
    assert told == f"{['0', '1', '2', '3']} {['/dev/null'] * 3}"


def test_the_pipe_stays_when_the_standard_ones_were_closed():
    program = """
pipe = os.dup(1)
os.close(0)
os.write(sandbox.keep_only(pipe), b"heard")
"""
    assert in_a_child(program) == "heard"


ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000


def verdict(machine, audit, number, *arguments, threads=False):
    """Run the filter as the kernel would; return the action it comes to."""
    words = struct.pack("=IIQ6Q", number, audit, 0, *(*arguments, *[0] * (6 - len(arguments))))
    at, value = 0, 0
    lines = seccomp.program(machine, 4711, threads=threads)
    tests = {
        0x15: lambda a, b: a == b,
        0x35: lambda a, b: a >= b,
        0x45: lambda a, b: bool(a & b),
    }
    while True:
        code, yes, no, operand = lines[at]
        if code == 0x06:
            return operand
        if code == 0x20:
            value = struct.unpack_from("=I", words, operand)[0]
            at += 1
        else:
            at += 1 + (yes if tests[code](value, operand) else no)


@pytest.mark.parametrize(
    "machine, audit, numbers",
    [
        ("x86_64", 0xC000003E, {"read": 0, "mmap": 9, "kill": 62, "prlimit64": 302, "openat": 257}),
        ("aarch64", 0xC00000B7, {"read": 63, "mmap": 222, "kill": 129, "prlimit64": 261, "openat": 56}),
    ],
)  # fmt: skip
def test_the_filter_decides_as_it_says(machine, audit, numbers):
    def decide(name, *arguments):
        return verdict(machine, audit, numbers[name], *arguments)

    assert decide("read") == ALLOW
    assert decide("openat") == REFUSE
    assert decide("mmap", 0, 4096, mmap.PROT_READ | mmap.PROT_WRITE) == ALLOW
    assert decide("mmap", 0, 4096, mmap.PROT_READ | mmap.PROT_EXEC) == REFUSE
    assert decide("kill", 4711, 6) == ALLOW
    assert decide("kill", 1, 6) == KILL
    assert decide("prlimit64", 0) == ALLOW
    assert decide("prlimit64", 0, resource.RLIMIT_CORE) == REFUSE
    assert decide("prlimit64", 1) == REFUSE
    assert verdict(machine, audit, 9_999) == REFUSE
    assert verdict(machine, 0x40000003, numbers["read"]) == KILL
    assert len(seccomp.program(machine, 4711)) < 4096


@pytest.mark.parametrize(
    "machine, audit, clone", [("x86_64", 0xC000003E, 56), ("aarch64", 0xC00000B7, 220)]
)
def test_the_filter_tells_threads_from_processes(machine, audit, clone):
    thread, process, namespace = 0x3D0F00, signal.SIGCHLD, 0x3D0F00 | 0x10000000

    def decide(number, *arguments):
        return verdict(machine, audit, number, *arguments, threads=True)

    assert decide(clone, thread) == ALLOW
    assert decide(clone, thread | 0x400000) == ALLOW
    assert decide(clone, process) == decide(clone, namespace) == decide(clone, 0x10000) == KILL
    assert decide(435) == 0x00050000 | 38
    assert verdict(machine, audit, clone, thread) == verdict(machine, audit, 435) == KILL


def test_another_architecture_gets_no_filter():
    assert not seccomp.is_known_machine("riscv64")
    assert "Linux on x86_64 or aarch64" in sandbox.lacking("limits, Landlock 3")
    assert "Linux 5.13" in sandbox.lacking("limits, seccomp")
    assert sandbox.lacking("limits, Landlock 3, seccomp") == ""


def test_landlock_denies_all_that_its_version_knows():
    assert landlock.ruleset(1) == struct.pack("=Q", 0x1FFF)
    assert landlock.ruleset(3) == struct.pack("=Q", 0x7FFF)
    assert landlock.ruleset(4) == struct.pack("=QQ", 0x7FFF, 3)
    assert landlock.ruleset(6) == landlock.ruleset(99) == struct.pack("=QQQ", 0xFFFF, 3, 3)
