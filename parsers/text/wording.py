"""Load the phrases of mail programs: one data file per language, joined once at import."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import cast

import yaml

Wording = dict[str, list[str]]
Entry = dict[str, list[str] | dict[str, list[str]] | str]

SPACES = re.compile(r"[\s\u00a0\u202f]+")


def fold(text: str) -> str:
    """Make two spellings of a phrase equal: lower case, plain spaces, straight apostrophes."""
    return SPACES.sub(" ", text).strip().replace("’", "'").lower().replace("i\u0307", "i")


def _load() -> dict[str, Entry]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # all words: "no", "on" too
    found: dict[str, Entry] = {}
    folder = files("parsers").joinpath("words")
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.name.startswith("mail_"):
            entry = cast("Entry", yaml.load(path.read_text("utf-8"), Loader=loader))  # noqa: S506
            found[str(entry["language"])] = entry
    return found


LANGUAGES = _load()


def phrases(key: str) -> list[str]:
    """List the phrases of a key over all languages, longest first."""
    every = [
        phrase for entry in LANGUAGES.values() for phrase in cast("Wording", entry).get(key, [])
    ]
    return sorted(dict.fromkeys(every), key=len, reverse=True)


def phrases_of(language: str, key: str) -> list[str]:
    """List the phrases of a key in one language."""
    return cast("Wording", LANGUAGES.get(language, {})).get(key, [])


def any_of(words: list[str]) -> str:
    """Build a regular expression that matches one of these phrases."""
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words) + ")"


def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in LANGUAGES.values():
        for field, labels in cast("dict[str, list[str]]", entry["headers"]).items():
            for label in labels:
                found.setdefault(fold(label), field)
    return found


LABELS = _labels()
"""Folded label of a header block line -> from, sent, to, cc, subject, reply_to, other."""
