"""What each mail of a folder costs to read: processor seconds, peak memory, and whether it dies.

    python -m benchmarks.hostile FOLDER [--seconds 5] [--megabytes 512] [--worst 10]

Every mail below FOLDER is read in a process of its own, and each file in it is opened in another
with the limits of a file, as the daemon does it. Exit code 1 when a mail crosses a bound or ends
its process. A file may: that is what its limits are for; it is counted.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import daemon.readers.preload  # noqa: F401 - children are copies: what they need is loaded once
from daemon.readers.reading import Costs
from parsers.files.opening import open_file, wants_opening
from parsers.mail import Attachment
from parsers.read import read
from parsers.report import as_json

LIMITS = Costs()
PATIENCE = 60
"""Processor seconds after which a file is given up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cost:
    """One file: processor seconds, peak resident megabytes, and how its process ended ("": well)."""

    name: str
    octets: int
    seconds: float
    megabytes: float
    trouble: str

    def crosses(self, seconds: float, megabytes: float) -> bool:
        return bool(self.trouble) or self.seconds > seconds or self.megabytes > megabytes


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.hostile", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--megabytes", type=float, default=512.0)
    parser.add_argument("--worst", type=int, default=10)
    asked = parser.parse_args(arguments)
    files = sorted(path for path in asked.folder.rglob("*.eml") if path.is_file())
    if not files:
        raise SystemExit(f"{asked.folder}: no .eml file is there")
    costs = [cost_of(path, asked.folder) for path in files]
    show("slowest", sorted(costs, key=lambda one: -one.seconds)[: asked.worst])
    show("largest", sorted(costs, key=lambda one: -one.megabytes)[: asked.worst])
    over = [one for one in costs if one.crosses(asked.seconds, asked.megabytes)]
    show("over the bounds", over)
    print(f"{len(files)} mails, {sum(one.seconds for one in costs):.1f} s;", end=" ")
    print(f"{len(over)} over {asked.seconds:g} s or {asked.megabytes:g} MB or ended badly")
    opened = [one for path in files for one in file_costs(path)]
    show("dearest files", sorted(opened, key=lambda one: -one.seconds)[: asked.worst])
    show("files that ended their process", [one for one in opened if one.trouble])
    print(f"{len(opened)} files opened, {sum(one.seconds for one in opened):.1f} s;", end=" ")
    print(f"{sum(bool(one.trouble) for one in opened)} refused by their limits")
    return int(bool(over))


def cost_of(path: Path, folder: Path) -> Cost:
    """Read one mail in a child and ask the kernel what that child has used."""
    data = path.read_bytes()

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 1))
        json.dumps(as_json(read(data)))

    return cost_of_child(work, path.relative_to(folder).as_posix(), len(data))


def file_costs(path: Path) -> list[Cost]:
    """Open each file of a mail in a child with the limits of a file."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        costs = [_cost_of_file(file, path.name) for file in _files_of(path)]
        with os.fdopen(theirs, "wb") as pipe:
            pickle.dump(costs, pipe)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return pickle.loads(said) if said else []  # a mail that dies was counted before


def _files_of(path: Path) -> list[Attachment]:
    return [file for file in read(path.read_bytes()).attachments if wants_opening(file)]


def _cost_of_file(file: Attachment, mail: str) -> Cost:
    def work() -> None:
        seconds = round(LIMITS.file_seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (LIMITS.file_memory, LIMITS.file_memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        open_file(file)

    return cost_of_child(work, f"{mail}: {file.filename}", file.size)


def cost_of_child(work: Callable[[], None], name: str, octets: int) -> Cost:
    """Do something in a child and ask the kernel what that child has used."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return Cost(
        name=name,
        octets=octets,
        seconds=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / 1024,
        trouble="" if code == 0 else signal.Signals(-code).name if code < 0 else f"exit {code}",
    )


def show(title: str, costs: Iterable[Cost]) -> None:
    print(title)
    for one in costs:
        size = f"{one.octets / 1000:.0f} kB"
        print(f"  {one.seconds:7.2f} s {one.megabytes:6.0f} MB  {one.name} ({size}) {one.trouble}")


if __name__ == "__main__":
    sys.exit(main())
