"""Find the numbers that papers and tickets bear: "devis n° D-2026-118", "RMA-2026-000412"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from parsers.fields.amounts import MONEY_BEHIND
from parsers.fields.spotting import any_folded, first_words, has_digit, matches
from parsers.folding import fold
from parsers.word_lists import mapping_in, read_words

_WORDS = read_words("document")
_KEY = re.compile(r"\b(rma|dem)[ _-]?(\d{4})[ _-](\d{1,6})\b")
DATE_LIKE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{1,2}-\d{1,2}")
NUMBER_SIGN = r"(?:(?:\bn ?[°o]s?|\bno\b|\bnr\b|\bnum(?:ero)?s?\b|\bnumber\b|\bnummer\b|\bref(?:erence)?\b|#)[ .:]*)?"
_NUMBER = r"(?P<number>[a-z0-9](?:[a-z0-9]|[-_/.](?=[a-z0-9])){2,29})"
SERIAL_SHAPE = r"(?P<number>[a-z0-9](?:[a-z0-9]|[-_/.](?=[a-z0-9])){3,29})"
MORE = re.compile(rf"(?: ?[,;/+&] ?| et | and | en | und )(?:les? |the )?{SERIAL_SHAPE}(?![\w])")


def ticket_keys(text: str) -> tuple[str, ...]:
    """Return the keys of ours that a text names, as we write them: RMA-2026-000412."""
    found = (f"{m[1].upper()}-{m[2]}-{m[3].zfill(6)}" for m in _KEY.finditer(fold(text)))
    return tuple(dict.fromkeys(found))


def numbers(text: str, kind: str) -> tuple[str, ...]:
    """Return the numbers named after a word for `kind`, upper case.

    `kind` is one of the keys of `numbers` in words/document.yaml: quote, order, invoice, …

    "devis n° D-2026-118" and "Angebot Nr. 4711" give one, "devis du 12/11/2026" and
    "devis de 412 €" none.
    """
    folded = fold(text)
    said: list[str] = []
    pattern, firsts = _after(kind)
    for match in matches(pattern, firsts, folded):
        said += _counted(match, folded)
    return tuple(dict.fromkeys(said))


def _counted(match: re.Match[str], folded: str) -> Iterator[str]:
    """Walk a list of numbers of one shape: "devis D-2026-118, D-2026-119 et D-2026-120"."""
    following: re.Match[str] | None = match
    while following and _is_number(following, folded) and _is_like(following, match):
        yield following["number"].upper()
        following = MORE.match(folded, following.end("number"))


def _is_like(other: re.Match[str], first: re.Match[str]) -> bool:
    """Say whether two numbers are of one series: as long, and beginning alike."""
    one, two = first["number"], other["number"]
    return abs(len(one) - len(two)) <= 1 and one[0].isdigit() == two[0].isdigit()


def quote_numbers(text: str) -> tuple[str, ...]:
    """Return every quote number a text cites, upper case, in order."""
    return numbers(text, "quote")


@lru_cache(maxsize=16)
def _after(kind: str) -> tuple[re.Pattern[str], frozenset[bytes]]:
    """Compile: a word for this kind of paper, perhaps "n°", then its number; and the first words."""
    words = mapping_in(_WORDS, "numbers")[kind]
    pattern = rf"\b(?:{any_folded(words)})s?[ _:.#(\t]*{NUMBER_SIGN}[:.#\t ]*{_NUMBER}(?!\w)"
    firsts = first_words(words)
    return re.compile(pattern), firsts | {word + b"s" for word in firsts}


def _is_number(match: re.Match[str], folded: str) -> bool:
    """Refuse what stands where a number could: a word, a date, a price, one of our keys."""
    number = match["number"]
    return (
        has_digit(number)
        and not DATE_LIKE.fullmatch(number)
        and not MONEY_BEHIND.match(folded, match.end("number"))
        and not re.match(r"[.,]\d\d\b", folded[match.end("number") : match.end("number") + 4])
        and not number.startswith(("rma", "dem-"))
    )
