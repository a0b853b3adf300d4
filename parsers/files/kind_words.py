"""Look words of business papers up in cells: phrases by the word they begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from parsers.folding import key_of
from parsers.word_lists import mapping_in, phrases_in, read_words

WORDS = read_words("paper_kind")


def folded_words(name: str) -> frozenset[str]:
    """Return a list of the words of papers, each phrase folded as `key_of` does."""
    return frozenset(map(key_of, phrases_in(WORDS, name)))


class Phrases:
    """Phrases with the name of the list they stand in, found among the words of a cell."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        """Index the phrases of named lists by their first word."""
        self._by_first: dict[str, dict[tuple[str, ...], list[str]]] = {}
        for name, phrases in lists.items():
            for phrase in phrases:
                words = tuple(key_of(phrase).split())
                names = self._by_first.setdefault(words[0], {}).setdefault(words, [])
                names.append(name)

    def at(self, tokens: Sequence[str], start: int = 0) -> tuple[tuple[str, ...], int]:
        """Return the names of the longest phrase at that word, and where the phrase ends.

        () and `start` when no phrase begins there.
        """
        best: tuple[tuple[str, ...], int] = ((), start)
        for words, names in self._by_first.get(tokens[start], {}).items() if tokens else ():
            end = start + len(words)
            if end > best[1] and tuple(tokens[start:end]) == words:
                best = (tuple(names), end)
        return best

    def among(self, tokens: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """Give the name, start and end of each phrase wherever it begins."""
        for start in range(len(tokens)):
            names, end = self.at(tokens, start)
            for name in names:
                yield name, start, end


def phrases_of(name: str) -> Phrases:
    """Return one list of phrases to look up."""
    return Phrases({name: phrases_in(WORDS, name)})


def weighed_phrases(name: str) -> Phrases:
    """Return a mapping of kind to weight to phrases; the names are "kind weight"."""
    kinds = WORDS.get(name)
    lists = {
        f"{kind} {weight}": phrases
        for kind in (kinds if isinstance(kinds, dict) else {})
        for weight, phrases in mapping_in(kinds, kind).items()  # type: ignore[arg-type]
    }
    return Phrases(lists)
