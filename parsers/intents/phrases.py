"""Turn the phrases of the data files into patterns over the canonical form of a text.

The lists are written for people: a phrase is words with spaces. `*` stands for any ending of a
word, `(a|b )` for a choice, `...` for up to four words of the same clause, `$` for the end of the
clause, `<name>` for the choice of that name under `sets`. Case, accents and
apostrophes do not count. The letters listed under `elided` may be glued to the next word, as in
"jaccepte".

Phrases are matched against the canonical form of a text (see canonical.py): folded words and
clause marks, each with one space around it. Every repetition is bounded, so matching is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parsers.folding import fold
from parsers.intents.canonical import SIGNS
from parsers.word_lists import Words, mapping_in, phrases_in

_WINDOW = r"(?:[^ ,.?]+ ){0,4}?"
_SET = re.compile(r"<(\w+)>")
# The end of a clause, before the space that follows a word or behind it.
_CLAUSE_END = r"(?:(?= [,.?] )|(?<= )(?=[,.?] ))"
_DOLLAR = re.compile(r"(?<!\\) ?\$")
_SPACES = re.compile(r" +")


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """What the phrases of one file may name: the sets, and the letters that may be glued on."""

    sets: Mapping[str, str]
    elided: re.Pattern[str] | None = None


def grammar_of(words: Words) -> Grammar:
    """Return the sets and the elided letters of a file."""
    sets = {name: "(" + "|".join(items) + ")" for name, items in mapping_in(words, "sets").items()}
    letters = "|".join(phrases_in(words, "elided"))
    return Grammar(sets=sets, elided=re.compile(rf"\b({letters}) ") if letters else None)


def pattern_of(phrase: str, grammar: Grammar) -> str:
    """Write one phrase of a data file as a regular expression over canonical text."""
    expanded = _SET.sub(lambda m: grammar.sets[m.group(1)], phrase)
    folded = fold(expanded.translate(SIGNS)).replace("'", " ").replace("-", " ")
    pattern = _SPACES.sub(" ", folded).strip().replace(" |) ", " |)")
    if grammar.elided:
        pattern = grammar.elided.sub(r"\1 ?", pattern)
    pattern = pattern.replace("(", "(?:").replace("*", r"\w*")
    pattern = pattern.replace("... ", _WINDOW)
    return _CLAUSE_END.join(_DOLLAR.split(pattern))


def patterns(phrases: Iterable[str], grammar: Grammar) -> list[str]:
    """Write phrases as regular expressions, longest first, so that the fuller phrase wins."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return [pattern_of(phrase, grammar) for phrase in ordered]


def alternatives(phrases: Iterable[str], grammar: Grammar) -> str:
    """Join phrases into one alternation."""
    return "|".join(patterns(phrases, grammar))


def first_words(pattern: str) -> frozenset[str]:
    """Return the words a pattern of `pattern_of` can begin with; `refus*` for any ending.

    Trying at each word only the phrases that can begin with it makes reading many times faster.
    """
    begun, position = {""}, 0
    while position < len(pattern) and not all(word.endswith(_CLOSED) for word in begun):
        begun, position = _lengthen(pattern, position, begun)
    return frozenset(word.removesuffix(" ") for word in begun)


_REPEAT = re.compile(r"\{(\d+),\d+\}\??|[*?]")
_LETTERS = re.compile(r"[^\W_]+(?![*?{\w])")
_CLOSED = (" ", "*")


def _first_words(pattern: str, position: int, begun: set[str]) -> tuple[set[str], int]:
    """Lengthen the words begun by one group, up to its bracket; return them and the place.

    A word that is complete ends in a space, one whose ending is open in `*`: they stay.
    """
    whole: set[str] = set()
    branch = begun
    while position < len(pattern) and pattern[position] != ")":
        if pattern[position] == "|":
            whole, branch, position = whole | branch, begun, position + 1
        else:
            branch, position = _lengthen(pattern, position, branch)
    return whole | branch, position


def _lengthen(pattern: str, position: int, branch: set[str]) -> tuple[set[str], int]:
    """Lengthen the words begun by one element: a group, a class, an escape or some letters."""
    letters = _LETTERS.match(pattern, position)
    if letters:
        return _longer(branch, (letters[0],)), letters.end()
    if pattern.startswith("(?:", position):
        longer, position = _first_words(pattern, position + 3, branch)
        position += 1
    elif pattern.startswith("(?", position):  # the end of a clause
        return _longer(branch, (" ",)), pattern.find(")", position) + 1
    elif pattern[position] in "\\[":
        return _longer(branch, _beginnings(pattern, position)), _after_class(pattern, position)
    else:
        longer, position = _longer(branch, (pattern[position],)), position + 1
    repeat = _REPEAT.match(pattern, position)
    if not repeat:
        return longer, position
    optional = repeat[0] in ("*", "?") or repeat[1] == "0"
    return longer | branch if optional else longer, repeat.end()


def _longer(words: set[str], added: Iterable[str]) -> set[str]:
    """Add to each word that is not complete."""
    done = {word for word in words if word.endswith(_CLOSED)}
    return done | {word + more for word in words - done for more in added}


def _beginnings(pattern: str, position: int) -> Iterable[str]:
    """Return what a class adds to a word: the beginnings of an open ending."""
    digits = pattern.startswith(r"\d", position)
    return [f"{digit}*" for digit in range(10)] if digits else ("*",)


def _after_class(pattern: str, position: int) -> int:
    """Return the place behind a class, an escape and its repetition."""
    end = pattern.find("]", position) + 1 if pattern[position] == "[" else position + 2
    repeat = _REPEAT.match(pattern, end)
    return repeat.end() if repeat else end
