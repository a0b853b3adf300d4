"""Wake-up: tell whoever waits that there is new work. Only a hint, everybody also looks by itself.

On PostgreSQL NOTIFY reaches every node when the transaction commits; on SQLite the ring stays in
the process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from handlers.errors import StoreUnavailable
from storage.store import Store

CHANNEL = "savd"
LISTEN_SECONDS = 1.0  # how soon `close` ends the listener, and how long it waits to reconnect


class Wakeup:
    """Calls `ring_out` whenever somebody rang: on PostgreSQL in a thread of its own."""

    def __init__(self, store: Store, ring_out: Callable[[], None]) -> None:
        self._store = store
        self._ring_out = ring_out
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        if store.dialect == "postgresql":
            self._thread = threading.Thread(target=self._listen, name="wakeup", daemon=True)
            self._thread.start()

    def ring(self, tx: Connection | None = None) -> None:
        """Ring: here at once, and with `tx` on the other nodes when it commits."""
        if tx is not None and self._thread is not None:
            tx.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
        self._ring_out()

    def close(self) -> None:
        """Stop listening, within two seconds."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                connection = self._store.connect()
            except StoreUnavailable:
                self._closed.wait(LISTEN_SECONDS)
                continue
            try:
                self._hear(connection)
            except (DBAPIError, OSError):
                self._closed.wait(LISTEN_SECONDS)
            finally:
                connection.close()

    def _hear(self, connection: Connection) -> None:
        import psycopg

        connection.exec_driver_sql(f"LISTEN {CHANNEL}")
        driver = connection.connection.driver_connection
        if not isinstance(driver, psycopg.Connection):
            raise TypeError("LISTEN needs psycopg")
        while not self._closed.is_set():
            for _ in driver.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                self._ring_out()
