"""kill -9 at 200 random moments while 1,000 mails arrive by LMTP and IMAP; count the damage.

    python -m benchmarks.crash [--kills N] [--mails N] [--seed N]

Exit code 0 when nothing was lost, nothing doubled, and no notice left twice under two names.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storage.store import Store
from tests.crashing import Count, Postman, crash, people
from tests.running import Savd, configure, introduce, open_sink, open_store
from tests.servers import Dovecot, _find, _start_dovecot, _stop_dovecot


@dataclass(frozen=True, slots=True)
class Asked:
    """How long and how hard."""

    kills: int
    mails: int
    seed: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.crash", description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=time.time_ns())
    given = parser.parse_args()
    asked = Asked(given.kills, given.mails, given.seed)
    print(f"seed {asked.seed}: {asked.kills} kills, {asked.mails} mails by LMTP and IMAP")
    folder = Path(tempfile.mkdtemp(prefix="savd-crash-"))
    with run_dovecot() as dovecot:
        count = _crash(asked, folder, dovecot)
    print(count)
    for line in count.wrong[:50]:
        print(f"  {line}")
    if count.wrong:
        print(f"everything is in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


@contextmanager
def run_dovecot() -> Iterator[Dovecot]:
    """Run a Dovecot until the block ends."""
    program = _find("dovecot", "/usr/sbin/dovecot")
    if program is None:
        raise SystemExit("Dovecot is not installed (Debian: apt-get install dovecot-imapd)")
    server = _start_dovecot(program)
    try:
        yield Dovecot(**server)
    finally:
        _stop_dovecot(server)


def _crash(asked: Asked, folder: Path, dovecot: Dovecot) -> Count:
    user = f"crash{asked.seed}"
    box = {"host": dovecot.host, "port": dovecot.port, "user": user}
    postman = Postman(dovecot.host, dovecot.port, user, dovecot.password)
    with open_sink() as sink:
        file = configure(folder, sink.port, mailbox={**box, "password": dovecot.password})
        store: Store = open_store(file)
        introduce(store, people())
        try:
            return crash(
                lambda: Savd(file),
                store,
                sink,
                mails=asked.mails,
                kills=asked.kills,
                chance=random.Random(asked.seed),
                postman=postman,
                tell=lambda words: print(f"  {words}", flush=True),
            )
        finally:
            postman.close()
            store.close()


if __name__ == "__main__":
    sys.exit(main())
