"""Read how many devices a mail announces (F-4, F-4a)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.fields.spotting import any_folded, first_words, words_of
from parsers.folding import fold
from parsers.word_lists import mapping_in, phrases_in, read_words

# More than this is no count of devices in one mail, but a year or a part number.
MOST = 500
MOST_WORDS = 6

_WORDS = read_words("device")
COUNTS = {
    word: number
    for words in mapping_in(_WORDS, "counts").values()
    for number, word in enumerate(words, 1)
}
"""Folded word -> the number it stands for, in all our languages."""

_COUNT = re.compile(
    rf"\b(?P<count>\d{{1,3}}|{'|'.join(COUNTS)}) (?:\w+ )?(?:{any_folded(phrases_in(_WORDS, 'devices'))})\b"
    r"|\b(?P<times>\d{1,3}) ?x (?=[a-z]+[ -]?\d)"
)
_OUT_OF = re.compile(
    rf"\b(?:{any_folded(phrases_in(_WORDS, 'out_of'))})(?: (?:{any_folded(phrases_in(_WORDS, 'whose'))}))? ?$"
)


_ONE_OF_THEM = re.compile(rf"\b(?:{any_folded(phrases_in(_WORDS, 'one_of_them'))})\b")


_DEVICE_WORDS = first_words(phrases_in(_WORDS, "devices"))
_TIMES = re.compile(r"\d ?x ")


def count_of(value: str) -> int:
    """Read the count at the start of a value, 0 when there is none that can be true."""
    digits = re.match(r"\d{1,4}(?!\d)", value)
    count = int(digits.group()) if digits else COUNTS.get(fold(value), 0)
    return count if count <= MOST else 0


def pieces_in(value: str) -> str:
    """Return the whole number of pieces a value says, "" for none or several: "2 cartons", "deux"."""
    words = fold(value).split()
    if len(words) > MOST_WORDS or any(c.isdigit() for word in words[1:] for c in word):
        return ""
    first = words[0].strip(".") if words else ""
    digits = re.fullmatch(r"(\d{1,9})(?:[.,]0{1,3})?x?", first)
    return str(int(digits[1])) if digits else str(COUNTS.get(first, ""))


def announced(text: str) -> int:
    """Return how many devices a sentence counts, 0 when none does: "10 lecteurs", "3 x LECT-400"."""
    folded = fold(text)
    if _DEVICE_WORDS.isdisjoint(words_of(folded)) and not _TIMES.search(folded):
        return 0
    counts: Iterator[int] = (
        count_of(match["count"] or match["times"])
        for match in _COUNT.finditer(folded)
        if not _OUT_OF.search(folded[max(0, match.start() - 40) : match.start()])
        and not _ONE_OF_THEM.search(folded[match.end() : match.end() + 60].replace("'", " "))
    )
    return max(counts, default=0)
