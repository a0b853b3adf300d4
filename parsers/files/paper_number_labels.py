"""Find what labels the number of a paper: "Devis n°", "Ihre Bestellnummer", "Bezug (Angebot)"."""

from __future__ import annotations

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
from parsers.files.paper_lines import Cell, Line
from parsers.word_lists import mapping_in, read_words

NOUNS = ("quote", "order", "invoice", "credit_note", "delivery_note", "return_sheet")
_MOST = 7
_SIGNED = ("nummers", "nummern", "nummer", "numbers", "number", "nrs", "nr", "no", "ref")


def number_labels(line: Line) -> tuple[Label, ...]:
    """Return the labels of a line; where all words before a number speak of one kind of paper,
    they are one label: "Bestellnummer Kunde", "Angebot vom / Nr.", "Devis accepté"."""
    labels = _outside_links(line, labels_in(line, number_phrases()))
    for cell in line.cells:
        found = _composed(line, cell)
        if found:
            apart = (one for one in labels if not found.start <= one.start < found.end)
            labels = (*apart, found)
    return tuple(sorted(labels, key=lambda one: one.start))


def _outside_links(line: Line, labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """Leave out what stands in the address of a page: "https://portal.example/po/print?id=7"."""
    link = line.folded.find("://")
    return tuple(one for one in labels if one.start < link) if link >= 0 else labels


def _composed(line: Line, cell: Cell) -> Label | None:
    """Return the label a cell begins with, None when its words are not all of one."""
    start, end, nouns, signed, dated = cell.start, cell.start, set[str](), False, False
    said = line.folded[cell.start : cell.end].partition(":")[0]
    for count, token in enumerate(tokens_of(said)):
        at = cell.start + token.start
        if token.text.isdigit() and not nouns and count == 0 and len(token.text) < 3:
            start = cell.start + token.end
            continue
        if _begins_code(line.folded, at, cell.end):
            break
        noun, joins = _noun(token.text), token.text in words_named("joiners")
        if count > _MOST or not (noun or joins or token.text in words_named("signs")):
            return None
        nouns |= {noun} if noun else set()
        signed = signed or token.text in words_named("signs") or token.text.endswith(_SIGNED)
        day = token.text in words_named("of_day")
        dated = dated or day
        end = end if day else cell.start + token.end
    words = len(tokens_of(line.folded[start:end]))
    if len(nouns) != 1 or (words < 2 and not signed) or (dated and not signed):
        return None
    while start < end and not line.folded[start].isalpha():
        start += 1
    return Label(meaning=f"{nouns.pop()}+", start=start, end=end)


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
    for sign in _SIGNED:
        stem = word.removesuffix(sign)
        if stem != word:
            ends = (
                noun for noun in nouns if stem == noun or (len(noun) > 4 and stem.endswith(noun))
            )
            return next((nouns[noun] for noun in ends), "")
    return ""


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
_nouns()  # a process that may load nothing any more finds them made
