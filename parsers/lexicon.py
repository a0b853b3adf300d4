"""Hold the phrases of one language, found by the word they begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from parsers.folding import fold
from parsers.phrases import (
    Grammar,
    Words,
    alternatives,
    first_words,
    grammar_of,
    mapping_in,
    patterns,
    phrases_in,
    read_words,
)

# Groups of the word lists, in the order in which they win when they begin at the same word.
_GROUPS = (
    "neutral", "closing", "courtesy", "tag", "refusal", "unless", "condition", "cancellation",
    "acceptance", "doubt", "trouble", "lukewarm", "list", "form", "sheet", "connection", "resend", "status", "reminder",
    "interrogative", "gratitude", "asking", "thanks", "greeting", "but", "limit",
)  # fmt: skip
# So many words are remembered with their phrases; a mail of nonsense words makes no more.
_REMEMBERED = 20_000
# Behind a phrase stands a space, or the mark of a clause that it was to end.
_WORD_END = "(?:(?= )|(?<= )(?=[,.?] ))"
_WORD = re.compile(r"\w+")
# Shorter words are too like one another to be put right.
_SPELT = 4
# German is also written without its own letters.
_SHARP_S = {ord("ß"): "ss"}
_DIGRAPHS = _SHARP_S | {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
# Endings tell the tense; long words still have a face when a letter is missing.
_ENDING = 2
_LONG = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One phrase: its group, its pattern, and what may not follow it."""

    group: str
    pattern: str
    tail: str = ""


class Vocabulary(dict[str, bool]):
    """Say for a word whether a language has it: it is filler, or a phrase begins with it."""

    def __init__(self, filler: Iterable[str], indexes: Iterable[Index]) -> None:
        """Take the filler words, and the indexes asked for any other word."""
        super().__init__((word, True) for word in filler)
        self._indexes = tuple(indexes)

    def __missing__(self, word: str) -> bool:
        """Ask the indexes once."""
        found = any(index.knows(word) for index in self._indexes)
        if len(self) < _REMEMBERED:
            self[word] = found
        return found


class Index(dict[str, "re.Pattern[str] | None"]):
    """Give for a word the pattern of all phrases that can begin with it, None when none can.

    Patterns are compiled when their word is first met; words with the same phrases share one.
    The groups of a match are the groups of the phrases.
    """

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        """Note the words each phrase can begin with; earlier phrases win."""
        super().__init__()
        self._phrases = tuple(phrases)
        self._exact: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        self._compiled: dict[tuple[int, ...], re.Pattern[str]] = {}
        for number, phrase in enumerate(self._phrases):
            for word in first_words(phrase.pattern):
                index = self._stems if word.endswith("*") else self._exact
                index.setdefault(word.removesuffix("*"), []).append(number)
        self._prefixes = tuple(filter(None, self._stems))

    def __missing__(self, word: str) -> re.Pattern[str] | None:
        """Compile the phrases of a word."""
        numbers = set(self._exact.get(word, ()))
        if "" in self._stems or word.startswith(self._prefixes):
            for stem, fitting in self._stems.items():
                if word.startswith(stem):
                    numbers.update(fitting)
        pattern = self._pattern(tuple(sorted(numbers))) if numbers else None
        if len(self) < _REMEMBERED:
            self[word] = pattern
        return pattern

    def knows(self, word: str) -> bool:
        """Say whether a phrase begins with this very word."""
        return word in self._exact or word.startswith(self._prefixes)

    def _pattern(self, numbers: tuple[int, ...]) -> re.Pattern[str]:
        if numbers not in self._compiled:
            chosen = [self._phrases[number] for number in numbers]
            branches = [
                f"(?P<{group}>(?:{'|'.join(p.pattern for p in same)}){tail})"
                for (group, tail), same in groupby(chosen, lambda p: (p.group, p.tail))
            ]
            self._compiled[numbers] = re.compile(f"(?:{'|'.join(branches)}){_WORD_END}")
        return self._compiled[numbers]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """The words of one language.

    `phrases` are looked for everywhere, `opening` where a sentence begins, `alone` where a
    sentence says nothing else. `vocabulary` knows all their first words. `limits` are words that
    take something away from the acceptance they stand in, after `joins` a "not" reaches no
    further. `spelling` leads from the letters of a word to the word,
    `respelt` from German without umlauts to the word.
    """

    phrases: Index
    opening: Index
    alone: Index
    filler: frozenset[str]
    known: frozenset[str]
    negators: frozenset[str]
    yet: frozenset[str]
    limits: frozenset[str]
    joins: frozenset[str]
    vocabulary: Vocabulary
    spelling: dict[tuple[str, frozenset[str]], str]
    respelt: dict[str, str]

    def corrected(self, word: str) -> str:
        """Return the word that was meant when letters are doubled, single or swapped by mistake."""
        word = self.respelt.get(word, word)
        if len(word) < _SPELT or word in self.known:
            return word
        meant = self.spelling.get(letters_of(word), word)
        return meant if is_misspelt(word, meant) else word


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


