"""What a large table costs: seconds to import a million invoice lines, milliseconds to look one up.

    python -m benchmarks.import [--lines N] [--database URL] [--postgresql] [--xlsx]

The file is what a reseller's export looks like: thirteen columns, six keys, forty lines an invoice at
most. It is imported new, the same again (nothing changes), and with every hundredth line changed;
then rows are looked up by each key, each time with another value and in a transaction of its
own. SQLite is on this disk with every fsync; --database names another one, --postgresql
starts the test server.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from handlers.process.table_rules import known_tables
from storage.book import StoredBook
from storage.migrations import migrate
from storage.store import Store
from storage.tables import check_table, write_table

DESK, TABLE = "claims", "invoice_lines"
LOOKUPS = 300
ACCOUNTS = 2000
FIRST = date(2025, 12, 1)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.import", description=__doc__.split("\n")[0])
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--database", default="", help="an empty database")
    parser.add_argument("--postgresql", action="store_true", help="the server of the tests")
    parser.add_argument("--xlsx", action="store_true", help="read the same lines of a workbook too")
    asked = parser.parse_args(arguments)
    print(f"{asked.lines:,} invoice lines, Python {sys.version.split()[0]}")
    data = as_csv(lines(asked.lines))
    changed = as_csv(lines(asked.lines, changed=100))
    print(f"  {'the file':34}{len(data) / 1e6:9.1f} MB")
    with tempfile.TemporaryDirectory() as folder:
        run(asked.database or f"sqlite:///{folder}/savd.sqlite3", data, changed)
    if asked.postgresql:
        with server() as url:
            run(url, data, changed)
    if asked.xlsx:
        read_workbook(asked.lines)
    return 0


def lines(count: int, changed: int = 0) -> Iterator[list[str]]:
    yield list(known_tables()[TABLE].columns)
    rng = random.Random(7)  # the same lines each time
    invoice, position = 34_871_205, 0
    for n in range(count):
        if position >= rng.randrange(1, 41):
            invoice, position = invoice + rng.randrange(1, 3), 0
        position += 1
        day = FIRST + timedelta(days=n * 360 // count)
        account = str(80_000 + invoice * 7919 % ACCOUNTS)
        article = rng.randrange(20_000)
        new = changed and n % changed == 0
        yield [
            f"{invoice:010d}", str(position * 100), day.isoformat(), account,
            f"70{invoice % 10**8:08d}", f"60{invoice * 3 % 10**8:08d}", f"{article:020d}",
            f"PN{article * 31:07d}FR", f"Maker {article % 90}", f"Article number {article}, grey",
            "2" if new else "1", f"{article % 900}.{article % 100:02d}", f"{article % 900}.00",
        ]  # fmt: skip


def as_csv(rows: Iterator[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode()


def run(url: str, data: bytes, changed: bytes) -> None:
    store = Store.open(url)
    migrate(store)
    print(f"{store.dialect}")
    for label, octets in (
        ("import, new", data),
        ("the same again", data),
        ("1 % changed", changed),
    ):
        bring(store, label, octets)
    path = store.path
    if path is not None:
        print(f"  {'database':34}{path.stat().st_size / 1e6:9.1f} MB")
    look_up(store)
    store.close()


def bring(store: Store, label: str, data: bytes) -> None:
    started, began = time.perf_counter(), time.process_time()
    with check_table(known_tables()[TABLE], "lines.csv", data) as checked:
        read, checking = time.perf_counter(), time.process_time()
        with store.write() as tx:
            done = write_table(tx, DESK, TABLE, checked, now=datetime.now(UTC))
    ended, writing = time.perf_counter(), time.process_time()
    told = f"{done.added:,} new, {done.changed:,} changed"
    print(f"  {label:34}{read - started:9.1f} s read {ended - read:9.1f} s written   {told}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ours = f"{checking - began:9.1f} s CPU  {writing - checking:9.1f} s CPU"
    print(f"  {'of that in this process':34}{ours}       {peak:,.0f} MiB at most")


def look_up(store: Store) -> None:
    with store.read() as tx:
        book = StoredBook(tx, DESK)
        some = [dict(one) for one in book.rows(TABLE, {}, limit=20_000)]
    rng = random.Random(8)
    asked = [rng.choice(some) for _ in range(LOOKUPS)]
    for key in known_tables()[TABLE].keys:
        timed(
            store,
            " + ".join(key),
            lambda b, row, key=key: b.rows(TABLE, {c: row[c] for c in key}),
            asked,
        )
    timed(store, "invoice", lambda b, row: b.rows(TABLE, {"invoice": row["invoice"]}), asked)
    span = ("date", "2026-03-01", "2026-03-15")
    timed(
        store,
        "account, two weeks",
        lambda b, r: b.rows(TABLE, {"account": r["account"]}, between=span),
        asked,
    )
    timed(
        store, "nothing found", lambda b, row: b.rows(TABLE, {"order": f"9{row['order']}"}), asked
    )


def timed(
    store: Store,
    label: str,
    look: Callable[[StoredBook, dict[str, str]], object],
    asked: list[dict[str, str]],
) -> None:
    spent, found = [], 0
    for row in asked:
        with store.read() as tx:
            started = time.perf_counter()
            rows = look(StoredBook(tx, DESK), row)
            spent.append((time.perf_counter() - started) * 1000)
            found += len(rows)
    spent.sort()
    worst = spent[int(len(spent) * 0.99) - 1]
    print(
        f"  by {label:31}{statistics.median(spent):9.2f} ms {worst:9.2f} ms p99   {found / len(asked):.1f} rows"
    )


def read_workbook(count: int) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in lines(count):
        sheet.append(row)
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book.save(file.name)
        data = Path(file.name).read_bytes()
    started = time.perf_counter()
    with check_table(known_tables()[TABLE], "lines.xlsx", data) as checked:
        spent = time.perf_counter() - started
        print(
            f"XLSX\n  {'read':34}{spent:9.1f} s      {checked.count:,} lines, {len(data) / 1e6:.1f} MB"
        )


@contextmanager
def server() -> Iterator[str]:
    from tests.servers import Postgres, _start_postgres, _stop_postgres

    programs = max(Path("/usr/lib/postgresql").glob("*/bin/initdb")).parent
    started = _start_postgres(programs)
    try:
        yield Postgres(**started).url("postgres")
    finally:
        _stop_postgres(programs, started)


if __name__ == "__main__":
    sys.exit(main())
