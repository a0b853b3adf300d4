"""Import a file into a desk's reference data: checked first, then written in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from daemon.config.model import Configuration
from daemon.office import workflow_of
from handlers.decision import Notice, TableOrder, Value
from handlers.errors import BadData
from handlers.process.table_rules import TableRule, rule_of
from handlers.sentence import Sentence
from storage.book_writing import Loaded
from storage.held import release_strangers
from storage.store import Store, savepoint
from storage.tables import BadTable, check_table, write_table

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

    def told(self, table: str) -> Iterator[Sentence]:
        """Yield what is to be said of it."""
        done = self.loaded
        counts = {"rows": done.rows, "added": done.added, "changed": done.changed}
        values = {"name": table, **{name: str(count) for name, count in counts.items()}}
        yield Sentence(code="import_done", values=values)
        if done.dropped:
            yield Sentence(code="import_dropped", values={"count": str(done.dropped)})
        if self.released:
            yield Sentence(code="import_released", values={"count": str(self.released)})


def import_file(
    store: Store,
    order: ImportOrder,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int, str], None] = lambda _done, _what: None,
) -> Brought:
    """Import a file whole, or nothing of it. Files that its rows name stand beside it.

    Raises BadData naming the file and its mistakes.
    """
    file, rule = order.file, order.rule
    checked = check_table(
        rule,
        str(file),
        octets_of(file),
        beside(file.parent),
        progress=lambda done: progress(done, "read"),
    )
    with checked, store.write() as tx:
        loaded = write_table(
            tx,
            order.desk,
            order.table,
            checked,
            now=now,
            replace=order.replace,
            progress=lambda done: progress(done, "written"),
        )
        released = _released(tx, order.desk, rule, now)
        if dry_run:
            tx.rollback()
    return Brought(loaded=loaded, released=released)


def _released(tx: Connection, desk: str, rule: TableRule, now: datetime) -> int:
    """Decide held mails of strangers again when the table makes people known."""
    return release_strangers(tx, desk, now) if rule.contacts or rule.domains else 0


def carry_out(tx: Connection, desk: str, order: TableOrder, now: datetime) -> Notice:
    """Import a table that came by mail. Return what its sender is told; a table with mistakes changes
    nothing."""
    language = order.done.to.language
    try:
        with savepoint(tx):
            checked = check_table(order.rule, order.filename, order.data, order.files.get)
            with checked:
                loaded = write_table(tx, desk, order.table, checked, now=now, replace=order.replace)
    except BadTable as bad:
        nothing = Sentence(code="import_nothing", values={"name": order.filename})
        errors: list[Value] = [nothing.said(language), *bad.check.told(language)]
        return _told(order.refused, "errors", errors)
    except BadData as bad:
        return _told(order.refused, "errors", [str(bad)])
    brought = Brought(loaded=loaded, released=_released(tx, desk, order.rule, now))
    return _told(order.done, "done", [one.said(language) for one in brought.told(order.table)])


def _told(notice: Notice, name: str, said: list[Value]) -> Notice:
    return replace(notice, values={**notice.values, name: said})


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
