"""Find words fast: a pattern is tried only at the words it can begin with, not at every letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from parsers.folding import fold, key_of

# Every byte of Latin-1 that is no letter and no digit becomes a space. What is no Latin-1 begins
# none of our words.
_SPACES = bytes(code if chr(code).isalnum() else 32 for code in range(256))


def any_folded(words: Iterable[str]) -> str:
    """Return words as one alternation over folded text, longest first."""
    ordered = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", "[ _]") for word in ordered)


def has_digit(text: str) -> bool:
    """Say whether a digit stands in a text."""
    return any(map(str.isdigit, text))


@lru_cache(maxsize=8)
def words_of(folded: str) -> frozenset[bytes]:
    """Return the words of a folded text, each once, as Latin-1."""
    return frozenset(folded.encode("latin-1", "replace").translate(_SPACES).split())


def first_words(phrases: Iterable[str]) -> frozenset[bytes]:
    """Return the words with which phrases begin: "n° de série" begins with "n"."""
    keys = (key_of(phrase).partition(" ")[0] for phrase in phrases)
    return frozenset(key.encode("latin-1", "replace") for key in keys if key)


def places_of(folded: str, firsts: frozenset[bytes]) -> list[int]:
    """Return where one of these words begins in a folded text, in order."""
    said = firsts & words_of(folded)
    return sorted(place for word in said for place in _places_of(folded, word.decode("latin-1")))


def _places_of(folded: str, word: str) -> Iterator[int]:
    """Give where a whole word begins."""
    length = len(word)
    place = folded.find(word)
    while place >= 0:
        if (
            not folded[place - 1 : place].isalnum()
            and not folded[place + length : place + length + 1].isalnum()
        ):
            yield place
        place = folded.find(word, place + length)


def matches(
    pattern: re.Pattern[str], firsts: frozenset[bytes], folded: str
) -> Iterator[re.Match[str]]:
    """Give what `pattern.finditer(folded)` gives, when a match can only begin with such a word."""
    end = 0
    for place in places_of(folded, firsts):
        if place >= end and (match := pattern.match(folded, place)):
            end = max(match.end(), place + 1)
            yield match
