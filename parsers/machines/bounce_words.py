"""Load the words of mail systems: words/bounce.yaml and words/bounce_reason.yaml."""

from __future__ import annotations

from importlib.resources import files
from typing import cast

import yaml


def _load(name: str) -> dict[str, object]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    text = files("parsers").joinpath("words", name).read_text("utf-8")
    return cast("dict[str, object]", yaml.load(text, Loader=loader))  # noqa: S506


def _lists(tree: object) -> dict[str, tuple[str, ...]]:
    return {key: tuple(words) for key, words in cast("dict[str, list[str]]", tree).items()}


_WORDS = _lists(_load("bounce.yaml"))
_REASONS = _load("bounce_reason.yaml")
CLEAR = _lists(_REASONS["clear"])
VAGUE = _lists(_REASONS["vague"])
SENDERS = _WORDS["senders"]
NAMES = _WORDS["sender_names"]
MANAGERS = _WORDS["list_managers"]
REFUSALS = _WORDS["list_refusals"]
SUBJECTS = _WORDS["subjects"]
FAILED = _WORDS["failed"]
DELAYED = _WORDS["delayed"]
GIVEN_UP = _WORDS["given_up"]
OUTLASTED = _WORDS["outlasted"]
TITLES = _WORDS["returned_titles"]
LINES = _WORDS["returned_lines"]
LABELS = frozenset(_WORDS["labels"])
OTHER_LABELS = frozenset(_WORDS["other_labels"])
BEFORE_SENDERS = _WORDS["senders_before"]
ORIGINS = _WORDS["origins"]
HELPERS = frozenset(_WORDS["helpers"])


def plain(text: str) -> str:
    """Make a text comparable: lower case, one space between words, straight apostrophes."""
    return " ".join(text.split()).replace("’", "'").lower()


def says(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether one of these phrases stands in a text made `plain`."""
    return any(map(text.__contains__, words))


def is_daemon(sender: str) -> bool:
    """Tell whether a mail system's own name stands in From."""
    return says(sender.lower(), SENDERS)


def may_be_daemon(sender: str) -> bool:
    """Tell whether a name stands in From that mail systems use, and some people and firms too."""
    return says(sender.lower(), NAMES)
