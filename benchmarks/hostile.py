"""What each mail of a folder costs to read: processor seconds, peak memory, and whether it dies.

    python -m benchmarks.hostile FOLDER [--seconds 5] [--megabytes 512] [--worst 10]

Every file below FOLDER is read in a process of its own, as `savd parse --json` reads it. Exit
code 1 when one crosses a bound or ends its process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from parsers.read import read
from parsers.report import as_json

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
    return int(bool(over))


def cost_of(path: Path, folder: Path) -> Cost:
    """Read one file in a child and ask the kernel what that child has used."""
    data = path.read_bytes()
    child = os.fork()
    if child == 0:
        _read_and_end(data)
    _, status, used = os.wait4(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return Cost(
        name=path.relative_to(folder).as_posix(),
        octets=len(data),
        seconds=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / 1024,
        trouble="" if code == 0 else signal.Signals(-code).name if code < 0 else f"exit {code}",
    )


def _read_and_end(data: bytes) -> None:
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 1))
        json.dumps(as_json(read(data)))
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def show(title: str, costs: Iterable[Cost]) -> None:
    print(title)
    for one in costs:
        size = f"{one.octets / 1000:.0f} kB"
        print(f"  {one.seconds:7.2f} s {one.megabytes:6.0f} MB  {one.name} ({size}) {one.trouble}")


if __name__ == "__main__":
    sys.exit(main())
