"""Wake-up: tell whoever waits that there is new work. Only a hint, everybody also looks by itself.

On PostgreSQL NOTIFY reaches every node when the transaction commits; on SQLite the ring stays in
the process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg
from sqlalchemy import Connection, text

from handlers.errors import StoreUnavailable
from storage.store import Store, after_commit

LISTEN_SECONDS = 1.0  # how soon `close` ends the listener, and how long it waits to reconnect


class Wakeup:
    """Calls `ring_out` whenever somebody rang: on PostgreSQL in a thread of its own.

    `listening` is set while rings of other nodes are heard (never on SQLite).
    """

    def __init__(self, store: Store, ring_out: Callable[[], None]) -> None:
        self._store = store
        self._ring_out = ring_out
        self._closed = threading.Event()
        self.listening = threading.Event()
        self._thread: threading.Thread | None = None
        if store.dialect == "postgresql":
            self._thread = threading.Thread(target=self._listen, name="wakeup", daemon=True)
            self._thread.start()

    def ring(self, tx: Connection | None = None) -> None:
        """Ring now; with `tx` when it commits, and then on the other nodes too."""
        if tx is None:
            self._ring_out()
            return
        after_commit(tx, self._ring_out)
        if self._thread is not None:
            tx.execute(text("SELECT pg_notify('savd', '')"))

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
            except psycopg.Error:
                self._closed.wait(LISTEN_SECONDS)
            finally:
                self.listening.clear()
                connection.close()

    def _hear(self, connection: psycopg.Connection) -> None:
        connection.execute("LISTEN savd")
        self._ring_out()  # for what rang before
        self.listening.set()
        while not self._closed.is_set():
            for _ in connection.notifies(timeout=LISTEN_SECONDS, stop_after=1):
                self._ring_out()
