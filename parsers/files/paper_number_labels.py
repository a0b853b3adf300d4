"""Find what labels the number of a paper: "Devis n°", "Ihre Bestellnummer", "Bezug (Angebot)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product

from parsers.files.paper_labels import (
    Label,
    Phrases,
    labels_in,
    phrases_of,
    tokens_of,
    words_named,
    words_of_phrase,
)
from parsers.files.paper_lines import Line
from parsers.word_lists import mapping_in, read_words

NOUNS = ("quote", "order", "invoice", "credit_note", "delivery_note", "return_sheet")
_MOST, _LONGEST, _LEAST, _LEAST_WORDS = 8, 80, 3, 2
_BARS = re.compile(r" ?[|·•;] ?| [-–—] ")
_LEAST_STEM, _LEAST_NOUN = 5, 6
"""Letters of a noun that ends a compound: Kundenbestellnummer, Ursprungsrechnung."""
_SIGNED = ("nummers", "nummern", "nummer", "numbers", "number", "nrs", "nr", "no", "ref")


def number_labels(line: Line) -> tuple[Label, ...]:
    """Return the labels of a line; where all words before a number speak of one kind of paper,
    they are one label: "Bestellnummer Kunde", "Angebot vom / Nr.", "Devis accepté"."""
    labels = _outside_links(line, labels_in(line, number_phrases()))
    for found in _all_composed(line.folded, tuple(_parts(line))):
        apart = (one for one in labels if not found.start <= one.start < found.end)
        labels = (*apart, found)
    return tuple(sorted(labels, key=lambda one: one.start))


def _parts(line: Line) -> Iterator[tuple[int, int]]:
    """Give from where to where the parts of a line stand: cells, cut at bars and the like."""
    for cell in line.cells:
        begin = cell.start
        for sign in _BARS.finditer(line.folded, cell.start, cell.end):
            yield begin, sign.start()
            begin = sign.end()
        yield begin, cell.end


@lru_cache(maxsize=2_048)
def _all_composed(folded: str, cells: tuple[tuple[int, int], ...]) -> tuple[Label, ...]:
    """Return the labels that cells begin with. Several readers look at the same line."""
    found = (_composed(folded, begin, stop) for begin, stop in cells)
    return tuple(label for label in found if label)


def _outside_links(line: Line, labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """Leave out what stands in the address of a page: "https://portal.example/po/print?id=7"."""
    link = line.folded.find("://")
    return tuple(one for one in labels if one.start < link) if link >= 0 else labels


def _composed(folded: str, begin: int, stop: int) -> Label | None:
    """Return the label a cell begins with, None when its words are not all of one."""
    said = tokens_of(folded[begin:stop].partition(":")[0][:_LONGEST])
    first = 1 if said and said[0].text.isdigit() and len(said[0].text) < _LEAST else 0
    codes = (n for n, word in enumerate(said) if _begins_code(folded, begin + word.start, stop))
    last = next((n for n in codes if n >= first), len(said))
    words = said[first:last]
    told = [(_noun(word.text), word.text) for word in words]
    nouns = {noun for noun, _ in told if noun}
    others = any(not noun and text not in _joiners() for noun, text in told)
    if len(nouns) != 1 or others or len(words) > _MOST:
        return None
    signed = any(text in _signs() or text.endswith(_SIGNED) for _, text in told)
    days = words_named("of_day")
    if not signed and (len(words) < _LEAST_WORDS or any(text in days for _, text in told)):
        return None
    end = max(word.end for word in words if word.text not in days)
    return Label(meaning=f"{nouns.pop()}+", start=begin + words[0].start, end=begin + end)


@lru_cache(maxsize=1)
def _signs() -> frozenset[str]:
    """Return the words that say number."""
    return frozenset(words_named("signs"))


@lru_cache(maxsize=1)
def _joiners() -> frozenset[str]:
    """Return what may stand beside the noun in a label."""
    return frozenset((*words_named("joiners"), *words_named("signs")))


def _begins_code(folded: str, at: int, end: int) -> bool:
    """Tell whether a word with a digit begins at a place."""
    word = folded[at:end].split(maxsplit=1)
    return bool(word) and any(map(str.isdigit, word[0]))


@lru_cache(maxsize=1_024)
def _noun(word: str) -> str:
    """Return the kind of paper a word names, alone or with a sign stuck to it: offertenummer."""
    nouns = _nouns()
    if word in nouns:
        return nouns[word]
    sign = next((sign for sign in _SIGNED if word.endswith(sign)), "")
    stem, least = (word.removesuffix(sign), _LEAST_STEM) if sign else (word, _LEAST_NOUN)
    ends = (noun for noun in nouns if stem == noun or (len(noun) >= least and stem.endswith(noun)))
    return next((nouns[noun] for noun in ends), "")


@lru_cache(maxsize=1)
def _nouns() -> dict[str, str]:
    """Return the kind of paper of every noun of one word."""
    told = mapping_in(read_words("paper"), "nouns")
    return {word: noun for noun, words in told.items() for word in words if " " not in word}


@lru_cache(maxsize=1)
def number_phrases() -> Phrases:
    """Return every way to name the number of a paper. "order" is the noun alone, "order+" the noun with a sign."""
    nouns = {
        noun: [words_of_phrase(word) for word in words]
        for noun, words in mapping_in(read_words("paper"), "nouns").items()
    }
    signs = [words_of_phrase(sign) for sign in words_named("signs")]
    joints = [words_of_phrase(joint) for joint in words_named("joints")]
    meanings: dict[str, Iterable[str | tuple[str, ...]]] = {
        name: words_named(name) for name in ("others", "own", "yours")
    }
    for noun, words in nouns.items():
        meanings[f"{noun}+"] = list(_with_signs(words, signs, joints))
    meanings |= {noun: _with_compounds(words) for noun, words in nouns.items()}
    meanings["sign"] = words_named("signs")
    return phrases_of(meanings)


_Words = tuple[str, ...]


def _with_signs(
    words: Sequence[_Words], signs: Sequence[_Words], joints: Sequence[_Words]
) -> Iterator[_Words]:
    """Give "order no.", "orderno", "no. order" and "no. of order" for each noun and sign."""
    for word, sign in product(words, signs):
        yield from (word + sign, ("".join(word + sign),), sign + word, ("".join(sign + word),))
        yield from (sign + joint + word for joint in joints)
        yield (*word, "de", *sign)


def _with_compounds(words: Sequence[_Words]) -> list[_Words]:
    """Return nouns, those of several words also as one."""
    return [*words, *(("".join(word),) for word in words if len(word) > 1)]


number_phrases()
_signs()
_joiners()
_nouns()  # a process that may load nothing any more finds them made
