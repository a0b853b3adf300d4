"""Find the product a sentence names by its part number: "notre lecteur LECT-400 ne lit plus"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.fields.counts import COUNTS
from parsers.fields.serials import serials
from parsers.fields.spotting import any_folded
from parsers.folding import compose, fold, key_of
from parsers.word_lists import mapping_in, phrases_in, read_words

_WORDS = read_words("device")
_PAPERS = read_words("document")
_NOT_PARTS = frozenset(key_of(word) for word in phrases_in(_WORDS, "not_parts"))
_PART = re.compile(
    r"(?<![\w/.@-])(?P<stem>[A-Z]{2,8})(?P<joint>-?)\d{1,5}[A-Z]{0,3}(?:[-/][A-Z0-9]{1,6}){0,3}(?![\w@-])(?! \d{4} | \d[A-Z]{2}\b)"
)
_DIGIT = re.compile(r"\d")
_BEFORE = 90
_DEVICE = re.compile(
    rf"\b(?:{any_folded((*phrases_in(_WORDS, 'device'), *phrases_in(_WORDS, 'devices')))})\b"
)
_NUMBERED_THINGS = (
    *(word for words in mapping_in(_PAPERS, "numbers").values() for word in words),
    *phrases_in(_WORDS, "numbered"),
)
# "unser Leser LECT-400", "zwei Tastaturen TAST-20"
_NOUN = re.compile(
    rf"\b(?:{any_folded((*phrases_in(_WORDS, 'determiners'), *COUNTS))}|\d{{1,3}})(?: |')[a-z]{{3,20}} $"
)
_INTRODUCED = re.compile(
    rf"(?:\b(?:{any_folded(phrases_in(_WORDS, 'introducing'))})|\b\d{{1,3}} ?(?:x|st|stk|stuck|stuks?|pcs?|pieces?)\.?|^) ?(?:\(|« ?|\")?$"
)
_NUMBERED = re.compile(
    rf"(?:{any_folded(phrases_in(_WORDS, 'serials'))}|#|\b(?:{any_folded(_NUMBERED_THINGS)})\b ?[°o.]?s?)"
    r" ?(?:n[°o]|nr|no)?[ .:=]{0,3}$"
)
_SENTENCE = re.compile(r"[.!?] |\n\n")


def parts_of(text: str) -> tuple[str, ...]:
    """Return the part numbers a text surely names, each once, as written.

    One is sure beside a word for a device in its sentence, behind an article, "modèle" or "3 x", or
    at the start of a line. It has capitals and digits, and is no norm, paper or serial number.
    """
    text = compose(text)
    named, numbered = (text[start:end] for start, end in part_spans(text)), serials(text)
    return tuple(dict.fromkeys(one for one in named if one not in numbered))


def part_spans(text: str) -> Iterator[tuple[int, int]]:
    """Give where the part numbers of a text stand; `text` is composed (NFC)."""
    text = compose(text)
    if not _DIGIT.search(text):
        return
    for match in _PART.finditer(text):
        if fold(match["stem"]) in _NOT_PARTS:
            continue
        before = fold(text[max(0, match.start() - _BEFORE) : match.start()])
        if not _NUMBERED.search(before[-30:]) and _is_named(before):
            yield match.span()


def _is_named(before: str) -> bool:
    """Say whether the words before a part number say that it is one."""
    line = before.rpartition("\n")[2]
    if (
        _INTRODUCED.search(line[-40:])
        or _NOUN.search(line[-40:])
        or not line.strip(" -–*•·>(.)0123456789")
    ):
        return True
    sentence = _SENTENCE.split(before)[-1]
    return bool(_DEVICE.search(sentence))
