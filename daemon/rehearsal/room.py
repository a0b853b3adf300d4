"""The room rehearsals are played in: a database of their own, as empty before each as before the first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from handlers.errors import ConfigError
from storage.migrations import migrate, schema_version
from storage.schema import metadata
from storage.store import Store


@contextmanager
def open_room(url: str = "") -> Iterator[Store]:
    """Open a database for rehearsals, at `url` only when nothing is in it yet.

    Raises ConfigError for one in use. Opening costs more than a short rehearsal: play many in one.
    """
    with tempfile.TemporaryDirectory(prefix="savd-rehearsal-") as folder:
        store = Store.open(url or f"sqlite:///{folder}/savd.sqlite3", durable=False)
        try:
            if schema_version(store) is not None:
                raise ConfigError(f"{url} is in use. Rehearse on an empty database.")
            migrate(store)
            try:
                yield store
            finally:
                if url:
                    _remove(store)
        finally:
            store.close()


@contextmanager
def cleared(store: Store) -> Iterator[Store]:
    """Lend a room for one rehearsal; afterwards nothing is left of it, and numbers begin anew."""
    try:
        yield store
    finally:
        _clear(store)


def _clear(store: Store) -> None:
    with store.write() as tx:
        if store.dialect == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
            tx.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
            return
        for table in reversed(metadata.sorted_tables):
            tx.execute(table.delete())
        tx.execute(text("DELETE FROM sqlite_sequence"))


def _remove(store: Store) -> None:
    with store.write() as tx:
        metadata.drop_all(tx)
        tx.execute(text("DROP TABLE alembic_version"))
