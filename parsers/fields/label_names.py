"""Know the labels people write, however they name them: "Nr. de série" is "n de serie"."""

from __future__ import annotations

import re
from functools import lru_cache

from parsers.fields.spotting import has_digit
from parsers.folding import key_of
from parsers.word_lists import phrases_in, read_words

_WORDS = read_words("device")
_ASIDE = re.compile(r"\([^()]*\)?")


def _keys(name: str) -> frozenset[str]:
    return frozenset(key_of(word) for word in phrases_in(_WORDS, name))


SERIALS = _keys("serials")
REFERENCES = _keys("references")
QUANTITIES = _keys("quantities")
SAME = _keys("same")
TOTALS = tuple(sorted(_keys("totals")))
PROSE = _keys("prose")
_NUMBER_WORDS = _keys("number_words")
_DEVICES = "|".join(key_of(word) for word in phrases_in(_WORDS, "device"))
_OF_DEVICE = re.compile(rf" (?:{'|'.join(_keys('of_device'))}) (?:{_DEVICES})$")
_DEVICE = re.compile(rf"^(?:{_DEVICES}) | (?:{_DEVICES})$")
_DETERMINER = re.compile(rf"(?:{'|'.join(sorted(_keys('determiners'), key=len, reverse=True))}) ")
_COPULA = re.compile(rf" (?:{'|'.join(sorted(_keys('copulas'), key=len, reverse=True))})$")


@lru_cache(maxsize=4096)
def known_key(name: str, known: frozenset[str]) -> str:
    """Return the known key a written label stands for, "" when it is none of them.

    What stands in brackets may be left out, one side of a slash is enough, "N° de série du
    lecteur" is "n de serie", "Notre adresse est" is "adresse", "Nr. de série" is "n de serie".
    """
    whole = key_of(name)
    if whole in known or not whole:
        return whole
    bare = key_of(_ASIDE.sub(" ", name)) if "(" in name else whole
    own = _COPULA.sub("", _DETERMINER.sub("", bare) if _DETERMINER.match(bare) else bare)
    forms = [bare, _OF_DEVICE.sub("", bare), own, _OF_DEVICE.sub("", own), _DEVICE.sub("", own)]
    first, _, rest = own.partition(" ")
    if rest and first in _NUMBER_WORDS:
        forms += [f"n {rest}", f"numero {rest}"]
    forms += (
        [key_of(part) for part in name.split("/", 3)] if "/" in name and not has_digit(name) else []
    )
    return next((form for form in forms if form in known), "")


def key_as_written(name: str, known: frozenset[str]) -> str:
    """Return the known key of a label that has no colon: "n de serie" and its kin only."""
    key = key_of(name)
    if key in known:
        return key
    first, _, rest = key.partition(" ")
    forms = (f"n {rest}", f"numero {rest}") if rest and first in _NUMBER_WORDS else ()
    return next((form for form in forms if form in known), "")


@lru_cache(maxsize=64)
def first_words_of(known: frozenset[str]) -> frozenset[str]:
    """Return the words with which known labels begin."""
    return frozenset(key.partition(" ")[0] for key in known) | _NUMBER_WORDS
