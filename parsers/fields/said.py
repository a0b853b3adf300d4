"""Tell which of some phrases a text says, and does not deny."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from parsers.fields.spotting import any_folded, first_words, matches
from parsers.folding import fold, key_of
from parsers.word_lists import phrases_in, read_words

_CLAUSE_END = re.compile(r"[.,;:!?\n()]")
_CLAUSES = bytes(
    ord("|") if chr(code) in ".,;:!?\n()" else code if chr(code).isalnum() else ord(" ")
    for code in range(256)
)
_WORDS = read_words("device")
_NEGATION = re.compile(
    rf"(?:\b(?:{any_folded(phrases_in(_WORDS, 'negations'))})|n t)\b"
    rf"(?: (?:{any_folded(phrases_in(_WORDS, 'negation_asides'))})){{0,2}} ?$"
)


def phrases_said(text: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """Return which of these phrases a text says, as given, in order of appearance.

    Whole words, without case, accents and punctuation; the longest phrase wins, so that "hors
    garantie" hides "garantie". A phrase that is negated ("pas sous garantie") is not said.
    """
    by_key = _by_key(tuple(phrases))
    if not by_key:
        return ()
    clauses = _clauses(text)
    pattern, firsts = _phrases(tuple(by_key))
    said = (
        by_key[match.group()]
        for match in matches(pattern, firsts, clauses)
        if not _is_negated(clauses, match.start())
    )
    return tuple(dict.fromkeys(said))


@lru_cache(maxsize=256)
def _by_key(phrases: tuple[str, ...]) -> dict[str, str]:
    """Return phrases by their folded form."""
    by_key = {key_of(phrase): phrase for phrase in phrases}
    by_key.pop("", None)
    return by_key


@lru_cache(maxsize=4)
def _clauses(text: str) -> str:
    """Fold a text, a bar between its clauses. Several lists of phrases are looked for in the same."""
    folded = fold(text)
    try:
        plain = folded.encode("latin-1").translate(_CLAUSES)
    except UnicodeEncodeError:
        return f" {' | '.join(key_of(clause) for clause in _CLAUSE_END.split(folded))} "
    return f" {b' '.join(plain.replace(b'|', b' | ').split()).decode('latin-1')} "


def _is_negated(clauses: str, position: int) -> bool:
    """Say whether a negation stands right before a phrase, in the same clause."""
    before = clauses[max(0, position - 30) : position].rpartition("|")[2]
    return bool(_NEGATION.search(before))


@lru_cache(maxsize=256)
def _phrases(keys: tuple[str, ...]) -> tuple[re.Pattern[str], frozenset[bytes]]:
    """Compile folded phrases, longest first; and the words they begin with."""
    ordered = sorted(keys, key=lambda key: (-len(key), key))
    every = "|".join(map(re.escape, ordered))
    return re.compile(rf"(?<= )(?:{every})(?= )"), first_words(keys)
