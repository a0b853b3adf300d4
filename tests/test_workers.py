"""Reading processes: a mail can hurt its reader, never the daemon and never another mail."""

import os
import pickle
import resource
import signal
import time
from concurrent.futures import wait
from pathlib import Path

import pytest

from daemon.readers.workers import ReadingFailed, Stopping, Workers
from parsers.mail import ParsedMail


def read(data, desk):
    """Do what the mail says."""
    word = data[:4]
    if word == b"die ":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == b"hang":
        time.sleep(600)
    if word == b"spin":
        while True:
            pass
    if word == b"gulp":
        return bytearray(8 << 30)
    if word == b"fail":
        raise ValueError("cannot be read")
    if word == b"say ":
        os.write(3, data[4:])
        time.sleep(600)
    return ParsedMail(text=data.decode(), message_id=str(os.getpid()))


@pytest.fixture
def workers():
    made = []

    def make(**options):
        made.append(Workers(**{"count": 1, "reading": read, **options}))
        return made[-1]

    yield make
    for one in made:
        one.close()


def trouble(workers, data):
    with pytest.raises(ReadingFailed) as caught:
        workers.read(data, "rma").result(60)
    return str(caught.value)


def test_mails_are_read_and_each_future_gets_its_own(workers):
    pair = workers(count=2)
    futures = [pair.read(b"mail %d" % n, "rma") for n in range(100)]
    assert [future.result(60).text for future in futures] == [f"mail {n}" for n in range(100)]


def test_one_process_reads_many_mails(workers):
    one = workers()
    pids = {one.read(b"a", "rma").result(60).message_id for _ in range(20)}
    assert len(pids) == 1
    assert pids != {str(os.getpid())}


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"die ", "died (SIGKILL)"),
        (b"gulp", "more memory than allowed"),
        (b"fail", "ValueError: cannot be read"),
    ],
)
def test_what_hurts_the_reader_is_told_and_the_next_mail_is_read(workers, data, reason):
    one = workers()
    assert reason in trouble(one, data)
    assert one.read(b"next", "rma").result(60).text == "next"


def test_a_mail_that_hangs_is_cut_off(workers):
    one = workers(seconds=0.3)
    assert "longer than 0.3 s" in trouble(one, b"hang")
    assert one.read(b"next", "rma").result(60).text == "next"


def test_a_mail_that_spins_is_ended_by_the_kernel_even_if_nobody_waits(workers):
    one = workers(seconds=1)
    assert trouble(one, b"spin")
    assert one.read(b"next", "rma").result(60).text == "next"


def test_only_the_mail_that_kills_pays_for_it(workers):
    one = workers()
    futures = [one.read(b"die " if n % 10 == 5 else b"mail %d" % n, "rma") for n in range(40)]
    wait(futures, 60)
    failed = [n for n, future in enumerate(futures) if future.exception()]
    assert failed == [5, 15, 25, 35]


@pytest.mark.parametrize(
    "said, reason",
    [
        (b"\x7f\xff\xff\xff", "died"),
        (b"\xff\xff\xff\xff", "died"),
        (b"\x00\x00\x01\x00half a word", "longer than 0.5 s"),
        (b"\x00", "longer than 0.5 s"),
        (b"\x00\x00\x00\x02).", "something else"),
        (b"\x00\x00\x00\x00", "something else"),
    ],
)
def test_a_reader_that_was_taken_over_cannot_keep_us_waiting(workers, said, reason):
    one = workers(seconds=0.5)
    assert reason in trouble(one, b"say " + said)
    assert one.read(b"next", "rma").result(60).text == "next"


def test_a_reader_that_no_longer_listens_is_replaced(workers):
    one = workers(seconds=0.5)
    answer = pickle.dumps((ParsedMail(text="done"), ""))
    said = len(answer).to_bytes(4, "big") + answer
    assert one.read(b"say " + said, "rma").result(60).text == "done"
    assert "longer than 0.5 s" in trouble(one, b"x" * 8_000_000)
    assert one.read(b"next", "rma").result(60).text == "next"


def test_no_core_file_is_ever_written(workers):
    reader = int(workers().read(b"a", "rma").result(60).message_id)
    assert resource.prlimit(reader, resource.RLIMIT_CORE) == (0, 0)


def test_the_kernel_ends_a_reader_first_when_memory_runs_out(workers):
    reader = workers().read(b"a", "rma").result(60).message_id
    assert Path(f"/proc/{reader}/oom_score_adj").read_text().strip() == "1000"


def test_closing_ends_the_mail_in_hand_within_seconds_and_blames_no_mail():
    workers = Workers(read, count=1)
    workers.read(b"warm", "rma").result(60)
    hanging, waiting = workers.read(b"hang", "rma"), workers.read(b"a", "rma")
    begun = time.monotonic()
    workers.close()
    assert time.monotonic() - begun < 8
    for future in (hanging, waiting, workers.read(b"late", "rma")):
        with pytest.raises(Stopping):
            future.result(0)


def test_a_cancelled_future_stops_nothing(workers):
    one = workers()
    first, second = one.read(b"a", "rma"), one.read(b"b", "rma")
    second.cancel()
    assert first.result(60).text == "a"
    assert one.read(b"c", "rma").result(60).text == "c"
    assert one.are_alive()
