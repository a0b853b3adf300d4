"""Know the phrases of mail programs: a word list for each language, joined once at import."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsers.folding import plain
from parsers.word_lists import mapping_in, names_of_lists, phrases_in, read_words

LANGUAGES = {name.removeprefix("mail_"): read_words(name) for name in names_of_lists("mail_")}
"""Two-letter code -> the word list of that language."""


def phrases(key: str) -> list[str]:
    """List the phrases of a key over all languages, longest first."""
    every = (phrase for words in LANGUAGES.values() for phrase in phrases_in(words, key))
    return sorted(dict.fromkeys(every), key=len, reverse=True)


def phrases_of(language: str, key: str) -> tuple[str, ...]:
    """List the phrases of a key in one language, in the order of the file."""
    return phrases_in(LANGUAGES.get(language, {}), key)


def any_of(words: Iterable[str]) -> str:
    """Build a regular expression that matches one of these phrases."""
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words) + ")"


def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for words in LANGUAGES.values():
        for field, labels in mapping_in(words, "headers").items():
            for label in labels:
                found.setdefault(plain(label), field)
    return found


LABELS = _labels()
"""Label of a header block line, made plain -> from, sent, to, cc, subject, reply_to, other."""
