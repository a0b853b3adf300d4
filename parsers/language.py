"""Tell the language of a text by its little words."""

from __future__ import annotations

import re
from collections import Counter

from parsers.folding import fold, plain
from parsers.mail_words import phrases_of
from parsers.word_lists import phrases_in, read_words

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
WORDS_LIMIT = 400
ENOUGH = 0.5
ENOUGH_FOR_A_SENTENCE = 1.5
PART_THAT_TELLS = 0.25
# Letters that only some languages write: each counts like a word of theirs.
LETTERS = {"ß": ("de",), "ł": ("pl",), "ą": ("pl",), "ę": ("pl",), "ż": ("pl",), "ś": ("pl",),
           "ñ": ("es",), "¿": ("es",), "ã": ("pt",), "õ": ("pt",), "æ": ("da", "no"),
           "ø": ("da", "no"), "å": ("sv", "da", "no"), "œ": ("fr",), "ê": ("fr", "pt")}  # fmt: skip


def _owners() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return the languages that have each word, with how much it counts: less the more there are."""
    words = read_words("language")
    said: dict[str, set[str]] = {}
    for code in words:
        for word in (*phrases_in(words, code), *phrases_of(code, "stop_words")):
            said.setdefault(plain(word), set()).add(code)
    for word, codes in list(said.items()):  # people leave accents out
        bare = fold(word)
        if len(bare) > 3 and bare not in said:
            said[bare] = codes
    return {word: tuple((code, 1 / len(codes)) for code in codes) for word, codes in said.items()}


OWNERS = _owners()
CODES = tuple(read_words("language"))


def language_of(text: str) -> str:
    """Give the ISO 639-1 code of a text's language, "" when unsure.

    fr, nl, de, en, and those we only recognise: it, es, pt, pl, sv, da, no. A word that several share
    counts less for each; a sentence needs more than one word that tells.
    """
    counts = dict.fromkeys(CODES, 0.0)
    words = WORD.findall(text[:4_000].lower())[:WORDS_LIMIT]
    for word, times in Counter(filter(OWNERS.__contains__, words)).items():
        for code, weight in OWNERS[word]:
            counts[code] += weight * min(times, 5)
    _count_letters(counts, words)
    best = max(counts, key=lambda code: counts[code])
    second = max(count for code, count in counts.items() if code != best)
    least = max(ENOUGH, min(len(words) * PART_THAT_TELLS, ENOUGH_FOR_A_SENTENCE))
    return best if counts[best] > least and counts[best] * 3 >= second * 4 else ""


def _count_letters(counts: dict[str, float], words: list[str]) -> None:
    """Add what the letters of a text tell."""
    written = "".join(words)
    letters = frozenset() if written.isascii() else LETTERS.keys() & frozenset(written)
    for letter in letters:
        for code in LETTERS[letter]:
            counts[code] += 1 / len(LETTERS[letter])
