"""Import the tables that other programs put into a folder.

DESCRIPTION
    A file is named after its table: `invoices.csv`, `factures-2026-11-22.xlsx`. It is taken when it
    did not change between two looks, so that one that is still being written is left alone, and
    imported by `savd import` in a process of its own: what is in it can cost the daemon nothing.
    Then it moves to `done`, or to `failed` with a text beside it that says why.

PROMISE
    A file is moved only after its rows are durable or refused. Whatever happens before, it is still
    there and is imported again, which changes nothing when its rows were.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from daemon import log
from daemon.clock import Clock
from handlers.errors import TemporaryFailure
from handlers.process.table_rules import TableRule, table_named

SUFFIXES: Final = frozenset({".csv", ".tsv", ".xlsx"})
SOON: Final = 10.0  # seconds until a file is looked at again that may still be written
ATTEMPTS: Final = 3  # of a process that ends in another way than it says
REFUSED: Final = frozenset({65, 78})
LATER: Final = 75
_DATED = re.compile(r"[-_. ]*\d.*")

State = tuple[int, int]
"""Size and time of the last change: what tells that a file is the same as before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderSettings:
    """Which folder of a desk is looked into how often (seconds). A file of a table in `whole` is all of
    that table: rows that it does not have are dropped."""

    desk: str
    folder: Path
    seconds: float
    whole: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How `savd import` ended: its exit code, and what it said."""

    code: int
    told: str


Import = Callable[[str, Path, bool], Ended]
"""Imports a file into a table; with True rows that it does not have are dropped."""


class ImportFolder:
    """One watched folder. One thread may call it."""

    def __init__(
        self, settings: FolderSettings, tables: Mapping[str, TableRule], run: Import, clock: Clock
    ) -> None:
        self._settings = settings
        self._tables = tables
        self._run = run
        self._clock = clock
        self._seen: dict[Path, State] = {}
        self._attempts: dict[Path, int] = {}

    def look(self) -> tuple[int, float]:
        """Import what did not change since the last look. Return how many files were settled, and
        after how many seconds to look again."""
        now = self._files()
        still = [file for file, state in now.items() if self._seen.get(file) == state]
        settled = sum(self._import(file) for file in still)
        self._seen = {file: state for file, state in now.items() if file.exists()}
        fresh = self._seen.keys() - still
        pause = self._settings.seconds
        return settled, min(SOON, pause) if fresh else pause

    def _files(self) -> dict[Path, State]:
        """Return the tables in the folder, by name: no hidden files, no links, no other types."""
        found: dict[Path, State] = {}
        try:
            for file in sorted(self._settings.folder.iterdir()):
                hidden = file.name.startswith((".", "~"))
                if file.suffix.lower() in SUFFIXES and not hidden and not file.is_symlink():
                    state = file.stat()
                    found[file] = (state.st_size, state.st_mtime_ns)
        except OSError as error:
            self._lost(error)
        return found

    def _import(self, file: Path) -> bool:
        """Import a file and move it. Return whether it is settled."""
        stem = file.name[: -len(file.suffix)]
        table = table_named(stem, self._tables) or table_named(_DATED.sub("", stem), self._tables)
        if not table:
            known = ", ".join(sorted(self._tables))
            ended = Ended(code=65, told=f"no table is called like this file. Tables: {known}")
        else:
            ended = self._run(table, file, table in self._settings.whole)
        if ended.code == 0:
            log.imported(desk=self._settings.desk, file=file.name, told=ended.told)
            return self._move(file, "done", "")
        log.not_imported(desk=self._settings.desk, file=file.name, reason=ended.told)
        return self._is_given_up(file, ended.code) and self._move(file, "failed", ended.told)

    def _is_given_up(self, file: Path, code: int) -> bool:
        if code in REFUSED:
            return True
        if code == LATER:
            return False
        self._attempts[file] = self._attempts.get(file, 0) + 1
        return self._attempts[file] >= ATTEMPTS

    def _move(self, file: Path, where: str, why: str) -> bool:
        """Move a file to where it is kept, with a text that says why. Return whether it is there."""
        self._attempts.pop(file, None)
        folder = file.parent / where
        kept = folder / f"{_stamp(self._clock.now())}-{file.name}"
        try:
            folder.mkdir(exist_ok=True)
            if why:
                kept.with_name(f"{kept.name}.txt").write_text(f"{why}\n", encoding="utf-8")
            file.rename(kept)
        except OSError as error:
            self._lost(error)
            return False
        return True

    def _lost(self, error: OSError) -> None:
        what = f"import folder of {self._settings.desk}"
        log.lost(what=what, where=str(self._settings.folder), reason=str(error))


class FolderWatch:
    """The thread that looks into one folder until it is stopped. `take` tells whether this node is the
    one that does; `on_import` is called after files were settled."""

    def __init__(
        self,
        folder: ImportFolder,
        desk: str,
        take: Callable[[str], bool],
        on_import: Callable[[], None],
    ) -> None:
        self._folder = folder
        self._desk = desk
        self._take = take
        self._on_import = on_import
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"folder {desk}", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self, seconds: float) -> None:
        """End, and wait for the thread at most so long."""
        self._stop.set()
        self._thread.join(seconds)

    def _watch(self) -> None:
        pause = 0.0
        while not self._stop.wait(pause):
            pause = SOON
            try:
                if self._take(self._desk):
                    settled, pause = self._folder.look()
                    if settled:
                        self._on_import()
            except TemporaryFailure:
                continue  # the flow has said it


def _stamp(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%SZ")
