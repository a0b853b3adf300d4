"""Bring a database to the schema of this program, in one transaction.

A new database is created whole; an older one goes step by step through `versions/`; a newer one
is refused. alembic is imported only when there is a step to take: it is slow to load.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from handlers.errors import SchemaMismatch
from storage import (  # noqa: F401 - they add their tables
    book_schema,
    budget_schema,
    digest_schema,
    errand_schema,
    gathering_schema,
    leaver_schema,
    ticket_fields,
    undelivered_schema,
)
from storage.schema import metadata
from storage.store import Store

HEAD = "0015"
HERE = Path(__file__).parent
LOCK = 0x73617664  # "savd": two programs that start together migrate one after the other


def migrate(store: Store, *, folder: Path = HERE, head: str = HEAD) -> None:
    """Create the tables, or upgrade them to `head` by the steps in `folder`/versions.

    Raises SchemaMismatch when the database is newer. After any accident it is as before.
    """
    if schema_version(store) == head:
        return
    with store.write() as tx:
        if store.dialect == "postgresql":
            tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        version = _version(tx)
        if version is None:
            _create(tx, head)
        elif version != head:
            _upgrade(tx, version, folder)


def schema_version(store: Store) -> str | None:
    """Return the version of the tables, None for an empty database."""
    with store.read() as tx:
        return _version(tx)


def _version(tx: Connection) -> str | None:
    if not inspect(tx).has_table("alembic_version"):
        return None
    return tx.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _create(tx: Connection, head: str) -> None:
    metadata.create_all(tx)
    tx.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    tx.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


def _upgrade(tx: Connection, version: str, folder: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": tx})
    config.set_main_option("script_location", str(folder))
    known = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    if version not in known:
        raise SchemaMismatch(
            f"the database has schema {version}, this savd knows up to {known[0]}:"
            " install the savd that wrote it, or a newer one"
        )
    command.upgrade(config, "head")
