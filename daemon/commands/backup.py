"""savd backup, savd restore: the whole database as one file (SQLite)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from daemon.commands import options


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="New file to write.")],
    config: options.Config = "",
) -> None:
    """Copy the database to a file while the daemon runs. Never overwrites.

    Keep the keys beside it: without them no answer finds its ticket.
    """
    source = _database(config)
    if not source.exists():
        raise _bad(f"{source}: there is no database yet. Start `savd run` first.")
    _copy(source, file)
    typer.echo(f"{file}: {file.stat().st_size} octets, checked")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `savd backup` wrote.")],
    config: options.Config = "",
) -> None:
    """Put a backup in place. The daemon must not run, and the old database must be moved away."""
    target = _database(config)
    if not file.exists():
        raise _bad(f"{file}: there is no such file.")
    for old in (target, Path(f"{target}-wal")):
        if old.exists():
            raise _bad(f"{old} exists and is not overwritten. Stop savd and move it away first.")
    _copy(file, target)
    typer.echo(f"{target}: restored from {file}, checked")


def _database(config: str) -> Path:
    from sqlalchemy import make_url

    from daemon.config.file import database_url

    url = make_url(database_url(options.configuration_of(config)))
    if url.get_backend_name() != "sqlite":
        raise _bad(
            f"{url.render_as_string()}: PostgreSQL has its own tools. Use pg_dump and pg_restore,"
            " or a standby."
        )
    return Path(url.database or "")


def _copy(source: Path, target: Path) -> None:
    """Copy page by page under a name of its own, check it, then give it its name."""
    if target.exists():
        raise _bad(f"{target} exists and is not overwritten. Choose another name.")
    half = target.with_name(f"{target.name}.part")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(half)) as new:
            old.backup(new)
            (found,) = new.execute("PRAGMA integrity_check").fetchone()
            if found != "ok" or not new.execute("PRAGMA table_info(journal)").fetchall():
                raise _bad(f"{source} is no sound savd database: {found}.")
        half.rename(target)
    except sqlite3.DatabaseError as error:
        raise _bad(f"{source} is no sound savd database: {error}.") from error
    finally:
        half.unlink(missing_ok=True)


def _bad(sentence: str) -> Exception:
    from handlers.errors import BadData

    return BadData(sentence)
