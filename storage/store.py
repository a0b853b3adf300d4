"""The database: SQLite on one machine, PostgreSQL on several, one code.

Promise: when the `with store.write()` block ends without an accident, everything done in it
survives kill -9 and power loss (SQLite: WAL with synchronous=FULL; PostgreSQL: synchronous_commit
not off); otherwise nothing of it exists.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Literal

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from handlers.errors import ConfigError, StoreUnavailable, TemporaryFailure
from storage.columns import dumps, folded, loads

RETRYABLE = frozenset({"40001", "40P01"})  # serialization failure, deadlock
# The driver has no name of its own for these, but they are nobody's mail: a standby or a database
# set read-only, a transaction that idled too long, missing rights, schema or tables, damage.
UNUSABLE = frozenset(
    {"25006", "25P03", "25P04", "3D000", "3F000", "42501", "42P01", "XX001", "XX002"}
)
TOO_MUCH = "54"  # class of SQLSTATEs: one value too long for an index; other mails are not
BUSY_SECONDS = 10
CACHE_KIB = 16_384
ACCIDENTS = (DBAPIError, sqlite3.Error, psycopg.Error)
KINDS = frozenset(
    {
        "IntegrityError",
        "OperationalError",
        "InterfaceError",
        "DatabaseError",
        "ProgrammingError",
        "DataError",
        "InternalError",
        "NotSupportedError",
    }
)
AFTER_COMMIT = "after_commit"
PAGE_BYTES = 8192  # half the page headers for mails of 37 kB
CHECKPOINT_PAGES = 4000  # 32 MB of log before the pages move: fewer fsyncs


class Conflict(TemporaryFailure):
    """Somebody else changed what this decision was made on: read again, decide again."""


class Store:
    """An open database. Threads may share it; a Connection belongs to one thread."""

    def __init__(self, url: URL, writer: Engine, reader: Engine) -> None:
        self.url = url
        self._writer = writer
        self._reader = reader
        # One writer at a time: SQLite's own waiting is unfair and slower (and never wakes early).
        self._turn = threading.Lock() if self.dialect == "sqlite" else None

    @classmethod
    def open(cls, url: str, *, wait: float = 0.0, durable: bool = True) -> Store:
        """Open `sqlite:////path/file` or `postgresql://user@host/name`, trying for `wait` seconds.

        `durable=False` is for databases that are thrown away (rehearsals, demo): no fsync.
        Raises ConfigError for another kind of URL, StoreUnavailable when it cannot be opened.
        """
        parsed = _parsed(url)
        store = cls(parsed, *_engines(parsed, durable=durable))
        store._make_private()
        deadline = time.monotonic() + wait
        while True:
            try:
                with store.read():
                    return store
            except StoreUnavailable:
                if time.monotonic() >= deadline:
                    store.close()
                    raise
                time.sleep(0.2)

    def _make_private(self) -> None:
        """Create a missing file for our eyes only; the log file takes over its rights."""
        if self.path is None or self.path.exists() or not self.path.parent.is_dir():
            return
        try:
            self.path.touch(mode=0o600)
        except OSError as error:
            raise StoreUnavailable(
                f"{self.path}: the database cannot be made ({error.strerror}). Let the one savd runs"
                " as write to its folder."
            ) from error

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Name the kind of database."""
        return "sqlite" if self.url.get_backend_name() == "sqlite" else "postgresql"

    @property
    def path(self) -> Path | None:
        """Return the database file, None on PostgreSQL."""
        return Path(self.url.database or "") if self.dialect == "sqlite" else None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Run one transaction that may write: all of it becomes durable, or nothing.

        Raises StoreUnavailable when the database is lost or full, Conflict when another process
        was quicker.
        """
        with self._accidents(), self._turn or nullcontext(), self._writer.begin() as tx:
            after: list[Callable[[], None]] = []
            tx.info[AFTER_COMMIT] = after
            yield tx
        for call in after:
            call()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Run one transaction that only reads, beside the writer. Raises StoreUnavailable."""
        with self._accidents(), self._reader.begin() as tx:
            yield tx

    def connect(self) -> psycopg.Connection:
        """Return an autocommitting connection outside the pool (PostgreSQL), for locks and LISTEN.

        It needs a direct line: behind a transaction pooler neither would last.
        """
        with self._accidents():
            proxied = self._writer.raw_connection()
        driver = proxied.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError(f"{self.dialect} has no session locks")
        proxied.detach()
        driver.autocommit = True
        return driver

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database file and empty it (SQLite)."""
        with self._accidents(), self._turn or nullcontext(), self._writer.connect() as connection:
            driver = connection.connection.driver_connection
            if isinstance(driver, sqlite3.Connection):
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self) -> None:
        """Close every connection of the pools."""
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _accidents(self) -> Iterator[None]:
        try:
            yield
        except ACCIDENTS as error:
            raise translated(error, self.url.render_as_string()) from error


def after_commit(tx: Connection, call: Callable[[], None]) -> None:
    """Call when the transaction of `store.write()` is durable; never when it is undone."""
    tx.info[AFTER_COMMIT].append(call)


@contextmanager
def savepoint(tx: Connection) -> Iterator[None]:
    """Undo only what the block did when it raises. The transaction stays usable after Conflict."""
    try:
        # Straight to the driver: every mail has one, and begin_nested costs a tenth of a mail.
        driver: Any = tx.connection.driver_connection
        cursor = driver.cursor()
        cursor.execute("SAVEPOINT one")
        try:
            yield
        except BaseException:
            cursor.execute("ROLLBACK TO SAVEPOINT one")
            raise
        finally:
            cursor.execute("RELEASE SAVEPOINT one")
    except ACCIDENTS as error:
        raise translated(error, tx.engine.url.render_as_string()) from error


def translated(error: Exception, where: str) -> Exception:
    """Return the accident that a database error means, or the error itself when it is our bug."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    name = type(error).__name__ if isinstance(error, DBAPIError) else _kind(error)
    state = getattr(cause, "sqlstate", "") or ""
    if name == "IntegrityError" or state in RETRYABLE:
        return Conflict(f"{where}: another process was quicker ({cause})")
    if state.startswith(TOO_MUCH):
        return error
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    # InterfaceError and DatabaseError proper: connection gone, file damaged, disk full.
    if lost or state in UNUSABLE or name in {"OperationalError", "InterfaceError"}:
        return StoreUnavailable(f"{where}: the database cannot be used: {cause}")
    if name == "DatabaseError":
        return StoreUnavailable(f"{where}: the database is damaged: {cause}")
    return error


