"""Errands by way of a folder: for a connector of the site's own, in any language.

FOLDER/out/KEY.json          what is asked; it appears whole, after its file
FOLDER/out/KEY.file.pdf      the file that goes with it
FOLDER/in/*.json             what is answered; write it elsewhere and rename it into place
FOLDER/done, FOLDER/bad      answers that were taken, and those that nobody understands
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from daemon.organisations.envoy import Enclosure, HandedOver, InDoubt, NotArrived, Outcome
from handlers.errands.asking import written
from handlers.errands.errand import Answer, Errand
from handlers.errands.errand_answer import read_answer

_log = logging.getLogger(__name__)

LARGEST: Final = 1 << 20
PATIENCE: Final = 60.0
"""How long a file may look half written before it is put aside, in seconds."""

_ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


class FolderTransport:
    """A spool directory. Writing the same errand again gives the same files: nothing is ever in doubt."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: dict[str, Path] = {}

    def carry(self, errand: Errand, enclosure: Enclosure | None) -> Outcome:
        """Write the errand, its file first."""
        try:
            out = self._below("out")
            self._below("in")  # a connector finds where its answers go
            if enclosure is not None:
                _put(out / f"{errand.key}.file{_ending(enclosure.name)}", enclosure.data)
            _put(out / f"{errand.key}.json", written(errand).encode())
        except OSError as error:
            return NotArrived(why=f"{self._folder}: {error.strerror or error}")
        return HandedOver()

    def find(self, errand: Errand) -> Outcome | None:
        """Return whether the errand lies there, or was taken away already."""
        try:
            there = (self._below("out") / f"{errand.key}.json").exists()
        except OSError as error:
            return InDoubt(why=f"{self._folder}: {error.strerror or error}")
        return HandedOver() if there else NotArrived(why="not there")

    def answers(self, waiting: Mapping[str, Errand]) -> Mapping[str, Answer]:
        """Return the answers that lie there, of the errands that wait."""
        found: dict[str, Answer] = {}
        try:
            files = sorted(self._below("in").glob("*.json")) if waiting else []
        except OSError as error:
            _log.warning("%s cannot be read: %s", self._folder, error)
            return found
        for file in files:
            told = self._read(file)
            key = (told[0] or file.stem) if told else ""
            if told and key in waiting and key not in found:
                found[key] = told[1]
                self._taken[key] = file
        return found

    def accept(self, key: str) -> None:
        """Move the answer away."""
        file = self._taken.pop(key, None)
        if file is not None:
            self._move(file, "done")

    def _read(self, file: Path) -> tuple[str, Answer] | None:
        """Return what an answer says; one that nobody understands is put aside after a minute."""
        try:
            fresh = time.time() - file.stat().st_mtime < PATIENCE
            text = file.read_bytes()[: LARGEST + 1].decode("utf-8", "replace")
        except OSError:
            return None
        told = read_answer(text) if len(text) <= LARGEST else None
        if told is None and not fresh:
            _log.warning("%s is no answer; it is put aside", file)
            self._move(file, "bad")
        return told

    def _move(self, file: Path, where: str) -> None:
        try:
            file.replace(self._below(where) / file.name)
        except OSError as error:
            _log.warning("%s cannot be moved to %s: %s", file, where, error)

    def _below(self, name: str) -> Path:
        folder = self._folder / name
        folder.mkdir(mode=0o770, parents=True, exist_ok=True)
        return folder


def _ending(name: str) -> str:
    match = _ENDING.search(name)
    return match[0].lower() if match else ""


def _put(file: Path, data: bytes) -> None:
    """Write a file so that it appears whole and durably, or not at all."""
    fresh = file.with_name(f".{file.name}.part")
    with fresh.open("wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
