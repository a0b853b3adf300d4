"""Find serial numbers behind the words people write before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from parsers.fields.amounts import MONEY_BEHIND
from parsers.fields.numbers import DATE_LIKE, MORE, NUMBER_SIGN, SERIAL_SHAPE
from parsers.fields.spotting import any_folded, first_words, has_digit, matches
from parsers.folding import compose, fold
from parsers.word_lists import phrases_in, read_words

_WORDS = read_words("device")


def _any(name: str) -> str:
    return any_folded(phrases_in(_WORDS, name))


_PHONE = re.compile(r"(?:\+|00)?\d{0,4}[ .-]?\(?0?\)?\d(?:[ ./-]?\d\d){4}\b|\+\d[\d ./-]{7,}")
_POSTCODE = re.compile(r"\d{4,5} [A-Z][a-zA-ZÀ-ÿ]")
_SN = re.compile(r"(?<![\w/-])sn\d{5,20}(?![\w/-])")
_SERIAL_WORDS = first_words(phrases_in(_WORDS, "serials"))
_SERIALS = re.compile(
    rf"\b(?:{_any('serials')})(?![a-z0-9])(?: (?:{_any('of_device')}) (?:{_any('device')})\b)?"
    rf"(?: (?:{_any('leading')}))?(?: (?:{_any('leading_articles')}))?"
    rf"[ :=.#(\t]*{NUMBER_SIGN}[ :=.#\t-]*{SERIAL_SHAPE}(?!\w)"
)


@lru_cache(maxsize=4)
def serials(text: str) -> tuple[str, ...]:
    """Return the serial numbers that follow a word for them, then those that begin with it, upper case.

    A list after the word gives each; "SN123456" is one alone. Never a phone number or a postcode
    with its town.
    """
    source = compose(text)
    folded = fold(source)
    found: list[str] = []
    for match in matches(_SERIALS, _SERIAL_WORDS, folded):
        found += _listed(match, folded, source)
    found += (match.group().upper() for match in _sn(folded))
    return tuple(dict.fromkeys(found))


def serial_spans(text: str) -> tuple[tuple[tuple[int, int], str], ...]:
    """Return where a composed text names serial numbers, word and number, and each number.

    Only the first of a list after one word counts.
    """
    folded = fold(text)
    named = [
        (match.span(), match["number"].upper())
        for match in matches(_SERIALS, _SERIAL_WORDS, folded)
        if _is_serial(match["number"], text[match.start("number") :])
    ]
    return (*named, *((m.span(), m.group().upper()) for m in _sn(folded)))


def _sn(folded: str) -> Iterator[re.Match[str]]:
    """Give the numbers that begin with "SN"."""
    return _SN.finditer(folded) if "sn" in folded else iter(())


def _listed(match: re.Match[str], folded: str, source: str) -> Iterator[str]:
    """Walk a list of serial numbers: the first after the word, the others after a comma or "et"."""
    following: re.Match[str] | None = match
    while following and _is_serial(following["number"], source[following.start("number") :]):
        yield following["number"].upper()
        following = MORE.match(folded, following.end("number"))


def _is_serial(number: str, source: str) -> bool:
    """Refuse words, dates, phone numbers and postcodes. `source` is the text from there on."""
    return (
        has_digit(number)
        and not DATE_LIKE.fullmatch(number)
        and not _PHONE.match(source[:24])
        and not (number.isdigit() and _POSTCODE.match(source[:10]))
        and not MONEY_BEHIND.match(fold(source[len(number) : len(number) + 6]))
    )
