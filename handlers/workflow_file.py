"""Load a process: its own file, and behind it the parts that it includes, with their labels in further
languages (`handlers/workflows/labels/NAME.nl.yaml`).

A part (`handlers/workflows/parts/NAME.yaml`) holds what several processes share: the conversation
every ticket has, for one. What the process declares itself wins, name by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import TypeVar

from pydantic import ValidationError

from handlers import known_steps  # noqa: F401  the names in a workflow are those of steps
from handlers.errors import ConfigError
from handlers.process.translated import translated
from handlers.process.workflow import Sections, Workflow
from handlers.process.yaml_lines import Path, mismatches, read_yaml
from handlers.word_lists import load_yaml

_Read = TypeVar("_Read", bound=Sections)
_FOLDER = resources.files("handlers") / "workflows"
_NAME = re.compile(r"[a-z_]+")


def load(text: str, file: str, words: Mapping[str, Mapping[str, str]] | None = None) -> Workflow:
    """Return the workflow written in `text`, with its parts; `words` are its labels in further
    languages, as `translated` takes them. Raises ConfigError naming file, line and what is expected,
    all problems at once."""
    own, lines = _read(text, file, Workflow, words or {})
    unknown = [name for name in own.includes if name not in part_names()]
    if unknown:
        raise ConfigError(
            f"{lines[('includes',)]}: there is no part {', '.join(unknown)}."
            f" Known: {', '.join(part_names())}."
        )
    for name in own.includes:
        own, lines = _joined(own, lines, *_part(name))
    own = own.model_copy(update={"reentry": own.reentry or next(iter(own.states), "")})
    own._lines = lines  # noqa: SLF001
    return own


@lru_cache(maxsize=16)
def shipped(name: str) -> Workflow:
    """Return a workflow that comes with savd. Raises ConfigError for an unknown name."""
    if name not in shipped_names():
        known = ", ".join(shipped_names())
        raise ConfigError(f"workflow {name!r} does not exist. Known workflows: {known}.")
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return load(text, f"{name}.yaml", _words(name))


def shipped_names() -> tuple[str, ...]:
    """Return the names of the workflows that come with savd."""
    return _names("")


def part_names() -> tuple[str, ...]:
    """Return the names of the parts that a workflow may include."""
    return _names("parts")


def _names(folder: str) -> tuple[str, ...]:
    files = (_FOLDER / folder if folder else _FOLDER).iterdir()
    names = (file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml"))
    return tuple(sorted(name for name in names if _NAME.fullmatch(name)))


@lru_cache(maxsize=16)
def _part(name: str) -> tuple[Sections, Mapping[Path, str]]:
    file = _FOLDER / "parts" / f"{name}.yaml"
    return _read(file.read_text(encoding="utf-8"), f"parts/{name}.yaml", Sections, _words(name))


def _words(name: str) -> dict[str, dict[str, str]]:
    """Return the labels of a process or part in further languages, by the code of the language."""
    files = (file for file in (_FOLDER / "labels").iterdir() if file.name.endswith(".yaml"))
    mine = ((file, file.name.split(".")) for file in files)
    return {
        parts[1]: load_yaml(file.read_text(encoding="utf-8"))
        for file, parts in mine
        if parts[0] == name
    }


def _read(
    text: str, file: str, model: type[_Read], words: Mapping[str, Mapping[str, str]]
) -> tuple[_Read, dict[Path, str]]:
    """Return what a file says, and where each of its parts is written: "rma.yaml:118"."""
    data, lines = read_yaml(text, file)
    if not isinstance(data, dict):
        raise ConfigError(f"{file}:1: a workflow is a mapping of sections; this is none.")
    try:
        found = model.model_validate(translated(data, words))
    except ValidationError as error:
        raise ConfigError(mismatches(error, file, lines)) from error
    return found, {path: f"{file}:{line}" for path, line in lines.items()}


def _joined(
    own: Workflow, lines: Mapping[Path, str], part: Sections, part_lines: Mapping[Path, str]
) -> tuple[Workflow, dict[Path, str]]:
    """Return the process with the sections of a part behind its own, and where all of it stands."""
    mine = {row.id for row in own.transitions} | set(own.without)
    kept = [(n, row) for n, row in enumerate(part.transitions) if row.id not in mine]
    places: dict[Path, int] = {
        ("transitions", old): len(own.transitions) + new for new, (old, _) in enumerate(kept)
    }
    shared: dict[str, object] = {
        name: {**getattr(own, name), **_new_in(value, getattr(own, name))}
        for name, value in dict(part).items()
        if isinstance(value, dict)
    }
    shared["transitions"] = (*own.transitions, *(row for _, row in kept))
    moved = {
        ("transitions", places[path[:2]], *path[2:]): place
        for path, place in part_lines.items()
        if path[:2] in places
    }
    others = {path: place for path, place in part_lines.items() if path[:1] != ("transitions",)}
    return own.model_copy(update=shared), {**others, **moved, **lines}


def _new_in(section: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in section.items() if name not in own}
