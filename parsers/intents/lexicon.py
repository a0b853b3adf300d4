"""Hold the phrases of one language, found by the word they begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from parsers.folding import fold
from parsers.intents.binding_words import BindingWords, binding_words
from parsers.intents.phrases import Grammar, alternatives, first_words, grammar_of, patterns
from parsers.intents.spelling import Spelling
from parsers.word_lists import Words, mapping_in, phrases_in, read_words

# Groups of the word lists, in the order in which they win when they begin at the same word.
_GROUPS = (
    "neutral", "closing", "courtesy", "tag", "refusal", "unless", "condition", "cancellation",
    "acceptance", "doubt", "trouble", "lukewarm", "list", "form", "sheet", "connection", "resend", "status", "reminder",
    "interrogative", "gratitude", "asking", "thanks", "greeting", "but", "limit",
)  # fmt: skip
IDENTIFIER = re.compile(r"\d\w*|[a-z]{1,3}\d\w*|[€$£%,.?]")
# So many words are remembered with their phrases; a mail of nonsense words makes no more.
_REMEMBERED = 20_000
# Behind a phrase stands a space, or the mark of a clause that it was to end.
_WORD_END = "(?:(?= )|(?<= )(?=[,.?] ))"


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


class Telling(dict[str, bool]):
    """Say for a word whether it is content: no filler, no number, no mark."""

    def __init__(self, filler: Iterable[str]) -> None:
        """Take the filler words."""
        super().__init__((word, False) for word in filler)

    def __missing__(self, word: str) -> bool:
        """Look at a word once."""
        found = IDENTIFIER.fullmatch(word) is None
        if len(self) < _REMEMBERED:
            self[word] = found
        return found


class Weight(dict[str, int]):
    """Tell what the first words of a sentence may make of it, the first above 0 decides.

    0 is filler or a number, 1 any other word, 2 the beginning of an answer or of a command.
    """

    def __init__(self, filler: frozenset[str], indexes: Iterable[Index]) -> None:
        """Take the filler words, and the indexes of answers and commands."""
        super().__init__()
        self._filler = filler
        self._indexes = tuple(indexes)

    def __missing__(self, word: str) -> int:
        """Look at a word once."""
        known = any(index[word] is not None for index in self._indexes)
        aside = word in self._filler or word[0] == "," or any(map(str.isdigit, word))
        found = 2 if known else 0 if aside else 1
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
    further; `binding` tells what makes a commitment bind. `telling` and `weight` say of a word
    what it says. `spelling` leads from a misspelt word to the word.
    """

    phrases: Index
    opening: Index
    alone: Index
    filler: frozenset[str]
    negators: frozenset[str]
    yet: frozenset[str]
    limits: frozenset[str]
    joins: frozenset[str]
    binding: BindingWords
    telling: Telling
    weight: Weight
    vocabulary: Vocabulary
    spelling: Spelling


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
        telling=Telling(filler),
        weight=Weight(filler, (opening, alone)),
        filler=filler,
        negators=frozenset(phrases_in(words, "negators")),
        yet=frozenset(phrases_in(words, "yet")),
        limits=frozenset(map(fold, phrases_in(words, "limits"))),
        joins=frozenset(phrases_in(words, "joins")),
        binding=binding_words(words, filler),
        spelling=Spelling(phrases_in(words, "spelling"), str(words), filler),
    )


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
