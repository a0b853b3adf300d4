"""Where the daemon's processor time goes: per thread, per stage, per function.

The service is run in a process of its own in which the stage functions are wrapped with a clock
of the thread's CPU time; then again with cProfile in every thread. The first gives true
milliseconds, the second (two or three times slower) the functions below them.
"""

from __future__ import annotations

import argparse
import asyncio
import atexit
import cProfile
import importlib
import json
import os
import pickle
import pstats
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.measure import measure
from benchmarks.traffic import mails
from parsers.read import read

STAGES = (
    ("accept: journal", "storage.journal", "append"),
    ("read: IPC, pickle", "daemon.readers.workers", "Workers._read_batch"),
    ("pipeline: claim", "storage.journal", "claim"),
    ("pipeline: first_of", "storage.journal", "first_of"),
    ("pipeline: questions", "handlers.route", "questions"),
    ("pipeline: look up", "storage.lookup", "answer"),
    ("pipeline: decide", "handlers.decide", "decide"),
    ("pipeline: compose", "templates.message", "compose"),
    ("pipeline: references", "handlers.references", "references_of"),
    ("pipeline: apply", "storage.apply", "apply"),
    ("pipeline: settle", "storage.journal", "settle"),
    ("pipeline: whole", "daemon.pipeline", "Pipeline.process"),
    ("courier: books", "daemon.courier", "Courier._commit"),
    ("log", "daemon.log", "_Line.format"),
)
ON_READY: list = []


def run(asked: argparse.Namespace) -> int:
    """Run the load against both kinds of wrapped daemon and print what they wrote."""
    for how in ("stages", "functions"):
        target = Path(tempfile.gettempdir(), f"savd-profile-{os.getpid()}-{how}")
        command = ("-m", "benchmarks.profile", how, str(target), "daemon")
        count = asked.mails if how == "stages" else asked.mails // 2
        result = measure(asked.kind, count, asked, command=command)
        print(f"\n{how}: {count} mails ({asked.kind}), {count / result.whole:.0f}/s,", end=" ")
        print(
            f"{1000 * result.savd / count:.2f} ms CPU a mail, {1000 * result.readers / count:.2f} of"
        )
        print("them in the reading processes\n")
        (_print_stages if how == "stages" else _print_functions)(target, count)
        target.unlink()
    _profile_reading(asked)
    return 0


def _profile_reading(asked: argparse.Namespace) -> None:
    """Profile what the reading processes do, here: cProfile cannot follow them."""
    count = min(asked.mails, 500)
    some = [mail.data for mail in mails(count, asked.kind, 50, asked.seed)]
    began = time.process_time()
    sizes = [len(pickle.dumps(read(data), protocol=5)) for data in some]
    print(f"\nreading: {1000 * (time.process_time() - began) / count:.2f} ms a mail", end=" ")
    print(f"with pickling, results of {sum(sizes) / count / 1000:.0f} kB\n")
    profile_calls(read, some, most=25)


def profile_calls(call, some: list[bytes], most: int) -> None:
    """Print the dearest functions when each of some mails is given to a function."""
    profile = cProfile.Profile(time.process_time)
    for data in some:
        profile.runcall(call, data)
    _print_stats(pstats.Stats(profile).stats, len(some), most)


def _print_stages(target: Path, count: int) -> None:
    told = json.loads(target.read_text())
    print(f"  {'stage (with what it calls)':34}{'ms a mail':>11}{'calls':>9}")
    for name, (seconds, calls) in told["stages"].items():
        print(f"  {name:34}{1000 * seconds / count:11.3f}{calls:9}")
    print(f"\n  {'thread':34}{'ms a mail':>11}")
    for name, seconds in sorted(told["threads"].items(), key=lambda one: -one[1]):
        print(f"  {name:34}{1000 * seconds / count:11.3f}")


def _print_functions(target: Path, count: int) -> None:
    _print_stats(pstats.Stats(str(target)).stats, count)


def _print_stats(stats: dict, count: int, most: int = 45) -> None:
    for order in ("tottime", "cumulative"):
        print(f"  by {order}, ms a mail (own, with callees), calls a mail")
        column = 2 if order == "tottime" else 3
        for place, row in sorted(stats.items(), key=lambda one: -one[1][column])[:most]:
            where = f"{'/'.join(Path(place[0]).parts[-2:])}:{place[1]}({place[2]})"
            own, whole, calls = 1000 * row[2] / count, 1000 * row[3] / count, row[1] / count
            print(f"    {own:8.3f}{whole:9.3f}{calls:9.2f}  {where}")
        print()


def _serve(how: str, target: Path, file: str) -> None:
    from daemon import log
    from daemon.config.file import load
    from daemon.service import Service

    write = _clock_stages(target) if how == "stages" else _profile_threads(target)
    atexit.register(write)
    log.set_up()
    service = Service(load(Path(file)))

    async def work() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, service.stop)
        await service.run(lambda: [call() for call in ON_READY])

    asyncio.run(work())


def _clock_stages(target: Path):
    stages: dict[str, list[float]] = {}
    threads: dict[str, float] = {}
    for name, module, path in STAGES:
        _wrap(importlib.import_module(module), path, stages.setdefault(name, [0.0, 0]))
    ready = [time.thread_time()]
    ON_READY.append(lambda: ready.__setitem__(0, time.thread_time()))
    plain = threading.Thread.run

    def clocked(self):
        try:
            plain(self)
        finally:
            kind = self.name.rstrip("0123456789_-")
            threads[kind] = threads.get(kind, 0.0) + time.thread_time()

    threading.Thread.run = clocked

    def write() -> None:
        threads["event loop"] = time.thread_time() - ready[0]
        target.write_text(json.dumps({"stages": stages, "threads": threads}))

    return write


def _wrap(module, path: str, total: list[float]) -> None:
    """Clock a function wherever it was imported to."""
    holder = module
    *classes, name = path.split(".")
    for one in classes:
        holder = getattr(holder, one)
    plain = getattr(holder, name)

    def clocked(*args, **named):
        began = time.thread_time()
        try:
            return plain(*args, **named)
        finally:
            total[0] += time.thread_time() - began
            total[1] += 1

    setattr(holder, name, clocked)
    for other in list(sys.modules.values()):
        if not classes and getattr(other, name, None) is plain:
            setattr(other, name, clocked)


def _profile_threads(target: Path):
    profiles: dict[str, list[cProfile.Profile]] = defaultdict(list)
    plain = threading.Thread.run

    def profiled(self):
        profile = cProfile.Profile(time.thread_time)
        profiles[self.name].append(profile)
        profile.runcall(plain, self)

    threading.Thread.run = profiled
    mine = cProfile.Profile(time.thread_time)
    profiles["loop"].append(mine)
    ON_READY.append(mine.enable)  # what starting costs is another question

    def write() -> None:
        mine.disable()
        merged = pstats.Stats(mine)
        for some in profiles.values():
            for profile in some:
                if profile is not mine:
                    merged.add(pstats.Stats(profile))
        merged.dump_stats(str(target))

    return write


if __name__ == "__main__":
    _serve(sys.argv[1], Path(sys.argv[2]), sys.argv[-1])
