"""Recognise the notice of an absent person, with or without a header that says so (X-26, X-27).

A subject written by a mail program proves it. Without one, subject and text must agree, the text
must be short and ask nothing: a person who mentions holidays wants something of us.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import cast

import yaml

from parsers.wording import any_of, fold

OWN_TEXT = 1_500
"""Longest text of the writer's own that is still a notice."""

SUBJECT_LIMIT = 500
TEXT_LIMIT = 8_000
TAGS = re.compile(r"^(?:\s*(?:re|aw|antw|sv|réf|tr|fwd?)\s*:|\s*\[[^\]\n]{1,60}\])+\s*")
HISTORY = re.compile(
    r"^(?:\s{0,3}>|\s*[-_]{5,}|\s*-{2,}[^-\n]{3,60}-{2,}\s*$"
    r"|[ *]{0,3}(?:from|de|von|van|expéditeur)\s{0,2}:[^\n]*"
    r"|(?:le|on|am|op)\s[^\n]{5,200}(?:écrit|wrote|schrieb|schreef|geschreven)\s{0,2}:)",
    re.MULTILINE | re.IGNORECASE,
)


def _load() -> dict[str, dict[str, list[str]]]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    text = files("parsers").joinpath("words", "absence.yaml").read_text("utf-8")
    return cast("dict[str, dict[str, list[str]]]", yaml.load(text, Loader=loader))  # noqa: S506


WORDS = _load()
"""language -> key -> phrases, see words/absence.yaml."""


def words(key: str) -> list[str]:
    """List the phrases of a key over all languages, longest first."""
    every = dict.fromkeys(fold(word) for lists in WORDS.values() for word in lists.get(key, []))
    return sorted(every, key=len, reverse=True)


def _starting(key: str, then: str) -> re.Pattern[str]:
    return re.compile(rf"{any_of(words(key))}{then}")


def _within(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){any_of(words(key))}(?!\w)")


SUBJECTS = _starting("subjects", r"(?!\w)")
LABELS = _starting("labels", r"\s?:\s*\S")
HINTS = _within("hints")
AUTOMATIC = _within("automatic")
AWAY = _within("away")
SUBSTITUTE = _within("substitute")
PROMISE = _within("promise")
DATED = re.compile(
    rf"(?<!\w){any_of(words('back') + words('until') + words('last'))}\W[^.\n]{{0,20}}\d"
)


def is_absence_subject(subject: str) -> bool:
    """Tell whether a folded subject begins as mail programs begin absence notices (X-26)."""
    return bool(SUBJECTS.match(subject) or LABELS.match(subject))


def mentions_absence(text: str) -> bool:
    """Tell whether a folded subject or text speaks of an absence at all."""
    return bool(HINTS.search(text) or AWAY.search(text) or SUBJECTS.search(text))


def is_absence_notice(subject: str, text: str) -> bool:
    """Tell whether subject (folded) and text together are a notice that nobody wrote by hand."""
    own = fold(own_words(text))
    if not own or len(own) > OWN_TEXT or "?" in own:
        return False
    away = bool(AWAY.search(own))
    automatic = bool(AUTOMATIC.search(own))
    promises = bool(PROMISE.search(own))
    deputy = bool(SUBSTITUTE.search(own))
    bare = TAGS.sub("", subject[:SUBJECT_LIMIT])
    if SUBJECTS.match(bare) and (automatic or promises or mentions_absence(own)):
        return _is_alone(text)
    if away and (automatic or (promises and deputy)):
        return True
    dated = deputy and bool(DATED.search(own))
    return away and (promises or dated) and bool(HINTS.search(bare))


def _is_alone(text: str) -> bool:
    """Tell whether no history follows: a person who answers a notice quotes it."""
    return not HISTORY.search(text[:TEXT_LIMIT])


def own_words(text: str) -> str:
    """Give what stands above the history of a text."""
    found = HISTORY.search(text[:TEXT_LIMIT])
    return text[: found.start()] if found else text[:TEXT_LIMIT]