def letters_of(word: str) -> tuple[str, frozenset[str]]:
    """Return what a misspelt word keeps: its first letter, and which others follow."""
    return word[:1], frozenset(word[1:].removesuffix("s"))


def lexicon_of(language: str) -> Lexicon:
    """Read the word list `words/intent.<language>.yaml`."""
    words = read_words(f"intent.{language}")
    grammar = grammar_of(words)
    filler = frozenset(fold(str(words.get("filler", ""))).split())
    phrases = Index(_phrases(words, grammar))
    opening = Index(_listed({n: phrases_in(words, n) for n in ("weak", "no")}, grammar))
    alone = Index(_listed(mapping_in(words, "alone"), grammar))
    return Lexicon(
        phrases=phrases,
        opening=opening,
        alone=alone,
        vocabulary=Vocabulary(filler, (phrases, opening, alone)),
        filler=filler,
        known=filler | set(_WORD.findall(fold(str(words)))),
        negators=frozenset(phrases_in(words, "negators")),
        yet=frozenset(phrases_in(words, "yet")),
        limits=frozenset(map(fold, phrases_in(words, "limits"))),
        joins=frozenset(phrases_in(words, "joins")),
        spelling={letters_of(word): word for word in phrases_in(words, "spelling")},
        respelt=_respelt(words),
    )


def _respelt(words: Words) -> dict[str, str]:
    """Lead from "koennen" and "schliessen" to the words as they are matched, without umlauts."""
    written = {word for word in _WORD.findall(str(words).lower()) if not word.isascii()}
    pairs = ((fold(w.translate(how)), fold(w)) for w in written for how in (_DIGRAPHS, _SHARP_S))
    return {other: word for other, word in pairs if other != word}


def _listed(groups: dict[str, tuple[str, ...]], grammar: Grammar) -> list[Phrase]:
    """Write groups of phrases as patterns, the longest of a group first."""
    return [
        Phrase(group=group, pattern=pattern)
        for group, many in groups.items()
        for pattern in patterns(many, grammar)
    ]


def _phrases(words: Words, grammar: Grammar) -> list[Phrase]:
    """Write all phrases as patterns, with what may not follow them."""
    tails = {"refusal": _no_symptom(words, grammar), "cancellation": _no_other_matter(words)}
    listed = _listed({group: phrases_in(words, group) for group in _GROUPS}, grammar)
    return [Phrase(group=p.group, pattern=p.pattern, tail=tails.get(p.group, "")) for p in listed]


def _no_symptom(words: Words, grammar: Grammar) -> str:
    """Keep from refusals what tells of a device: "the reader no longer accepts badges"."""
    symptom = alternatives(phrases_in(words, "symptom"), grammar)
    quote = alternatives(mapping_in(words, "sets").get("quote", ()), grammar)
    return rf"(?! (?:(?!{quote})[^ ,.?]+ ){{0,2}}(?:{symptom}) )"


def _no_other_matter(words: Words) -> str:
    """Keep from cancellations what is no request of ours: "my order of batteries"."""
    leading = "|".join(mapping_in(words, "sets").get("of", ()))
    ours = fold(str(words.get("filler", ""))).split()
    matter = [*mapping_in(words, "sets").get("matter", ()), *ours]
    return rf"(?! (?:{leading}) (?!(?:{'|'.join(matter)}) |\d)\w+ )" if leading else ""
