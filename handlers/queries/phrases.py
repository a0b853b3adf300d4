"""The words of a line, and the phrases that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from parsers.folding import key_of

Meaning = TypeVar("Meaning")
_MOST_WORDS = 6  # of one phrase
_SHORTEST_SPELT = 6
_TOKEN = re.compile(
    r"""["“”„«]\ ?([^"“”«»]{1,80}?)\ ?["“”»]|([^\s'’"«»“”„(),;:!?#°º]+)"""  # words in quotes are one
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line as written, and as it is compared."""

    written: str
    key: str
    start: int
    end: int


def words_of(line: str) -> list[Word]:
    """Return the words of a line; what stands in quotes is one word."""
    found = ((m[1] or m[2].strip("."), m) for m in _TOKEN.finditer(line))
    every = (
        Word(word, key_of(word), m.start(), m.end() if m[1] else m.start() + len(m[2].rstrip(".")))
        for word, m in found
    )
    return [word for word in every if word.key]


class Spelling:
    """Words that we know, to put right those that nearly are."""

    def __init__(self, words: Iterable[str]) -> None:
        self._alike: dict[tuple[str, int], set[str]] = {}
        for word in words:
            self._alike.setdefault((word[0], len(word)), set()).add(word)

    def right(self, word: Word) -> Word:
        """Return a word with one letter put right, when only one word that we know is so near."""
        key, size = word.key, len(word.key)
        if size < _SHORTEST_SPELT or not key.isalpha() or key in self._of(key[0], size):
            return word
        nearly = (one for n in (size - 1, size, size + 1) for one in self._of(key[0], n))
        near = [one for one in nearly if _is_near(key, one)]
        return replace(word, key=near[0]) if len(near) == 1 else word

    def _of(self, letter: str, size: int) -> set[str]:
        return self._alike.get((letter, size), set())


def _is_near(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter, or two that changed places; not by the ending alone:
    "demande" is not "demandes"."""
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if same is None:
        return False
    left, right = one[same:], other[same:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def meaning_at(
    words: list[Word], at: int, phrases: Mapping[str, Meaning]
) -> tuple[Meaning | None, int]:
    """Return what the longest phrase at a place means and the place behind it; None for nothing."""
    found = phrase_at(words, at, phrases)
    return (phrases[found[0]], found[1]) if found else (None, at)


def phrase_at(words: list[Word], at: int, phrases: Mapping[str, object]) -> tuple[str, int] | None:
    """Return the longest phrase that stands at a place, and the place behind it."""
    for count in range(min(_MOST_WORDS, len(words) - at), 0, -1):
        key = " ".join(word.key for word in words[at : at + count])
        if key in phrases:
            return key, at + count
    return None
