"""Nodes: which processes work on the database, and what a dead one leaves to the living.

A node lives as long as its lock: on PostgreSQL a session advisory lock on a connection of its own
(kill -9 and a cut cable end it), on SQLite a lock on `<database>.lock`. No lease, no clock.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import socket
import threading
from datetime import datetime
from pathlib import Path
from typing import IO, LiteralString

import psycopg
from sqlalchemy import Connection, insert, text, update

from handlers.errors import TemporaryFailure
from handlers.message import OutboxState
from storage import errands
from storage.errand_schema import errand
from storage.schema import journal, node, outbox
from storage.store import Store

NODES = 1852793957  # "node" in ASCII: the advisory lock class of nodes
_LIVING = (
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND classid::bigint = 1852793957 AND objsubid = 2"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Node:
    """One process at work on a database. `id` is new with every start."""

    def __init__(
        self, node_id: int, connection: psycopg.Connection | None, lock: IO[str] | None
    ) -> None:
        self.id = node_id
        self._connection = connection
        self._lock = lock
        self._turn = threading.Lock()  # several threads take mailboxes on the one connection

    @classmethod
    def open(cls, store: Store, now: datetime) -> Node:
        """Join the nodes of the database.

        Raises TemporaryFailure naming file and process when another one has the SQLite database.
        """
        lock = _locked_file(store) if store.path else None
        with store.write() as tx:
            row = {"host": socket.gethostname(), "pid": os.getpid(), "started_at": now}
            node_id = int(tx.execute(insert(node).values(row).returning(node.c.id)).scalar_one())
        if lock:
            return cls(node_id, None, lock)
        connection = store.connect()
        connection.execute("SELECT pg_advisory_lock(%s, %s)", (NODES, node_id))
        return cls(node_id, connection, None)

    def alive(self) -> bool:
        """Tell whether this node still has its lock. If not, stop: others have taken its work."""
        if self._connection is None:
            return self._lock is not None
        try:
            with self._turn:
                return self._connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.Error:
            return False

    def take(self, name: str) -> bool:
        """Take a thing only one node may have (a mailbox, the timers) until this node ends.

        False when another node has it. On SQLite there is no other. Raises TemporaryFailure
        when this node has lost its connection.
        """
        return self._ask("SELECT pg_try_advisory_lock(%s)", name)

    def give_back(self, name: str) -> None:
        """Let other nodes take the thing."""
        self._ask("SELECT pg_advisory_unlock(%s)", name)

    def _ask(self, question: LiteralString, name: str) -> bool:
        if self._connection is None:
            return True
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        try:
            with self._turn:
                return self._connection.execute(question, (key,)).fetchone() == (True,)
        except psycopg.Error as error:
            raise TemporaryFailure(f"node {self.id} lost its database connection") from error

    def close(self) -> None:
        """Leave: what this node had is free at once."""
        if self._connection is not None:
            # Closing alone frees the locks when the server gets round to it.
            with contextlib.suppress(psycopg.Error):
                self._connection.execute("SELECT pg_advisory_unlock_all()")
            self._connection.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def inherit(tx: Connection, earlier: int, mine: int) -> None:
    """Keep the work of this process when its node is a new one: only the connection was lost.

    Else what it has in hand would be queued again and leave twice.
    """
    mails = update(journal).where(journal.c.verdict.is_(None), journal.c.owner == earlier)
    tx.execute(mails.values(owner=mine))
    sending = update(outbox).where(text("state = 'sending'"), outbox.c.owner == earlier)
    tx.execute(sending.values(owner=mine))
    carried = update(errand).where(errand.c.state == "sending", errand.c.owner == earlier)
    tx.execute(carried.values(owner=mine))


def adopt_dead(tx: Connection, mine: int) -> int:
    """Make the unsettled mails of dead nodes (and of none) ours. Return how many rows changed.

    Messages a dead node was sending are queued again: the same Message-ID may leave twice,
    never another one. Errands it was carrying are queued again, in doubt.
    """
    others = "<> :mine" if tx.dialect.name == "sqlite" else f"<> :mine AND owner NOT IN ({_LIVING})"
    mails = update(journal).where(journal.c.verdict.is_(None), text(f"owner {others}"))
    rows = tx.execute(mails.values(owner=mine), {"mine": mine}).rowcount
    sending = update(outbox).where(text(f"state = 'sending' AND owner {others}"))
    freed = sending.values(state=OutboxState.QUEUED.value, owner=0)
    rows += tx.execute(freed, {"mine": mine}).rowcount
    return rows + errands.free_dead(tx, text(f"owner {others}").bindparams(mine=mine))


def _locked_file(store: Store) -> IO[str]:
    path = Path(f"{store.path}.lock")
    lock = path.open("a+", encoding="ascii")  # held as long as the node lives
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        pid = lock.read().strip() or "unknown"
        lock.close()
        raise TemporaryFailure(
            f"{path}: process {pid} already works on this database; stop it, or use PostgreSQL"
            " for several"
        ) from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock
