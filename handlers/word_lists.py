"""Load the packaged words of the handlers: data, a file for each matter."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml

# In C where there is one: every start of a program reads all of them.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: str) -> Any:
    """Return what a YAML text says, as `yaml.safe_load` does. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - one of the safe loaders


def read_words(name: str) -> Any:
    """Return what `handlers/words/<name>.yaml` says."""
    return load_yaml(files("handlers.words").joinpath(f"{name}.yaml").read_text("utf-8"))
