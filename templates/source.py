"""Sources of notices: found, split into front matter and body, compiled once.

`templates/<workflow>/<notice>.<language>.md`, or `templates/common/` for what every process says, has front matter
(`subject`, maybe `opening`, `answer` and `table`) and a body. A site directory with the same layout overrides file
by file. Files whose name starts with `_` are pieces to include.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from handlers.errors import ConfigError
from handlers.word_lists import load_yaml
from templates.filters import FILTERS, put

COMMON = "common"  # notices that every process has; a process may have its own instead
PACKAGE = Path(str(resources.files("templates")))
SITELESS = Path()


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A notice ready to be rendered; `alone` is its body without what every notice adds, `choices` how its
    answers are offered. `table` names the CSV that may travel with it, `greets` says
    whether its first paragraph is a greeting."""

    subject: Template
    opening: Template
    body: Template
    alone: Template
    choices: Template
    table: str
    greets: bool


@lru_cache(maxsize=4096)
def load_source(site: Path, workflow: str, name: str, code: str, audience: str) -> Source:
    """Return the source of a notice, compiled once.

    Raises ConfigError when it does not exist or is not well formed.
    """
    place = f"notice {workflow}/{name}.{code}.md"
    parts = _read(site, workflow, f"{name}.{code}.md").split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ConfigError(f"{place}: must begin with `---`, a `subject:`, and `---`.")
    environment = _environment(site, workflow)
    try:
        front = load_yaml(parts[1])
        opening = _part(front, "opening", code, audience)
        whole = _with_words(front, parts[2], code, audience)
        return Source(
            subject=environment.from_string(front["subject"]),
            opening=environment.from_string(opening),
            body=environment.from_string(whole),
            alone=environment.from_string(parts[2]),
            choices=environment.from_string(_words(code)["choices"]),
            table=front.get("table", "table.csv"),
            greets=bool(opening),
        )
    except (yaml.YAMLError, KeyError, TypeError, TemplateError) as error:
        raise ConfigError(f"{place}: {type(error).__name__}: {error}") from error


def _with_words(front: Mapping[str, str], body: str, code: str, audience: str) -> str:
    """Return the body with what could not be enclosed, how to answer, and closing."""
    words, answer = _words(code), _part(front, "answer", code, audience)
    closing = words["closing"][audience]
    parts = (body, words["telephone"], words["left_out"], answer, closing)
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _part(front: Mapping[str, str], part: str, code: str, audience: str) -> str:
    """Return the words of a part of the notice: its own, else those of every notice."""
    return str(front.get(part, _words(code)[part][audience]))


@lru_cache(maxsize=16)
def _words(code: str) -> Mapping[str, Any]:
    found = load_yaml((PACKAGE / "words" / f"{code}.yaml").read_text(encoding="utf-8"))
    return dict(found)


def _read(site: Path, workflow: str, file: str) -> str:
    for folder in folders(site, workflow):
        if (folder / file).is_file():
            return (folder / file).read_text(encoding="utf-8")
    place = (PACKAGE if site == SITELESS else site) / workflow
    raise ConfigError(f"notice {workflow}/{file} does not exist; write it in {place}.")


def folders(site: Path, workflow: str) -> list[Path]:
    """Return where the sources of a process stand, the first wins; `site` may be SITELESS."""
    own = [] if site == SITELESS else [site / workflow, site / COMMON]
    return [*own, PACKAGE / workflow, PACKAGE / COMMON]


@lru_cache(maxsize=64)
def _environment(site: Path, workflow: str) -> Environment:
    return sandbox(folders(site, workflow), FILTERS, put)


def sandbox(
    places: Sequence[Path], filters: Mapping[str, Callable[..., Any]], keep: Callable[..., str]
) -> Environment:
    """Return what compiles sources and pieces to include from these folders. It lets them touch nothing;
    `keep` puts each value aside and returns the slot that stands for it."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        loader=FileSystemLoader(places),
        autoescape=False,  # every value becomes a slot and is escaped by its own block
        auto_reload=False,
        lstrip_blocks=True,
        finalize=keep,
    )
    made.filters |= filters
    return made
