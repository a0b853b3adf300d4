"""Sources of papers: `templates/<workflow>/papers/<paper>.<language>.md`, or in `common/papers/`.

Front matter has the `title`; the body is read as that of a notice (`templates.source`). A site
directory with the same layout overrides file by file.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from jinja2 import Template, TemplateError

from handlers.errors import ConfigError
from handlers.word_lists import load_yaml
from templates.papers.pieces import FILTERS, put
from templates.source import PACKAGE, SITELESS, folders, sandbox

FOLDER = "papers"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperSource:
    """A paper ready to be filled in."""

    title: str
    body: Template


@lru_cache(maxsize=256)
def load_paper(site: Path, workflow: str, name: str, code: str) -> PaperSource:
    """Return the source of a paper, compiled once.

    Raises ConfigError when it does not exist or is not well formed.
    """
    file = f"{name}.{code}.md"
    place = f"paper {workflow}/{FOLDER}/{file}"
    parts = _read(site, workflow, file).split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ConfigError(f"{place}: must begin with `---`, a `title:`, and `---`.")
    made = sandbox([one / FOLDER for one in folders(site, workflow)], FILTERS, put)
    try:
        title = load_yaml(parts[1])["title"]
        return PaperSource(title=str(title), body=made.from_string(parts[2]))
    except (yaml.YAMLError, KeyError, TypeError, TemplateError) as error:
        raise ConfigError(f"{place}: {type(error).__name__}: {error}") from error


def _read(site: Path, workflow: str, file: str) -> str:
    for folder in folders(site, workflow):
        if (folder / FOLDER / file).is_file():
            return (folder / FOLDER / file).read_text(encoding="utf-8")
    place = (PACKAGE if site == SITELESS else site) / workflow / FOLDER
    raise ConfigError(f"paper {workflow}/{FOLDER}/{file} does not exist; write it in {place}.")
