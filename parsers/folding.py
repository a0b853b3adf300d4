"""Compare words as people mean them: without case, accents, or odd spaces and apostrophes."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# The degree and ordinal signs of "N°" and "Nº" are punctuation, whatever Unicode decomposes them to.
_SPECIAL = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "°": "°", "º": "°", "ª": "°"}
_NOT_WORD = re.compile(r"[\W_]+")
_WORD_CHARACTERS = b"abcdefghijklmnopqrstuvwxyz0123456789"
_SPACES = bytes(code if code in _WORD_CHARACTERS else 32 for code in range(256))


def _fold_character(character: str) -> str:
    """Give the one lower-case character without accent that stands for this one."""
    if character in _SPECIAL:
        return _SPECIAL[character]
    if character != "\n" and character.isspace():
        return " " if character not in "\t\r\v\f" else character
    first = unicodedata.normalize("NFKD", character)[:1].casefold()[:1]
    return first or character


class _Table(dict[int, str]):
    """A translation table that learns each character when it first meets it."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


_TABLE = _Table()


def _latin() -> bytes:
    """Return what each character of Latin-1 folds to; "µ" folds to none of them and is not asked."""
    folded = "".join(_fold_character(chr(code)) for code in range(256))
    return folded.encode("latin-1", "replace")


_LATIN = _latin()
_LONG = 500


def compose(text: str) -> str:
    """Return the text in Unicode form NFC, the form whose characters `fold` keeps in place."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Lower the case and drop the accents, character for character.

    The result has the length of `compose(text)`, so a position found in one holds in the other.
    A letter that stands for two gives the first of them (ß is s, œ is o): fold both sides.
    """
    if text.isascii():
        return text.lower()
    return _fold_long(text) if len(text) > _LONG else _fold(text)


def _fold(text: str) -> str:
    composed = compose(text)
    plain = composed.replace("’", "'").replace("\u202f", " ")
    if "µ" in plain:
        return composed.translate(_TABLE)
    try:  # ten times faster than a translation of Unicode
        return plain.encode("latin-1").translate(_LATIN).decode("latin-1")
    except UnicodeEncodeError:
        return composed.translate(_TABLE)


_fold_long = lru_cache(maxsize=4)(_fold)
"""Several readers fold the same text."""


def key_of(text: str) -> str:
    """Return the words of a label, folded and joined by single spaces: "N° de série" is "n de serie"."""
    folded = fold(text)
    if folded.isascii():  # three times faster than a pattern
        return b" ".join(folded.encode().translate(_SPACES).split()).decode()
    return _NOT_WORD.sub(" ", folded).strip()


def plain(text: str) -> str:
    """Make two spellings of a phrase equal: lower case, one space between words, straight
    apostrophes. Accents stay: what mail programs write is compared so."""
    # "İ" in lower case is "i" and a dot of its own.
    return " ".join(text.split()).replace("’", "'").lower().replace("i\u0307", "i")


def says(text: str, words: tuple[str, ...]) -> bool:
    """Tell whether one of these phrases stands in a text made `plain`."""
    return any(map(text.__contains__, words))
