"""One run of savd under load, in a folder of its own, and what it used."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from benchmarks.traffic import contacts
from storage.store import Store
from tests.running import ROOT, Savd, configure, introduce, open_store, wait_for

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One run. Seconds from the first mail to the last 250 and to the last notice; CPU seconds."""

    mails: int
    octets: int
    accepted: float
    whole: float
    savd: float
    readers: float
    load: float
    messages: int
    parked: int
    verdicts: dict[str, int]
    peak: float


def measure(
    kind: str, count: int, asked: argparse.Namespace, *, command: tuple[str, ...]
) -> Result:
    """Run savd (or only its intake) under load in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="savd-bench-", dir=asked.folder or None))
    people = max(50, count // 8)
    load = Load(kind, count, asked.seed, asked.connections, people)
    try:
        file = configure(folder, load.relay, database=asked.database or "sqlite:///savd.sqlite3")
        store = open_store(file)
        introduce(store, [address for _, address in contacts(people)])
        savd = Savd(file, command=command)
        try:
            savd.wait_until_ready()
            if "daemon" in command:  # what starting costs is no cost of a mail
                wait_for(lambda: savd.text().count(" sheltered ") == 2, "the readers")
            return _run(savd, load, store, count)
        finally:
            savd.terminate() if "daemon" in command else savd.kill()
            store.close()
    finally:
        load.process.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _run(savd: Savd, load: Load, store: Store, count: int) -> Result:
    readers_before = cpu_of(savd.process.pid, deep=False)
    before, load_before = cpu_of(savd.process.pid), cpu_of(load.process.pid)
    is_whole = "daemon" in savd.process.args
    load.tell(lmtp=savd.port(), replies=int(is_whole))
    sent = load.hear()
    if is_whole:
        wait_for(lambda: _is_done(store), "the last mail", patience=600)
    savd_used, load_used = cpu_of(savd.process.pid), cpu_of(load.process.pid)
    load.tell()
    taken = load.hear()
    accepted = sent["acked"] - sent["first"]
    return Result(
        mails=count,
        octets=sent["octets"],
        accepted=accepted,
        whole=max(taken["last"], sent["acked"]) - sent["first"],
        savd=savd_used - before,
        readers=cpu_of(savd.process.pid, deep=False) - readers_before,
        load=load_used - load_before,
        messages=taken["distinct"],
        parked=_counts(store, "outbox", "state").get("parked", 0),
        verdicts=_counts(store, "journal", "verdict"),
        peak=_peak(savd.process.pid),
    )


class Load:
    """The process that sends and takes."""

    def __init__(self, kind: str, count: int, seed: int, connections: int, people: int) -> None:
        words = [kind, *map(str, (count, seed, connections, people))]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load", *words],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.relay = int(self.hear()["relay"])

    def tell(self, **said: int) -> None:
        self.process.stdin.write(json.dumps(said) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, float]:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the load generator ended; see above")
        return json.loads(line)


def _is_done(store: Store) -> bool:
    time.sleep(0.1)  # asking is work too
    with store.read() as tx:
        pending = tx.execute(text("SELECT 1 FROM journal WHERE verdict IS NULL LIMIT 1")).first()
        waits = "SELECT 1 FROM outbox WHERE state IN ('queued', 'sending') LIMIT 1"
        return not pending and not tx.execute(text(waits)).first()


def _counts(store: Store, table: str, column: str) -> dict[str, int]:
    query = f"SELECT coalesce({column}, 'pending'), count(*) FROM {table} GROUP BY 1"
    with store.read() as tx:
        return {row[0]: row[1] for row in tx.execute(text(query))}


def family(pid: int) -> list[int]:
    """Return a process and all it started, and they started."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def cpu_of(pid: int, *, deep: bool = True) -> float:
    """Return the CPU seconds of a process tree, ended children included; with `deep=False` of the
    children alone."""
    total = 0
    for one in family(pid)[0 if deep else 1 :]:
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15]))
    return total / TICKS


def _peak(pid: int) -> float:
    """Return the resident memory of a process tree in MiB, shared pages once per process."""
    total = 0
    for one in family(pid):
        try:
            status = Path(f"/proc/{one}/status").read_text()
        except OSError:
            continue
        total += int(status.partition("VmRSS:")[2].split()[0]) if "VmRSS:" in status else 0
    return total / 1024
