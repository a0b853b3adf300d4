"""Import a file into a desk's reference data: checked first, then written in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from daemon.config import Configuration
from daemon.office import workflow_of
from handlers.errors import BadData
from handlers.table_rules import TableRule, rule_of
from storage.book_writing import Loaded
from storage.held import release_strangers
from storage.store import Store
from storage.tables import check_table, write_table

LARGEST_BESIDE = 20 << 20  # octets of a file that a row names


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOrder:
    """What to import where: a file into a table of a desk. `replace` drops rows it does not have."""

    desk: str
    table: str
    rule: TableRule
    file: Path
    replace: bool = False


def order_of(configuration: Configuration, desk: str, table: str, file: Path) -> ImportOrder:
    """Return the order to import a file, with the table as the desk's process describes it."""
    workflow = workflow_of(configuration, desk, configuration.values.desks[desk])
    rule = rule_of(table, workflow.tables)
    return ImportOrder(desk=desk, table=table, rule=rule, file=file)


@dataclass(frozen=True, kw_only=True, slots=True)
class Brought:
    """What a file brought: rows, and held mails whose senders are known now."""

    loaded: Loaded
    released: int


def import_file(
    store: Store,
    order: ImportOrder,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _done: None,
) -> Brought:
    """Import a file whole, or nothing of it. Files that its rows name stand beside it.

    Raises BadData naming the file and its mistakes.
    """
    file, rule = order.file, order.rule
    checked = check_table(rule, str(file), octets_of(file), beside(file.parent))
    with checked, store.write() as tx:
        loaded = write_table(
            tx,
            order.desk,
            order.table,
            checked,
            now=now,
            replace=order.replace,
            progress=progress,
        )
        released = _released(tx, order.desk, rule, now)
        if dry_run:
            tx.rollback()
    return Brought(loaded=loaded, released=released)


def _released(tx: Connection, desk: str, rule: TableRule, now: datetime) -> int:
    """Decide held mails of strangers again when the table makes people known."""
    return release_strangers(tx, desk, now) if rule.contacts or rule.domains else 0


def octets_of(file: Path) -> bytes:
    """Return what a file holds. Raises BadData."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadData(f"{file}: cannot be read ({error.strerror}).") from error


def beside(folder: Path) -> Callable[[str], bytes | None]:
    """Return what gives the files of a folder by name; nothing outside it, nothing huge."""

    def take(name: str) -> bytes | None:
        file = folder / name
        try:
            plain = Path(name).name == name and file.is_file() and not file.is_symlink()
            return file.read_bytes() if plain and file.stat().st_size <= LARGEST_BESIDE else None
        except (OSError, ValueError):
            return None

    return take
