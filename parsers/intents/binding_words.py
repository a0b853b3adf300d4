"""Hold the words of one language that decide whether a commitment binds (see binding.py)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.dates import MONTHS
from parsers.folding import fold
from parsers.word_lists import Words, mapping_in, phrases_in

# Where the words of commitments come from, and the sets among them.
_YES = ("acceptance", "weak", "lukewarm", "asides")
_NO = ("refusal", "no", "cancellation")
_SETS = (
    "let", "do", "doing", "todo", "take", "given", "agree", "soft", "please", "quote", "work",
    "article",
)  # fmt: skip
# What is no word in a phrase: a set, an escape, an open ending.
_NO_WORDS = re.compile(r"<\w+>|\\\w|\w*\*")
_ENDINGS = re.compile(r"([a-z]+)\(([a-z|]+)\)(?![a-z])")
_STEM = re.compile(r"([a-z]{4,})\*")
_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class BindingWords:
    """What a commitment is about, and what may stand beside it.

    It is about one of `objects` or a word that begins with one of `deeds`; not about what one of
    `articles` leads to that is neither of them nor of `asides`, nor about what is `elsewhere`.
    `yes_words`, `no_words` and `known_stems` say nothing beside it; what stands before one of
    `subjects` is no object. After `runs_on`, or in a clause that ends in one of `infinitives` and
    a verb, it is told what is agreed to. `formulas` mean a quote by themselves, `echoes` agree
    with whatever was said. A clause that begins with one of `asks` asks for something besides,
    unless one of `firsts` is in it. All are folded.
    """

    articles: frozenset[str]
    asides: frozenset[str]
    elsewhere: frozenset[str]
    objects: frozenset[str]
    deeds: tuple[str, ...]
    yes_words: frozenset[str]
    no_words: frozenset[str]
    known_stems: tuple[str, ...]
    subjects: frozenset[str]
    runs_on: frozenset[str]
    infinitives: frozenset[str]
    formulas: tuple[str, ...]
    echoes: tuple[str, ...]
    asks: frozenset[str]
    firsts: frozenset[str]


def binding_words(words: Words, filler: frozenset[str]) -> BindingWords:
    """Take the binding words of a word list; `filler` are the words that never say anything."""
    return BindingWords(
        articles=frozenset(fold(" ".join(mapping_in(words, "sets")["article"])).split()),
        asides=frozenset(_folded(words, "asides")),
        elsewhere=frozenset(_folded(words, "elsewhere")),
        objects=_objects(words),
        deeds=_folded(words, "deeds"),
        yes_words=_made_of(words, _YES) | filler,
        no_words=_made_of(words, _YES + _NO) | filler,
        known_stems=_folded(words, "deeds") + _stems(words),
        subjects=frozenset(_folded(words, "subjects")),
        runs_on=frozenset(_folded(words, "runs_on")),
        infinitives=frozenset(_folded(words, "infinitives")),
        formulas=_folded(words, "formulas"),
        echoes=_folded(words, "echoes"),
        asks=frozenset(_folded(words, "asks")),
        firsts=frozenset(_folded(words, "firsts")),
    )


def _folded(words: Words, name: str) -> tuple[str, ...]:
    """Return the list of that name, folded."""
    return tuple(map(fold, phrases_in(words, name)))


def _objects(words: Words) -> frozenset[str]:
    """Return the words that name what is committed to, whatever the commitment."""
    sets = mapping_in(words, "sets")
    named = [item for name in ("quote", "work", "matter", "case") for item in sets.get(name, ())]
    return frozenset(
        fold(item) for item in (*named, *phrases_in(words, "objects")) if " " not in item
    )


def _made_of(words: Words, groups: tuple[str, ...]) -> frozenset[str]:
    """Return the words that the phrases of these groups are made of, and the names of months."""
    alone, sets = mapping_in(words, "alone"), mapping_in(words, "sets")
    made = [
        phrase for name in groups for phrase in (*phrases_in(words, name), *alone.get(name, ()))
    ]
    made += [item for name in _SETS for item in sets.get(name, ())]
    made += [*_objects(words), *phrases_in(words, "spelling")]
    text = _ENDINGS.sub(_with_endings, fold(" ".join(made)))
    found = frozenset(_WORD.findall(_NO_WORDS.sub(" ", text))).union(map(fold, MONTHS))
    glued = {letter + word for letter in phrases_in(words, "elided") for word in found}
    return found | glued


def _stems(words: Words) -> tuple[str, ...]:
    """Return the beginnings of words with any ending in the phrases of commitments."""
    made = " ".join(phrase for name in _YES + _NO for phrase in phrases_in(words, name))
    return tuple(frozenset(_STEM.findall(fold(made))))


def _with_endings(match: re.Match[str]) -> str:
    """Write "accept(e|ons)" as "accepte acceptons"."""
    return " ".join(match[1] + ending for ending in match[2].split("|")) + " "
