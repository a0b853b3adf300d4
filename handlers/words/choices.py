"""Which of the answers that were offered a customer means: "2", "choix 2 svp", "2. Destruction"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.word_lists import read_words
from handlers.words.closed_answers import CLOSINGS, GREETINGS
from parsers.folding import key_of
from parsers.mail import IntentKind

_DATA: dict[str, Any] = read_words("choices")


def _keys(section: str) -> frozenset[str]:
    return frozenset(key_of(one) for words in _DATA[section].values() for one in words)


_AROUND, _CLOSING = _keys("around"), _keys("closing")
_ORDINALS = {key_of(one): int(n) for n, words in _DATA["ordinals"].items() for one in words}
_LONGEST = 200
_DIGITS = 2
_MARKS = ",;:(–—"
_MOST = 3  # more numbers than these are a telephone number


@dataclass(frozen=True, kw_only=True, slots=True)
class Picked:
    """The numbers that a customer wrote, and the words behind them; `inline` when these go on in the same
    line: "1, mais seulement si …" is a condition, "2, rue de la Paix" is no choice."""

    numbers: tuple[int, ...]
    rest: str = ""
    inline: bool = False


def spoken(kind: IntentKind, language: str) -> str:
    """Return what a choice that means an intent says in words; "" for one that needs none."""
    said: dict[str, str] = _DATA["spoken"].get(kind.value, {})
    return said.get(language) or next(iter(said.values()), "")


def pick(text: str, labels: Sequence[frozenset[str]], *, numbered: bool) -> Picked | None:
    """Return what the first line of an answer picks of choices by their folded labels, None when it
    is anything but a pick. Several numbers are a pick that nobody can follow."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    while lines and key_of(lines[0]) in GREETINGS:
        lines = lines[1:]
    if not lines or len(lines[0]) > _LONGEST or "?" in lines[0]:
        return None
    end = next((n for n, line in enumerate(lines) if n and key_of(line) in CLOSINGS), len(lines))
    numbers = _numbers(key_of(lines[0]), labels, numbered=numbered)
    if numbers:
        return Picked(numbers=numbers, rest="\n".join(lines[1:end]))
    first, mark, behind = _parted(lines[0])
    numbers = _numbers(key_of(first), labels, numbered=numbered) if mark else ()
    rest = "\n".join([behind, *lines[1:end]])
    return Picked(numbers=numbers, rest=rest, inline=True) if numbers else None


def _parted(line: str) -> tuple[str, str, str]:
    """Return what stands before the first mark that ends a clause, the mark, and what follows."""
    end = next((n for n, one in enumerate(line) if one in _MARKS), len(line))
    return line[:end], line[end : end + 1], line[end + 1 :].strip()


def _numbers(said: str, labels: Sequence[frozenset[str]], *, numbered: bool) -> tuple[int, ...]:
    """Return the numbers that a folded line is, alone, with its label, or among polite words."""
    first, _, behind = said.partition(" ")
    named = [n for n, names in enumerate(labels, 1) if said in names]
    labelled = [n for n, names in enumerate(labels, 1) if behind in names]
    if named or (labelled and first.isdecimal()):
        own = [] if named else [int(first[:_DIGITS])]
        return tuple(dict.fromkeys([*own, *(named or labelled)]))
    words = said.split()
    words = words[: next((n for n, word in enumerate(words) if word in _CLOSING), len(words))]
    found = [_number(word) for word in words]
    alone = all(number or word in _AROUND for word, number in zip(words, found, strict=True))
    numbers = tuple(dict.fromkeys(filter(None, found)))
    return numbers if numbered and alone and len(numbers) <= _MOST else ()


def _number(word: str) -> int:
    if word.isascii() and word.isdecimal() and len(word) <= _DIGITS:
        return int(word)
    return _ORDINALS.get(word, 0)
