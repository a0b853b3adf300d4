"""Mails per second and processor time per mail: reading alone, and a real `savd run` end to end.

    python -m benchmarks.bench [--mails N] [--connections N] [--profile] [--database URL]

A mail counts from the first octet of its LMTP session until the last notice it caused is at the
relay. The load and the relay are one other process on the same cores; what it uses is shown, not
hidden. Every promise of durability is kept: the database is on a disk, with fsync.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence

from benchmarks import profile, reading
from benchmarks.measure import Result, measure

PEERS = """\
  peers, mail file to committed ticket and acknowledgement (another 2-core machine: compare the
  ratios, not the figures)                                         mails/s   CPU ms/mail
    django-helpdesk 2.6, from a directory                               40            23
    escalated-django 0.7, no acknowledgement                            51            18
    Mailman 3.3, held post and acknowledgement                          17            56
    Roundup 2.6, mbox                                                   17            55
    osTicket 1.18, HTTP                                                 11            53
    Redmine 5, IMAP                                                    6.4           109
    RT 5, HTTP                                                         4.7           180
  a sketch of this pipeline in one process, nothing decided        304-978      0.55-2.8"""


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    if asked.profile:
        return profile.run(asked)
    print(f"savd, {len(os.sched_getaffinity(0))} cores, Python {sys.version.split()[0]}", end="")
    print(f", {asked.connections} LMTP connections, {asked.database or 'SQLite'}")
    print()
    reading.show(min(asked.mails, 300), asked.seed)
    print()
    print(f"  {'':34}{'accepted/s':>11}{'done/s':>9}{'CPU ms':>9}{'load ms':>9}{'MiB':>7}")
    for kind in ("text", "mix"):
        count = asked.mails if kind == "text" else asked.mails * 2 // 3
        for label, command in (
            (f"{kind}: end to end", ("-m", "daemon", "run")),
            (f"{kind}: journal only", ("-m", "benchmarks.journal_only")),
        ):
            result = measure(kind, count, asked, command=command)
            _print(label, result, is_whole="end" in label)
    print()
    print(PEERS)
    return 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.bench", description=__doc__.split("\n")[0])
    parser.add_argument("--mails", type=int, default=3000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--kind", choices=("text", "mix"), default="text", help="for --profile")
    parser.add_argument("--profile", action="store_true", help="where the daemon's time goes")
    parser.add_argument("--database", default="", help="a PostgreSQL URL instead of SQLite")
    parser.add_argument("--folder", default="", help="where the database goes (a real disk)")
    return parser.parse_args(arguments)


def _print(label: str, result: Result, *, is_whole: bool) -> None:
    accepted, done = result.mails / result.accepted, result.mails / result.whole
    cpu, load = 1000 * result.savd / result.mails, 1000 * result.load / result.mails
    shown = f"{done:9.0f}" if is_whole else f"{'':9}"
    print(f"  {label:34}{accepted:11.0f}{shown}{cpu:9.2f}{load:9.2f}{result.peak:7.0f}")
    if is_whole:
        said = ", ".join(f"{count} {verdict}" for verdict, count in result.verdicts.items())
        size = result.octets / result.mails / 1000
        print(
            f"      {result.mails} mails of {size:.0f} kB: {said}; {result.messages} messages out,"
            f" {result.parked} over a budget"
        )


if __name__ == "__main__":
    sys.exit(main())
