"""Put right words that were misspelt in haste, when only one word can have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from parsers.folding import fold

# So many words are remembered; a mail of nonsense words makes no more.
_REMEMBERED = 20_000
_WORD = re.compile(r"\w+")
# Shorter words are too like one another to be put right.
_SPELT = 4
# Endings tell the tense; long words still have a face when a letter is missing.
_ENDING = 2
_LONG = 6
# German is also written without its own letters.
_SHARP_S = {ord("ß"): "ss"}
_DIGRAPHS = _SHARP_S | {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}


class Spelling(dict[str, str]):
    """Give for a folded word the word that was meant: mostly itself."""

    def __init__(self, meant: Iterable[str], written: str, filler: Iterable[str]) -> None:
        """Take the words to put right, the text of a word list and the filler words.

        A word of the list is never another one misspelt; neither is a filler word.
        """
        known = {*filler, *_WORD.findall(fold(written))}
        super().__init__({word: word for word in known} | _without_umlauts(written))
        self._meant = {letters_of(word): word for word in meant}

    def __missing__(self, word: str) -> str:
        """Compare a word met for the first time with those that have the same letters."""
        meant = self._meant.get(letters_of(word), word) if len(word) >= _SPELT else word
        found = meant if is_misspelt(word, meant) else word
        if len(self) < _REMEMBERED:
            self[word] = found
        return found


def letters_of(word: str) -> tuple[str, frozenset[str]]:
    """Return what a misspelt word keeps: its first letter, and which others follow."""
    return word[:1], frozenset(word[1:].removesuffix("s"))


def is_misspelt(word: str, meant: str) -> bool:
    """Say whether a word with the same letters is meant to be another: two letters swapped, one
    doubled or single, a last s too few, or a letter dropped or repeated well before the ending."""
    swapped = sorted(word) == sorted(meant) or _single(word) == _single(meant)
    short, long = sorted((word, meant), key=len)
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    ends = word[-_ENDING:] == meant[-_ENDING:] and len(short) >= _LONG
    return swapped or (ends and short[at:] == long[at + 1 :])


def _single(word: str) -> str:
    """Write each run of a letter once, without a final s."""
    return "".join(letter for letter, _ in groupby(word.removesuffix("s")))


def _without_umlauts(written: str) -> dict[str, str]:
    """Lead from "koennen" and "schliessen" to the words as they are matched, without umlauts."""
    own = {word for word in _WORD.findall(written.lower()) if not word.isascii()}
    pairs = ((fold(w.translate(how)), fold(w)) for w in own for how in (_DIGRAPHS, _SHARP_S))
    return {other: word for other, word in pairs if other != word}
