"""Tell the language of a text by its little words."""

from __future__ import annotations

import re

from parsers.wording import LANGUAGES, fold, phrases_of

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
WORDS_LIMIT = 400
CODES = ("fr", "en", "nl", "de")


def _owners() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code in CODES:
        for word in phrases_of(code, "stop_words"):
            found[fold(word)] = (*found.get(fold(word), ()), code)
    return found


OWNERS = _owners() if LANGUAGES else {}


def language_of(text: str) -> str:
    """Give fr, en, nl or de, "" when unsure. A word two languages share counts for both."""
    counts = dict.fromkeys(CODES, 0)
    for word in WORD.findall(text[:4_000].lower())[:WORDS_LIMIT]:
        for code in OWNERS.get(word, ()):
            counts[code] += 1
    best, second = sorted(counts.values(), reverse=True)[:2]
    if best == 0 or best * 3 < second * 4:
        return ""
    return next(code for code in CODES if counts[code] == best)
