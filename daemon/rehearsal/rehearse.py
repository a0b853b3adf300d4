"""Rehearse a workflow: play mails and clock moves through the real pipeline, check what comes.

    savd rehearse tests/rehearsals/rma        every rehearsal of a folder

docs/rehearsals.md describes the format.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.rehearsal.expect import differences
from daemon.rehearsal.play import Play
from daemon.rehearsal.room import cleared, open_room
from daemon.rehearsal.scene import scenes_of
from daemon.rehearsal.script import Source, read_script
from daemon.rehearsal.stage import Stage
from handlers.errors import ConfigError
from storage.store import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One thing that came out otherwise than the script says. `step` counts from 1."""

    file: Path
    line: int
    step: int
    what: str
    expected: object
    got: object

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: step {self.step}: {self.what}\n"
            f"  expected: {_shown(self.expected)}\n"
            f"  got:      {_shown(self.got)}"
        )


def main(files: Sequence[Path], *, url: str = "") -> int:
    """Rehearse files, and every file of folders; print what differs. Return 0, 1 when anything
    differed, 78 when a script is not understood. `url` names an empty database to play on."""
    try:
        with open_room(url) as room:
            return _play_all([one for file in files for one in _scripts_in(file)], room)
    except ConfigError as error:
        sys.stdout.write(f"{error}\n")
        return error.exit_code


def _play_all(scripts: Sequence[Path], room: Store) -> int:
    failed, unplayed, worst = 0, 0, 0
    for file in scripts:
        started = time.perf_counter()
        try:
            source = read_script(file)
            found = rehearse(source, room)
        except ConfigError as error:
            sys.stdout.write(f"{error}\n")
            worst = error.exit_code
            unplayed += 1
            continue
        word = "FAILED" if found else "ok"
        seconds = time.perf_counter() - started
        sys.stdout.write(f"{word:7} {source.script.title} ({seconds:.2f} s)\n")
        sys.stdout.writelines(f"{difference}\n" for difference in found)
        failed += bool(found)
    not_played = f", {unplayed} not understood" if unplayed else ""
    word = "rehearsal" if len(scripts) == 1 else "rehearsals"
    sys.stdout.write(f"{len(scripts)} {word}, {failed} failed{not_played}\n")
    return worst or int(failed > 0 or not scripts)


def rehearse(source: Source, room: Store) -> tuple[Difference, ...]:
    """Play one rehearsal and return what came out otherwise; a script ends at its first bad step.

    The room (`open_room`) is empty again afterwards. Raises ConfigError for a script that names what
    does not exist.
    """
    with cleared(room) as store:
        play = Play(source, _stage(source, store))
        for number, step in enumerate(source.script.steps):
            try:
                happened = play.act(step)
            except (ConfigError, OSError) as error:
                line = source.line("steps", number)
                raise ConfigError(f"{source.file}:{line}: {error}") from error
            found = tuple(
                Difference(
                    file=source.file,
                    line=source.line("steps", number, "expect", *place),
                    step=number + 1,
                    what=" ".join(place),
                    expected=expected,
                    got=got,
                )
                for place, expected, got in differences(step.expect, happened)
            )
            if found:
                return found
    return ()


def _scripts_in(file: Path) -> list[Path]:
    """Return the rehearsals of a folder; files whose name begins with "_" are none."""
    if not file.is_dir():
        return [file]
    return sorted(one for one in file.glob("**/*.yaml") if not one.name.startswith("_"))


def _stage(source: Source, store: Store) -> Stage:
    scenes = scenes_of(source)
    return Stage(store, scenes, source.script.clock or scenes[0].cast.clock)


def _shown(value: object) -> str:
    if isinstance(value, list | tuple):
        return ("\n" + " " * 12).join(map(str, value)) or "nothing"
    return str(value)
