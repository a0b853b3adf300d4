"""All watched folders of a service, started and stopped together."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from daemon.clock import SystemClock
from daemon.config.model import Configuration
from daemon.imports.folder import Ended, FolderSettings, FolderWatch, ImportFolder
from daemon.office import workflow_of
from handlers.errors import ConfigError
from handlers.process.table_rules import TableRule, known_tables

STOP_SECONDS = 2.0
LONGEST_IMPORT = 3600.0
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class ImportProcess:
    """Runs `savd import` as another process. `stop` ends the one that runs: what it wrote is undone."""

    def __init__(self, file: Path, desk: str) -> None:
        self._file = file
        self._desk = desk
        self._lock = threading.Lock()
        self._running: subprocess.Popen[str] | None = None
        self._stopped = threading.Event()

    def __call__(self, table: str, file: Path, whole: bool) -> Ended:
        """Import a file. Return how it ended."""
        command = [sys.executable, "-m", "daemon", "import", table, str(file)]
        command += ["--desk", self._desk, "--config", str(self._file)]
        command += ["--replace"] if whole else []
        with self._lock:
            if self._stopped.is_set():
                return Ended(code=75, told="stopping")
            process = self._running = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                encoding="utf-8", errors="replace",
            )  # fmt: skip
        try:
            out, errors = process.communicate(timeout=LONGEST_IMPORT)
        except subprocess.TimeoutExpired:
            process.kill()
            out, errors = process.communicate()
        code = 75 if self._stopped.is_set() else process.returncode
        return Ended(code=code, told=(out if code == 0 else errors or out).strip())

    def stop(self) -> None:
        """End the import that runs, and begin no other."""
        with self._lock:
            self._stopped.set()
            if self._running is not None:
                self._running.terminate()


class ImportFolders:
    """The watched folders of every desk."""

    def __init__(self, watches: Mapping[FolderWatch, ImportProcess]) -> None:
        self._watches = watches

    def start(self) -> None:
        """Let each begin."""
        for watch in self._watches:
            watch.start()

    def close(self) -> None:
        """End each within seconds."""
        for process in self._watches.values():
            process.stop()
        for watch in self._watches:
            watch.close(STOP_SECONDS)


def folders_of(
    configuration: Configuration, take: Callable[[str], bool], on_import: Callable[[], None]
) -> ImportFolders:
    """Return the folders that the configuration names. `take` tells whether this node is the one that
    looks into a desk's folder, `on_import` is called after files were settled. Raises ConfigError."""
    watches: dict[FolderWatch, ImportProcess] = {}
    for settings in folder_settings(configuration):
        process = ImportProcess(configuration.file, settings.desk)
        tables = _tables_of(configuration, settings.desk)
        folder = ImportFolder(settings, tables, process, SystemClock())
        watches[FolderWatch(folder, settings.desk, take, on_import)] = process
    return ImportFolders(watches)


def folder_settings(configuration: Configuration) -> tuple[FolderSettings, ...]:
    """Return the folder of each desk that has one. Raises ConfigError for what cannot be."""
    found: dict[Path, FolderSettings] = {}
    for name, section in configuration.values.desks.items():
        given = section.import_
        if not given.folder:
            continue
        folder = configuration.folder / given.folder
        wrong = _wrong(folder, found, given.whole, _tables_of(configuration, name))
        if wrong:
            raise ConfigError(f"{configuration.place('desks', name, 'import', 'folder')}: {wrong}")
        seconds = float(given.every[:-1]) * UNITS[given.every[-1]]
        found[folder.resolve()] = FolderSettings(
            desk=name, folder=folder, seconds=seconds, whole=given.whole
        )
    return tuple(found.values())


def _wrong(
    folder: Path,
    others: Mapping[Path, FolderSettings],
    whole: tuple[str, ...],
    tables: Mapping[str, TableRule],
) -> str:
    """Return why a folder cannot be watched, "" when it can."""
    if not folder.is_dir():
        return (
            f"{folder} is no folder. Create it, for the one savd runs as to write to, or correct the"
            " name."
        )
    if folder.resolve() in others:
        desk = others[folder.resolve()].desk
        return f"{folder} is the folder of the desk {desk}. Give each desk its own."
    unknown = [name for name in whole if name not in tables]
    if unknown:
        known = ", ".join(sorted(tables))
        return f"whole: there is no table {', '.join(unknown)}. Known: {known}."
    return ""


def _tables_of(configuration: Configuration, desk: str) -> Mapping[str, TableRule]:
    section = configuration.values.desks[desk]
    return {**known_tables(), **workflow_of(configuration, desk, section).tables}