def _kind(error: BaseException) -> str:
    """Return the DB-API name of a driver's error: psycopg has a class of its own per SQLSTATE."""
    names = (one.__name__ for one in type(error).__mro__)
    return next((name for name in names if name in KINDS), "")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError as error:
        raise ConfigError(
            f"{url!r} is no database URL: write sqlite:////path/savd.sqlite3"
        ) from error
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed
    raise ConfigError(
        f"{parsed.render_as_string()}: write sqlite:////path/savd.sqlite3 or postgresql://host/name"
    )


def _engines(url: URL, *, durable: bool) -> tuple[Engine, Engine]:
    common: dict[str, Any] = {"json_serializer": dumps, "json_deserializer": loads}
    if url.get_backend_name() == "sqlite":
        arguments = {"check_same_thread": False, "isolation_level": None, "timeout": BUSY_SECONDS}
        writer, reader = (
            create_engine(url, connect_args=arguments, pool_size=4, max_overflow=20, **common)
            for _ in range(2)
        )
        _prepare_sqlite(writer, durable=durable, begin="BEGIN IMMEDIATE")
        # A plain BEGIN reads one snapshot and never waits for the writer.
        _prepare_sqlite(reader, durable=durable, begin="BEGIN")
        return writer, reader
    tcp: dict[str, str | int] = {
        # A host that vanishes must not hold row locks for hours.
        "keepalives": 1,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "connect_timeout": 5,
        "application_name": "savd",
    }
    engine = create_engine(url, connect_args=tcp, pool_size=8, max_overflow=20, **common)
    _prepare_postgresql(engine, durable=durable)
    return engine, engine


def _prepare_sqlite(engine: Engine, *, durable: bool, begin: str) -> None:
    pragmas = (
        f"PRAGMA page_size={PAGE_BYTES}",
        "PRAGMA journal_mode=WAL",
        f"PRAGMA synchronous={'FULL' if durable else 'OFF'}",
        "PRAGMA foreign_keys=ON",
        f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
        f"PRAGMA cache_size=-{CACHE_KIB}",
        f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}",
        "PRAGMA secure_delete=ON",  # what is erased is overwritten
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(pragma)
        connection.create_function("folded", 1, folded, deterministic=True)

    # The driver's own BEGIN comes too late and loses updates; DDL would not be transactional.
    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _prepare_postgresql(engine: Engine, *, durable: bool) -> None:
    settings = (
        "SET TIME ZONE 'UTC'",
        "SET default_transaction_isolation = 'read committed'",
        "SET idle_in_transaction_session_timeout = '60s'",
        # Plans are kept, and those made while a table was new would read all of it later on.
        "SET enable_seqscan = off",
        "SET jit = off",
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off'"
        if durable
        else "SET synchronous_commit = off",
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            for setting in settings:
                cursor.execute(setting)
        connection.commit()
