"""Load the packaged word lists: policy and words are data, a file for each language or matter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import cast

import yaml

Words = Mapping[str, object]
# It knows texts only: to the other loaders "no" and "on" are truth values.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@lru_cache(maxsize=64)
def read_words(name: str) -> Words:
    """Load the word list `words/<name>.yaml`: a mapping from names to texts, lists or mappings."""
    text = files("parsers").joinpath("words", f"{name}.yaml").read_text("utf-8")
    return cast(Words, yaml.load(text, Loader=_LOADER))  # noqa: S506 - makes nothing but texts


def names_of_lists(start: str) -> tuple[str, ...]:
    """Return the names of the word lists that begin so, in order: "mail_" gives "mail_bg", ..."""
    folder = files("parsers").joinpath("words").iterdir()
    names = (entry.name.removesuffix(".yaml") for entry in folder)
    return tuple(sorted(name for name in names if name.startswith(start)))


def phrases_in(words: Words, name: str) -> tuple[str, ...]:
    """Return the list of that name as texts, () when the file has none."""
    value = words.get(name) or ()
    return tuple(str(phrase) for phrase in value) if isinstance(value, list) else ()


def mapping_in(words: Words, name: str) -> dict[str, tuple[str, ...]]:
    """Return the mapping of that name from text to list of texts, {} when the file has none."""
    value = words.get(name)
    if not isinstance(value, dict):
        return {}
    return {str(key): tuple(str(item) for item in items) for key, items in value.items()}
